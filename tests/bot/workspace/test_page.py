"""The page's contract: what a browser is told, and what it may ask."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace
from tests.bot.workspace.app import actions, button, modal, question


class Stream:
    """One person's event stream."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, Any]:
        async with asyncio.timeout(5):
            lines = [(await self._response.content.readline()).decode().rstrip("\n") for _ in range(3)]
        assert lines[2] == ""
        return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))

    async def until(self, name: str) -> Any:
        while (found := await self.next())[0] != name:
            pass
        return found[1]


class Browser:
    """What the page's script does."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._open: list[ClientResponse] = []

    def close(self) -> None:
        """Close every stream."""
        for response in self._open:
            response.close()

    async def watch(self, who: str) -> tuple[Stream, Any]:
        response = await self._session.get(f"{self._url}/page/stream", params={"as": who})
        self._open.append(response)
        assert response.headers["Content-Type"] == "text/event-stream"
        stream = Stream(response)
        name, snapshot = await stream.next()
        assert name == "snapshot"
        return stream, snapshot

    async def do(self, who: str, what: str, **asked: Any) -> Any:
        return (await self.ask("POST", "/page/do", json={"as": who, "what": what, **asked}))[1]

    async def ask(self, verb: str, path: str, **more: Any) -> tuple[int, Any]:
        """Status, and the body: JSON if it is JSON."""
        async with self._session.request(verb, self._url + path, **more) as response:
            text = await response.text()
            return response.status, json.loads(text) if response.content_type == "application/json" else text


@pytest.fixture
async def browser(ws: Workspace) -> AsyncIterator[Browser]:
    async with ClientSession() as session:
        browser = Browser(session, ws.url)
        yield browser
        browser.close()


async def test_the_snapshot_and_what_follows(ws: Workspace, browser: Browser) -> None:
    stream, snapshot = await browser.watch("U0ANA")
    assert [each["name"] for each in snapshot["channels"]] == ["general"]
    assert snapshot["commands"][0]["command"] == "/parrot"
    assert {each["name"] for each in snapshot["people"] if each["bot"]} == {"parrot", "slackbot"}
    general = ws.channel("general").id
    answer = await browser.do("U0BEN", "say", channel=general, text="hello @ana")
    assert answer["ok"] is True
    name, message = await stream.next()
    assert name == "message"
    assert (message["text"], message["user"], message["ephemeral"]) == ("hello <@U0ANA>", "U0BEN", False)
    assert message["ts"] == answer["ts"]


async def test_nobody_is_told_of_a_private_channel_that_he_is_not_in(ws: Workspace, browser: Browser) -> None:
    stream, _ = await browser.watch("U0LI")
    secret = ws.add_channel("secret", "ana", private=True)
    await ws.person("ana").say(secret.id, "psst")
    await ws.person("ana").say("general", "all can hear this")
    name, message = await stream.next()
    assert message["text"] == "all can hear this", name
    _, snapshot = await browser.watch("U0LI")
    assert "secret" not in json.dumps(snapshot)

    await ws.person("ana").invite(secret.id, "li")
    assert (await stream.until("channel"))["name"] == "secret"
    told = [(await stream.until("message"))["text"] for _ in range(3)]
    assert told == ["<@U0ANA> has joined the channel", "psst", "<@U0LI> has joined the channel"]
    await ws.person("li").leave(secret.id)
    assert await stream.until("channel") == {"id": secret.id, "deleted": True}


async def test_an_ephemeral_goes_to_one_page(ws: Workspace, browser: Browser, client: Any) -> None:
    ana, _ = await browser.watch("U0ANA")
    ben, _ = await browser.watch("U0BEN")
    await client.chat_postEphemeral(channel="#general", user="U0ANA", text="for you")
    await client.chat_postMessage(channel="#general", text="for all")
    assert [(await ana.until("message"))["text"] for _ in range(2)] == ["for you", "for all"]
    assert (await ben.until("message"))["text"] == "for all"


async def test_click_form_and_close(
    ws: Workspace, browser: Browser, bolt: AsyncApp, connected: Any, client: Any
) -> None:
    @bolt.action("press")
    async def pressed(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(question("Why?", "why"), callback_id="form"))

    @bolt.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"why": "No."})

    stream, _ = await browser.watch("U0ANA")
    posted = await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Go"))])
    block = (await stream.until("message"))["blocks"][0]
    where = {"channel": posted["channel"], "ts": posted["ts"], "block_id": block["block_id"], "action_id": "press"}
    assert await browser.do("U0ANA", "click", **where) == {"ok": True}
    (view,) = (await stream.until("modal"))["modals"]
    values = {"why": {"answer": "because"}}
    refused = await browser.do("U0ANA", "submit", view_id=view["id"], values=values)
    assert refused == {"ok": False, "error": "No.", "errors": {"why": "No."}}
    assert await browser.do("U0BEN", "close", view_id=view["id"]) == {
        "ok": False,
        "error": "That view is not open.",
    }
    assert await browser.do("U0ANA", "close", view_id=view["id"]) == {"ok": True}
    assert await stream.until("modal") == {"modals": []}


async def test_reactions_edits_deletions_and_channels(ws: Workspace, browser: Browser) -> None:
    stream, _ = await browser.watch("U0BEN")
    here = {"channel": ws.channel("general").id}
    ts = (await browser.do("U0ANA", "say", **here, text="one"))["ts"]
    await stream.until("message")
    await browser.do("U0ANA", "react", **here, ts=ts, name="pushpin")
    assert (await stream.until("message"))["reactions"] == [{"name": "pushpin", "users": ["U0ANA"], "count": 1}]
    await browser.do("U0ANA", "react", **here, ts=ts, name="pushpin", on=False)
    assert (await stream.until("message"))["reactions"] == []
    await browser.do("U0ANA", "edit", **here, ts=ts, text="two")
    changed = await stream.until("message")
    assert (changed["text"], changed["edited"]) == ("two", True)
    assert (await browser.do("U0BEN", "delete", **here, ts=ts))["ok"] is False
    await browser.do("U0ANA", "delete", **here, ts=ts)
    assert await stream.until("message") == {"channel": here["channel"], "ts": ts, "deleted": True}
    made = await browser.do("U0ANA", "create", name="war-room")
    assert (await stream.until("channel"))["member"] is False
    assert (await browser.do("U0BEN", "join", channel=made["channel"]))["ok"] is True
    assert ws.channel("war-room").members == ["ana", "ben"]
    opened = await browser.do("U0BEN", "open", user=ws.state.bot_user)
    assert ws.state.channels[opened["channel"]].kind == "dm"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"as": "U0ANA", "what": "dance"}, 400),
        ({"as": "nobody", "what": "say"}, 400),
        ({"as": "USLACKBOT", "what": "home"}, 400),
        ({"what": "home"}, 400),
        ([], 400),
        ({"as": "U0ANA", "what": "say", "channel": "C404", "text": "x"}, 200),
    ],
)
async def test_what_makes_no_sense_is_refused(ws: Workspace, browser: Browser, asked: Any, status: int) -> None:
    got, answer = await browser.ask("POST", "/page/do", json=asked)
    assert (got, answer["ok"]) == (status, False)


async def test_what_is_hidden_cannot_be_named(ws: Workspace, browser: Browser, client: Any) -> None:
    secret = ws.add_channel("secret", "ana", private=True)
    ts = await ws.person("ana").say(secret.id, "psst")
    for what in ({"what": "join"}, {"what": "say", "text": "hello"}, {"what": "react", "ts": ts, "name": "eyes"}):
        refused = await browser.do("U0BEN", channel=secret.id, **what)
        assert refused == {"ok": False, "error": "There is no such channel."}
    blocks = [actions(button("Yes"))]
    general = ws.channel("general").id
    for_ana = await client.chat_postEphemeral(channel=general, user="U0ANA", text="x", blocks=blocks)
    where = {"channel": general, "ts": for_ana["message_ts"], "block_id": "block0", "action_id": "press"}
    refused = await browser.do("U0BEN", "click", **where)
    assert refused == {"ok": False, "error": "That message is gone."}


async def test_foreign_pages_stay_out(ws: Workspace, browser: Browser) -> None:
    plain = {"Content-Type": "text/plain"}
    assert (await browser.ask("POST", "/page/do", data='{"as": "U0ANA"}', headers=plain))[0] == 415
    for path in ("/", "/page/people", "/page/stream?as=U0ANA", "/page/control"):
        assert (await browser.ask("GET", path, headers={"Host": "evil.example:80"}))[0] == 403
    for host in ("localhost:1", "127.0.0.1", "[::1]:8090"):
        assert (await browser.ask("GET", "/page/people", headers={"Host": host}))[0] == 200
    for path in ("/static/..%2fpage.py", "/static/nothing.js", "/page/stream?as=nobody", "/page/file/F404?as=U0ANA"):
        assert (await browser.ask("GET", path))[0] == 404
    async with ClientSession() as session, session.get(f"{ws.url}/page/people") as response:
        assert response.headers["Content-Security-Policy"] == "default-src 'self'"


async def test_a_file_is_given_to_who_may_see_it(ws: Workspace, browser: Browser, client: Any) -> None:
    secret = ws.add_channel("secret", "ana", private=True)
    await ws.person("ana").invite(secret.id, ws.state.bot_user)
    await client.files_upload_v2(channel=secret.id, filename="notes.md", content="# hello", title="Notes")
    _, snapshot = await browser.watch("U0ANA")
    (file,) = [file for each in snapshot["messages"] for file in each["files"]]
    assert (file["title"], file["mimetype"]) == ("Notes", "text/markdown")
    assert await browser.ask("GET", file["url"]) == (200, "# hello")
    assert (await browser.ask("GET", file["url"].replace("U0ANA", "U0LI")))[0] == 404
    assert secret.files == [{"name": "notes.md", "title": "Notes", "text": "# hello"}]


async def test_home(ws: Workspace, browser: Browser, bolt: AsyncApp, connected: Any) -> None:
    @bolt.event("app_home_opened")
    async def opened(client: Any, event: dict[str, Any]) -> None:
        blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Nothing waits for you"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    stream, snapshot = await browser.watch("U0ANA")
    assert snapshot["home"] is None
    assert await browser.do("U0ANA", "home") == {"ok": True}
    assert (await stream.until("home"))["home"]["blocks"][0]["text"]["text"] == "Nothing waits for you"
    assert ws.person("ana").sees_home() == "Nothing waits for you"


async def test_faults_can_be_switched_on_from_the_page(ws: Workspace, browser: Browser, client: Any) -> None:
    async def switch(**asked: Any) -> Any:
        return (await browser.ask("POST", "/page/control", json=asked))[1]

    assert (await browser.ask("GET", "/page/control"))[1]["active"] == []
    assert (await switch(fault="server_error", on=True))["active"] == ["server_error"]
    with pytest.raises(SlackApiError, match="500"):
        await client.auth_test()
    assert (await switch(fault="server_error", on=False))["active"] == []
    assert (await client.auth_test())["ok"]
    assert (await switch(fault="late", on=True))["active"] == ["late"]
    assert (await switch(fault="late", on=False))["active"] == []
    assert (await switch(limits=True))["limits"] is True
    assert ws.gate.limits
    assert (await browser.ask("POST", "/page/control", json={"fault": "rain", "on": True}))[0] == 400
    assert (await browser.ask("POST", "/page/control", data="x"))[0] == 415
