"""Plans of faults: with calls of the app, and on the way to it; given by a test or by the control API."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Fault, Mishap, Workspace
from bot.workspace.gate import Gate
from tests.fakes import FakeClock


@pytest.fixture
async def heard(ws: Workspace, bolt: AsyncApp, connected: Any) -> list[str]:
    """What the app hears people say, in its order."""
    said: list[str] = []

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        if "subtype" not in event:
            said.append(event["text"])

    await ws.quiet()
    return said


def test_a_fault_may_begin_later_and_end_by_time() -> None:
    gate = Gate(faults=[Fault("500", "chat.update", times=9, skip=1, until=50)])
    troubles = [gate.fault("chat.update", now) for now in (0, 10, 50, 51)]
    assert [each.trouble if each else "" for each in troubles] == ["", "500", "500", ""]
    assert gate.faults == []


async def test_a_plan_of_calls(ws: Workspace, client: AsyncWebClient) -> None:
    ws.plan(Fault("500", "chat.postMessage", skip=1), Fault("ratelimited", "users.list"))
    await client.chat_postMessage(channel="#general", text="one")
    with pytest.raises(SlackApiError, match="500"):
        await client.chat_postMessage(channel="#general", text="two")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    await client.chat_postMessage(channel="#general", text="three")
    assert [post.text for post in ws.channel("general").posts] == ["one", "three"]


@pytest.mark.parametrize(("mischief", "times"), [("lost", 1), ("unheard", 2), ("twice", 2)])
async def test_lost_unheard_and_twice(
    ws: Workspace, heard: list[str], clock: FakeClock, mischief: Any, times: int
) -> None:
    ws.plan(Mishap(mischief))
    await ws.person("ana").say("general", "hello")
    await ws.until(lambda: heard or mischief == "lost")
    await clock.forward("4s")
    await ws.until(lambda: len(heard) == times)
    await clock.forward("1h")
    await ws.quiet()
    assert heard == ["hello"] * times


async def test_late(ws: Workspace, heard: list[str], clock: FakeClock) -> None:
    ws.plan(Mishap("late", after=20))
    await ws.person("ana").say("general", "hello")
    await clock.forward("19s")
    assert heard == []
    await clock.forward("1s")
    await ws.until(lambda: heard)


async def test_out_of_order(ws: Workspace, heard: list[str]) -> None:
    ws.plan(Mishap("swapped", skip=1))
    for words in ("one", "two", "three", "four"):
        await ws.person("ana").say("general", words)
    await ws.until(lambda: len(heard) == 4)
    assert heard.index("two") > heard.index("three")


async def test_a_socket_that_breaks_gets_the_event_again(ws: Workspace, heard: list[str]) -> None:
    before = ws.link.sockets[0]
    ws.plan(Mishap("disconnect"))
    await ws.person("ana").say("general", "hello")
    await ws.until(lambda: before not in ws.link.sockets)


async def test_a_command_that_gets_lost(ws: Workspace, heard: list[str], clock: FakeClock) -> None:
    ws.plan(Mishap("lost", kind="slash_commands"))
    asked = asyncio.gather(ws.person("ana").command("/parrot", "general"), return_exceptions=True)
    await ws.until(lambda: ws.deliver.under_way)
    await clock.forward("3s")
    (failed,) = await asked
    assert isinstance(failed, CannotDo)
    assert "operation_timeout" in failed.sentence


async def test_a_plan_by_the_control_api(ws: Workspace, client: AsyncWebClient, clock: FakeClock) -> None:
    async def send(plan: Any) -> tuple[int, Any]:
        async with ClientSession() as http, http.post(f"{ws.url}/page/control", json={"plan": plan}) as answer:
            return answer.status, await answer.json() if answer.status == 200 else await answer.text()

    status, now = await send(
        [
            {"trouble": "500", "method": "users.list", "seconds": 60},
            {"trouble": "late", "after": 5, "times": 3},
        ]
    )
    assert status == 200
    assert [each["trouble"] for each in now["plan"]] == ["500", "late"]
    assert ws.deliver.mishaps.plan == [Mishap("late", times=3, after=5)]
    for _ in range(2):
        with pytest.raises(SlackApiError, match="500"):
            await client.users_list()
    clock.jump("61s")
    assert (await client.users_list())["ok"]
    for wrong in ([{"trouble": "rain"}], [{"method": "x"}], [{"trouble": "500", "colour": "red"}], 7):
        assert (await send(wrong))[0] == 400
    assert (await send([]))[1]["plan"] == []
