"""response_url: five answers, half an hour, to one person or to all."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.app.async_app import AsyncApp

from bot.workspace import Workspace
from tests.bot.workspace.app import actions, button, section
from tests.fakes import FakeClock


async def answer(url: str, **body: Any) -> tuple[int, str]:
    async with ClientSession() as http, http.post(url, json=body) as response:
        return response.status, await response.text()


@pytest.fixture
async def url(ws: Workspace, bolt: AsyncApp, connected: Any) -> str:
    """The response_url of a command that Ana gave."""
    urls: list[str] = []

    @bolt.command("/parrot")
    async def parrot(ack: Any, command: dict[str, Any]) -> None:
        await ack()
        urls.append(command["response_url"])

    await ws.person("ana").command("/parrot", "general")
    return urls[0]


async def test_five_answers_and_no_more(ws: Workspace, url: str) -> None:
    for n in range(5):
        assert await answer(url, text=f"answer {n}") == (200, "ok")
    assert (await answer(url, text="one too many"))[0] == 404
    assert ws.person("ana").sees("general")[-2:] == ["👁 answer 3", "👁 answer 4"]
    assert ws.channel("general").posts == []


async def test_half_an_hour(ws: Workspace, url: str, clock: FakeClock) -> None:
    await ws.quiet()
    await clock.forward("30m")
    assert await answer(url, text="just in time") == (200, "ok")
    await clock.forward("1s")
    assert await answer(url, text="late") == (404, '{"ok": false, "error": "expired_url"}')


async def test_what_cannot_be_shown_is_refused_and_costs_nothing(ws: Workspace, url: str) -> None:
    assert await answer(url) == (400, '{"ok": false, "error": "no_text"}')
    status, text = await answer(url, blocks=[section("x" * 3001)])
    assert (status, "invalid_blocks" in text) == (400, True)
    async with ClientSession() as http, http.post(url, data="[]") as response:
        assert response.status == 400
    assert next(iter(ws.state.hooks.values())).left == 5


async def test_to_all(ws: Workspace, url: str) -> None:
    await answer(url, text="For everybody.", response_type="in_channel")
    assert ws.channel("general").last.text == "For everybody."


async def test_the_original_is_replaced_or_taken_away(
    ws: Workspace, bolt: AsyncApp, client: Any, connected: Any
) -> None:
    urls: list[str] = []

    @bolt.action("press")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        urls.append(body["response_url"])

    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Go"))])
    await ws.person("ben").click("Go", "general")
    await ws.until(lambda: urls)
    await answer(urls[0], text="Gone through.", replace_original=True)
    assert ws.channel("general").last.text == "Gone through."
    await answer(urls[0], text="Thanks, Ben.")
    assert ws.person("ben").sees("general")[-1] == "👁 Thanks, Ben."
    await answer(urls[0], delete_original=True)
    assert ws.channel("general").posts == []


async def test_an_ephemeral_is_replaced_and_no_event_tells_of_it(
    ws: Workspace, bolt: AsyncApp, client: Any, connected: Any
) -> None:
    urls: list[str] = []

    @bolt.action("press")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        urls.append(body["response_url"])

    await client.chat_postEphemeral(channel="#general", user="U0ANA", text="x", blocks=[actions(button("Go"))])
    await ws.person("ana").click("Go", "general")
    await ws.until(lambda: urls)
    before = [each.kind for each in ws.state.journal].count("delivery")
    await answer(urls[0], text="Gone.", replace_original=True)
    await ws.quiet()
    assert ws.person("ana").sees("general")[-1] == "👁 Gone."
    assert [each.kind for each in ws.state.journal].count("delivery") == before
