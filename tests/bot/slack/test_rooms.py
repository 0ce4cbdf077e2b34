"""Channels in the local workspace: exactly one, whatever falls in between."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.organisation import Organisation, Transcript
from bot.domain.transcript import purpose_key
from bot.flows import transcript
from bot.ports import Done, Effect, GiveUp, Retry
from bot.slack.chat import SlackChat
from bot.slack.purposes import LONGEST, mark, purpose
from bot.workspace import Workspace
from tests.bot.slack.samples import INCIDENT
from tests.bot.slack.stage import Playing, effect
from tests.fakes import FakeClock

CHANNEL = effect("channel", "channel", name="inc-42-orders-db-down", private=False)
OURS = f"INC-42 · Orders cannot be placed · {mark('here')}"
CARD = effect("show", "card", surface="card")
TITLE, KEPT = "Orders cannot be placed", "What people write here is kept with the incident."
ANNOUNCE = Effect("org:channel:announce", "channel", "org:announce", "org", {"announce": True, "room": "announce"})


def rooms(ws: Workspace) -> list[str]:
    return [channel.name for channel in ws.state.channels.values() if channel.name.startswith("inc-42")]


async def test_a_channel_is_made_and_marked(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    done = await play.do(CHANNEL)
    assert isinstance(done, Done)
    found = await chat.find_channel("inc-42-orders-db-down")
    assert found is not None
    assert found.purpose == OURS
    assert done.events[0].payload == e.ChannelMade(found.id, "inc-42-orders-db-down")


async def test_a_channel_made_before_the_crash_is_adopted(ws: Workspace, play: Playing) -> None:
    first = await play.do(CHANNEL)
    second = await play.do(CHANNEL, again=True, attempt=2)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    made: Any = second.events[0].payload
    assert made.adopted
    assert made.channel == first.result["channel"]
    assert rooms(ws) == ["inc-42-orders-db-down"]


async def test_a_crash_before_the_mark_leaves_one_channel(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    await chat.create_channel("inc-42-orders-db-down", private=False)
    assert isinstance(await play.do(CHANNEL, again=True), Done)
    assert rooms(ws) == ["inc-42-orders-db-down"]
    found = await chat.find_channel("inc-42-orders-db-down")
    assert found is not None
    assert found.purpose == OURS


@pytest.mark.parametrize(("trouble", "code"), [("503", ""), ("error", "restricted_action"), ("ratelimited", "")])
@pytest.mark.parametrize(
    ("theirs", "wanted"), [("", f"INC-42 · {TITLE} · {KEPT} · {mark('here')}"), ("The war room", "The war room")]
)
async def test_nobody_waits_for_a_channel_because_slack_does_not_take_its_purpose(
    ws: Workspace, play: Playing, chat: SlackChat, clock: FakeClock, trouble: Any, code: str, theirs: str, wanted: str
) -> None:
    """It is known at once. Its purpose comes later, if nobody else wrote one; nothing is kept of what is written before."""
    play.told = Organisation(transcript=Transcript(True))
    ws.fault("conversations.setPurpose", trouble, code=code, after=9)
    made = await play.do(CHANNEL)
    assert isinstance(made, Done)
    room = made.result["channel"]
    assert made.events[0].payload == e.ChannelMade(room, "inc-42-orders-db-down", marked=False)
    play.store.incident_now = replace(INCIDENT, channel=room)
    assert (await chat.channel(room)).purpose == play.store.messages[purpose_key(42)].ts == ""
    await clock.forward(9)
    if theirs:
        await chat.set_purpose(room, theirs)
    assert isinstance(await play.do(transcript.purpose(42, "7", mark=True)), Done)
    assert (await chat.channel(room)).purpose == wanted
    assert play.store.messages[purpose_key(42)].ts == ("" if theirs else KEPT)


async def test_a_channel_that_another_replica_makes_at_this_moment(
    ws: Workspace, play: Playing, chat: SlackChat
) -> None:
    """We were stopped before our first call, and go on: theirs has no mark yet, and a second one would be in the way."""
    theirs = await chat.create_channel("inc-42-orders-db-down", private=False)
    waits = await play.do(CHANNEL)
    assert isinstance(waits, Retry)
    assert waits.ambiguous
    await chat.set_purpose(theirs.id, OURS)
    assert isinstance(await play.do(CHANNEL, again=True, attempt=2), Done)
    assert rooms(ws) == ["inc-42-orders-db-down"]


async def test_a_lost_answer_leaves_one_channel(ws: Workspace, play: Playing) -> None:
    ws.fault("conversations.create", "lost")
    lost = await play.do(CHANNEL)
    assert isinstance(lost, Retry)
    assert lost.ambiguous
    assert isinstance(await play.do(CHANNEL, again=True, attempt=2), Done)
    assert rooms(ws) == ["inc-42-orders-db-down"]


async def test_a_channel_of_somebody_else_is_left_alone(ws: Workspace, play: Playing) -> None:
    ws.add_channel("inc-42-orders-db-down", "ana")
    for again in (False, True):
        done = await play.do(CHANNEL, again=again)
        assert isinstance(done, Done)
    assert sorted(rooms(ws)) == ["inc-42-orders-db-down", "inc-42-orders-db-down-2"]


def test_a_long_title_is_cut_and_a_private_one_is_left_out() -> None:
    long = replace(INCIDENT, title="x" * 300)
    assert len(purpose(long, "here", private=False)) == LONGEST
    assert purpose(long, "here", private=False).endswith(f"x… · {mark('here')}")
    assert purpose(INCIDENT, "here", private=True) == f"INC-42 · {mark('here')}"


async def test_a_channel_of_another_installation_is_left_alone(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    theirs = await chat.create_channel("inc-42-orders-db-down", private=False)
    await chat.set_purpose(theirs.id, "INC-42 · Orders cannot be placed · there")
    assert isinstance(await play.do(CHANNEL, again=True), Done)
    assert sorted(rooms(ws)) == ["inc-42-orders-db-down", "inc-42-orders-db-down-2"]


async def test_the_announcement_channel_is_found_or_made(ws: Workspace, play: Playing) -> None:
    await play.do(ANNOUNCE)
    made = play.store.messages["org:channel:announce"].channel
    await play.do(ANNOUNCE, again=True)
    assert play.store.messages["org:channel:announce"].channel == made


async def test_the_announcement_channel_of_the_people_is_joined(
    ws: Workspace, chat: SlackChat, clock: FakeClock
) -> None:
    room = ws.add_channel("war-room", "ana")
    play = Playing(chat, clock, Organisation(announce_channel="#war-room"))
    await play.do(ANNOUNCE)
    assert play.store.messages["org:channel:announce"].channel == room.id
    assert ws.state.bot_user in room.channel.members


async def test_an_announcement_channel_that_somebody_makes_just_now(
    ws: Workspace, play: Playing, clock: FakeClock
) -> None:
    """Another replica, or a person: it is looked for once more, and not given up."""
    ws.fault("conversations.create", "slow", after=5)
    under_way = asyncio.ensure_future(play.do(ANNOUNCE))  # noqa: TID251
    await ws.until(lambda: ws.calls("conversations.create"))
    room = ws.add_channel("incidents", "ana")
    await clock.forward(5)
    assert isinstance(await under_way, Retry)
    await play.do(ANNOUNCE)
    assert play.store.messages["org:channel:announce"].channel == room.id


SHOWN = effect("show", "announcement", surface="announcement")
SHOWN = replace(SHOWN, args={**SHOWN.args, "room": "announce"})


async def test_an_announcement_channel_that_was_put_away(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    await play.do(ANNOUNCE)
    assert isinstance(await play.do(SHOWN), Done)
    await chat.archive(play.store.messages["org:channel:announce"].channel)
    assert isinstance(await play.do(SHOWN), Done)
    assert [len(ws.channel(name).posts) for name in ("incidents", "incidents-2")] == [1, 1]
    await play.do(SHOWN)
    assert len(ws.channel("incidents-2").posts) == 1, "from now on it is brought up to date there"


async def test_where_slack_allows_no_announcement_people_hear_of_it_once(ws: Workspace, play: Playing) -> None:
    ws.fault("conversations.create", "error", times=3, code="restricted_action")
    assert await play.do(ANNOUNCE) == Done(), "what waits for it is not skipped for ever"
    told = await play.do(SHOWN)
    assert isinstance(told, Done)
    assert told.events[0].payload == e.EffectFailed("inc:42:announcement@1", "announce", "restricted_action")
    assert await play.do(SHOWN) == Done(), "once"
    assert isinstance(await play.do(SHOWN), Done)
    assert len(ws.channel("incidents").posts) == 1, "as soon as it may"


async def test_topic_people_and_pin(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    assert isinstance(await play.do(effect("topic", "topic")), Done)
    assert room.topic.startswith("INC-42 · SEV1 · Investigating")
    assert await play.do(effect("topic", "topic")) == Done()
    assert len(ws.calls("conversations.setTopic")) == 1, "a topic that says so already is left alone"
    assert isinstance(await play.do(effect("topic", "topic"), again=True), Done)
    assert len(ws.calls("conversations.setTopic")) == 2, "after a doubt it is set again"
    assert await play.do(effect("invite", "join", people=["U1", "U2"])) == Done()
    assert await play.do(effect("invite", "join", people=["U1"])) == Done()
    assert isinstance(await play.do(effect("pin", "card")), Retry)
    assert await play.do(effect("pin", "card"), attempt=5) == GiveUp("no_message")
    await play.do(CARD)
    assert await play.do(effect("pin", "card")) == Done()
    assert await play.do(effect("pin", "card"), again=True) == Done()
    assert len(room.pinned) == 1


async def test_who_cannot_come_keeps_nobody_out(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    assert await play.do(effect("invite", "join", people=["U404", "U1"])) == GiveUp("user_not_found")
    assert "ana" in room.members
