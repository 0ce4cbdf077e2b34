"""HTTP mode: signed requests, as an unchanged Bolt app and any other server hear them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from json import loads as json_of
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.workspace import CannotDo, Workspace
from tests.bot.workspace.app import MANIFEST, actions, button
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Bolt judges signatures by the machine's own clock."""
    return FakeClock(SystemClock().now())


@asynccontextmanager
async def listening(server: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def over_http(url: str, *paths: str) -> dict[str, Any]:
    """The manifest with addresses: of commands, clicks, events; or one for all."""
    settings = MANIFEST["settings"]
    for_commands, for_clicks, for_events = (f"{url}{path}" for path in paths * (3 // len(paths)))
    commands = [{**each, "url": for_commands} for each in MANIFEST["features"]["slash_commands"]]
    return {
        **MANIFEST,
        "features": {**MANIFEST["features"], "slash_commands": commands},
        "settings": {
            "socket_mode_enabled": False,
            "interactivity": {"is_enabled": True, "request_url": for_clicks},
            "event_subscriptions": {**settings["event_subscriptions"], "request_url": for_events},
        },
    }


@dataclass
class App:
    """A server that answers as it is told, and keeps what it hears. answers: status of the next answers; hang: as many."""

    heard: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    hang: int = 0

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((request.path, dict(request.headers), await request.text()))
        if self.hang:
            self.hang -= 1
            return web.Response(status=await self._never())
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, text=self.body, headers=self.headers)

    async def _never(self) -> int:
        await asyncio.get_running_loop().create_future()
        return 500

    def retries(self) -> list[tuple[str, str]]:
        names = "X-Slack-Retry-Num", "X-Slack-Retry-Reason"
        return [(headers.get(names[0], ""), headers.get(names[1], "")) for _, headers, _ in self.heard]


@pytest.fixture
async def app(ws: Workspace, clock: FakeClock) -> AsyncIterator[App]:
    """Listens, and has heard what happened before it did."""
    made, server = App(), web.Application()
    server.router.add_post("/{path:.*}", made.take)
    async with listening(server) as url:
        ws.install(over_http(url, "/commands", "/clicks", "/events"))
        await clock.forward("1m")
        await ws.until(lambda: made.heard)
        await ws.quiet()
        made.heard.clear()
        yield made


async def test_bolt_takes_all_that_is_signed(ws: Workspace, client: AsyncWebClient) -> None:
    """Command, click and event; the answers to a command and by response_url."""
    bolt = AsyncApp(client=client, signing_secret=ws.signing_secret)
    heard: list[str] = []

    @bolt.command("/parrot")
    async def parrot(ack: Any, command: dict[str, Any]) -> None:
        await ack(text=f"{command['user_name']} says {command['text']}")

    @bolt.action("press")
    async def pressed(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Pressed.")

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    async with listening(bolt.web_app(path="/slack")) as url:
        ws.install(over_http(url, "/slack"))
        ana = ws.person("ana")
        await ana.command("/parrot é & <all>", "general")
        await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Go"))])
        await ana.click("Go", "general")
        await ana.say("general", "grüße")
        await ws.until(lambda: heard and "👁 Pressed." in ana.sees("general"))
        await ws.quiet()
    assert "👁 ana says é & <all>" in ana.sees("general")
    assert heard == ["grüße"]


async def test_each_kind_goes_to_its_address(ws: Workspace, app: App, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Go"))])
    await ws.person("ana").command("/parrot hello", "general")
    await ws.person("ana").click("Go", "general")
    await ws.person("ana").say("general", "hello")
    await ws.person("ana").shortcut("Sing")
    await ws.quiet()
    form, whole = "application/x-www-form-urlencoded", "application/json"
    heard = {(path, headers["Content-Type"]) for path, headers, _ in app.heard}
    assert heard == {("/commands", form), ("/clicks", form), ("/events", whole)}
    clicked = [parse_qs(body) for path, _, body in app.heard if path == "/clicks"]
    assert [list(each) for each in clicked] == [["payload"], ["payload"]]
    assert [json_of(each["payload"][0])["type"] for each in clicked] == ["block_actions", "shortcut"]


@pytest.mark.parametrize(("trouble", "reason"), [("refused", "http_error"), ("hang", "http_timeout")])
async def test_an_event_comes_again_and_says_why(
    ws: Workspace, app: App, clock: FakeClock, trouble: str, reason: str
) -> None:
    """At once, after a minute, after five; always with the same id, and signed anew."""
    app.answers, app.hang = ([500, 301, 503], 0) if trouble == "refused" else ([], 3)
    await ws.person("ana").say("general", "hello")
    for n, wait in ((1, 3), (2, 63), (3, 303), (4, 3600)):
        await ws.until(lambda: len(app.heard) == n)  # noqa: B023
        await clock.forward(wait)
    assert app.retries() == [("", ""), ("1", reason), ("2", reason), ("3", reason)]
    assert len({body for _, _, body in app.heard}) == 1
    assert len({headers["X-Slack-Signature"] for _, headers, _ in app.heard[1:]}) == 3


async def test_who_wants_no_more_gets_no_more(ws: Workspace, app: App, clock: FakeClock) -> None:
    app.answers, app.headers = [500], {"X-Slack-No-Retry": "1"}
    await ws.person("ana").say("general", "hello")
    await ws.until(lambda: app.heard)
    await ws.quiet()
    await clock.forward("1h")
    assert len(app.heard) == 1


def deliveries(ws: Workspace) -> int:
    return [entry.kind for entry in ws.state.journal].count("delivery")


async def test_nobody_there_is_a_reason_too(ws: Workspace, app: App, clock: FakeClock) -> None:
    manifest, before = ws.state.manifest, deliveries(ws)
    ws.install(over_http("http://127.0.0.1:9", "/slack"))
    await ws.person("ana").say("general", "hello")
    await ws.until(lambda: deliveries(ws) == before + 2)
    ws.state.manifest = manifest
    await clock.forward("1m")
    await ws.until(lambda: app.heard)
    assert app.retries() == [("2", "connection_failed")]


@pytest.mark.parametrize(("trouble", "said"), [("hang", "operation_timeout"), ("refused", "dispatch_failed")])
async def test_a_command_is_sent_once(ws: Workspace, app: App, clock: FakeClock, trouble: str, said: str) -> None:
    app.answers, app.hang = ([500], 0) if trouble == "refused" else ([], 1)
    asked = asyncio.gather(ws.person("ana").command("/parrot", "general"), return_exceptions=True)
    await ws.until(lambda: app.heard)
    await clock.forward("3s")
    (failed,) = await asked
    assert isinstance(failed, CannotDo)
    assert said in failed.sentence
    await clock.forward("1h")
    assert len(app.heard) == 1


async def test_what_gets_lost_on_the_way(ws: Workspace, app: App, clock: FakeClock) -> None:
    """mute: it never arrives; drop_acks: it does, and nobody hears so; twice: and once more."""
    ws.caller.mute = True
    await ws.person("ana").say("general", "hello")
    await clock.forward("3s")
    assert app.heard == []
    ws.caller.mute, ws.caller.drop_acks = False, True
    await clock.forward("3s")
    await clock.forward("1m")
    await ws.until(lambda: len(app.heard) == 1)
    ws.caller.drop_acks, ws.caller.twice = False, True
    await clock.forward("303s")
    await ws.until(lambda: len(app.heard) == 3)
    await ws.quiet()
    assert {num for num, _ in app.retries()} == {"2", "3"}
