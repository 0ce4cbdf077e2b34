"""The bridge in the bar of the channel: one bookmark, whatever falls in between, and none where Slack allows none."""

from dataclasses import replace

import pytest

from bot.domain.organisation import Organisation
from bot.domain.terms import Status
from bot.ports import Done, Retry
from bot.slack.chat import SlackChat
from bot.workspace import Workspace
from tests.bot.slack.stage import Playing, effect
from tests.fakes import FakeClock

BRIDGE, OTHER = "https://meet.example/war-room", "https://meet.example/second"
KEEP = effect("bookmark", "bookmark")


@pytest.fixture
async def bridged(chat: SlackChat, clock: FakeClock) -> Playing:
    play = Playing(chat, clock, Organisation(bridge=BRIDGE))
    await play.room()
    return play


def marks(ws: Workspace) -> list[tuple[str, str]]:
    return [(each.title, each.link) for each in ws.channel("inc-42-orders-db-down").channel.bookmarks]


def calls(ws: Workspace, method: str) -> int:
    return len(ws.calls(method))


async def test_it_is_there_once(ws: Workspace, bridged: Playing) -> None:
    assert isinstance(await bridged.do(KEEP), Done)
    assert marks(ws) == [("Bridge", BRIDGE)]
    assert isinstance(await bridged.do(KEEP), Done)
    assert (marks(ws), calls(ws, "bookmarks.edit")) == ([("Bridge", BRIDGE)], 0)


async def test_a_lost_answer_leaves_one(ws: Workspace, bridged: Playing) -> None:
    ws.fault("bookmarks.add", "lost")
    lost = await bridged.do(KEEP)
    assert isinstance(lost, Retry)
    assert lost.ambiguous
    assert isinstance(await bridged.do(KEEP, again=True, attempt=2), Done)
    assert marks(ws) == [("Bridge", BRIDGE)]


async def test_another_bridge_takes_its_place(ws: Workspace, bridged: Playing) -> None:
    await bridged.do(KEEP)
    bridged.told = Organisation(bridge=OTHER)
    await bridged.do(KEEP)
    assert marks(ws) == [("Bridge", OTHER)]


async def test_what_people_have_there_is_theirs(ws: Workspace, bridged: Playing, chat: SlackChat) -> None:
    """Who has put the bridge there already has done it for us; what they take away stays away."""
    room = ws.channel("inc-42-orders-db-down").channel
    await chat.add_bookmark(room.id, "Call", BRIDGE)
    await chat.add_bookmark(room.id, "Graphs", "https://graphs.example")
    await bridged.do(KEEP)
    assert marks(ws) == [("Call", BRIDGE), ("Graphs", "https://graphs.example")]
    room.bookmarks.pop(0)
    await bridged.do(KEEP)
    assert marks(ws) == [("Graphs", "https://graphs.example")]


@pytest.mark.parametrize("method", ["bookmarks.list", "bookmarks.add"])
@pytest.mark.parametrize("code", ["not_implemented", "missing_scope", "too_many_bookmarks", "permission_denied"])
async def test_where_slack_allows_none_nothing_has_failed(
    ws: Workspace, bridged: Playing, method: str, code: str
) -> None:
    ws.fault(method, "error", code=code)
    assert await bridged.do(KEEP) == Done()
    assert marks(ws) == []


@pytest.mark.parametrize("bridge", ["", "tel:+44", "https://meet.example/" + "x" * 2048])
async def test_what_slack_takes_for_no_link_is_not_asked_for(ws: Workspace, play: Playing, bridge: str) -> None:
    play.told = Organisation(bridge=bridge)
    await play.room()
    assert await play.do(KEEP) == Done()
    assert calls(ws, "bookmarks.list") == 0


async def test_an_incident_that_is_over_needs_none(ws: Workspace, bridged: Playing) -> None:
    bridged.store.incident_now = replace(bridged.store.incident_now, status=Status.RESOLVED)
    assert await bridged.do(KEEP) == Done()
    assert marks(ws) == []
