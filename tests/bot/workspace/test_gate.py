"""Faults and limits: once as values, once as the SDK meets them."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.gate import MINUTE, Fault, Gate
from tests.fakes import FakeClock


def test_a_fault_is_used_up() -> None:
    gate = Gate(faults=[Fault("500", "chat.update", times=2), Fault("hang")])
    assert gate.fault("chat.update") == Fault("500", "chat.update", times=1)
    assert [getattr(gate.fault(each), "trouble", None) for each in ("auth.test", "chat.update", "auth.test")] == [
        "hang",
        "500",
        None,
    ]


def test_limits_slide() -> None:
    gate = Gate(limits=True)
    assert [gate.too_many("conversations.create", 2, "", 0) for _ in range(21)] == [0] * 20 + [60]
    assert gate.too_many("conversations.create", 2, "", 30_500_000) == 30
    assert gate.too_many("conversations.archive", 2, "", 0) == 0
    assert gate.too_many("conversations.create", 2, "", MINUTE) == 0
    assert Gate().too_many("conversations.create", 2, "", 0) == 0


def test_posts_are_counted_by_channel_and_in_bursts() -> None:
    gate = Gate(limits=True)
    assert [gate.too_many("chat.postMessage", 5, "C1", 0) for _ in range(6)] == [0] * 5 + [5]
    assert gate.too_many("chat.postMessage", 5, "C2", 0) == 0
    posted = sum(gate.too_many("chat.postMessage", 5, "C1", 5_000_000 + n * 1_000_000) == 0 for n in range(55))
    assert posted == 55
    assert gate.too_many("chat.postMessage", 5, "C3", 0) == 0


async def test_429_says_how_long(ws: Workspace, client: AsyncWebClient) -> None:
    ws.fault("chat.postMessage", "ratelimited", after=17)
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel="#general", text="x")
    response = error.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "17")
    assert response.data == {"ok": False, "error": "ratelimited"}
    assert (await client.chat_postMessage(channel="#general", text="x"))["ok"]


async def test_limits_on_real_calls(ws: Workspace, client: AsyncWebClient, clock: FakeClock) -> None:
    ws.gate.limits = True
    for n in range(20):
        await client.conversations_setTopic(channel=ws.channel("general").id, topic=str(n))
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.conversations_setTopic(channel=ws.channel("general").id, topic="x")
    clock.jump("61s")
    assert (await client.conversations_setTopic(channel=ws.channel("general").id, topic="x"))["ok"]
    assert len(ws.calls("conversations.setTopic")) == 22


@pytest.mark.parametrize("trouble", ["500", "503"])
async def test_a_broken_slack_answers_in_prose(ws: Workspace, client: AsyncWebClient, trouble: Any) -> None:
    ws.fault("*", trouble)
    with pytest.raises(SlackApiError) as error:
        await client.auth_test()
    assert error.value.response.status_code == int(trouble)
    assert isinstance(error.value.response.data, str)


async def test_an_error_of_ones_choice(ws: Workspace, client: AsyncWebClient) -> None:
    ws.fault("chat.postMessage", "error", code="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel="#general", text="x")


async def test_lost_is_done_and_the_sdk_does_it_again(ws: Workspace, client: AsyncWebClient) -> None:
    client.retry_handlers = [AsyncConnectionErrorRetryHandler(max_retry_count=1)]
    ws.fault("chat.postMessage", "lost")
    await client.chat_postMessage(channel="#general", text="twice")
    assert [each.text for each in ws.channel("general").posts] == ["twice", "twice"]
    first, second = ws.calls("chat.postMessage")
    assert (first.ok, first.fault, second.fault) == (True, "lost", "")


async def test_hanging_and_slow(ws: Workspace, client: AsyncWebClient, clock: FakeClock) -> None:
    ws.fault("auth.test", "hang")
    hanging = asyncio.gather(client.auth_test(), return_exceptions=True)
    await ws.until(lambda: ws.calls("auth.test"))
    ws.fault("users.list", "slow", after=20)
    slow = asyncio.gather(client.users_list())
    await ws.until(lambda: ws.calls("users.list"))
    await clock.forward(19)
    assert not slow.done()
    await clock.forward(1)
    assert (await slow)[0]["ok"]
    assert not hanging.done()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
