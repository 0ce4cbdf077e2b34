"""Slack's effects in the local workspace: repeated, interrupted, refused, limited."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.organisation import Organisation
from bot.domain.terms import MINUTE, Status
from bot.errors import ChatError
from bot.ports import Call, Done, Effect, GiveUp, Retry
from bot.slack.chat import SlackChat
from bot.slack.effects import DOING, outcome
from bot.work.effects import KINDS
from bot.workspace import Workspace
from tests.bot.slack.samples import APPROVAL, ASKED, DIGEST, INCIDENT, NOW, event
from tests.bot.slack.stage import Playing, effect
from tests.fakes import FakeClock

CHANNEL = effect("channel", "channel", name="inc-42-orders-db-down", private=False)
CARD = effect("show", "card", surface="card")
ANNOUNCE = Effect("org:channel:announce", "channel", "org:announce", "org", {"announce": True, "room": "announce"})


@pytest.fixture
def play(chat: SlackChat, clock: FakeClock) -> Playing:
    return Playing(chat, clock)


def rooms(ws: Workspace) -> list[str]:
    return [channel.name for channel in ws.state.channels.values() if channel.name.startswith("inc-42")]


# --- the channel ---


async def test_a_channel_is_made_and_marked(ws: Workspace, play: Playing, chat: SlackChat) -> None:
    done = await play.do(CHANNEL)
    assert isinstance(done, Done)
    found = await chat.find_channel("inc-42-orders-db-down")
    assert found is not None
    assert found.purpose == "INC-42 · here"
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
    ws.fault("conversations.setPurpose", "ratelimited", after=9)
    unmarked = await play.do(CHANNEL)
    assert unmarked == Retry(9.0, "ratelimited", ("conversations.setPurpose",), ambiguous=True)
    done = await play.do(CHANNEL, again=True)
    assert isinstance(done, Done)
    assert rooms(ws) == ["inc-42-orders-db-down"]
    found = await chat.find_channel("inc-42-orders-db-down")
    assert found is not None
    assert found.purpose == "INC-42 · here"


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


async def test_topic_people_and_pin(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    assert await play.do(effect("topic", "topic")) == Done()
    assert room.topic.startswith("INC-42 · SEV1 · Investigating")
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


# --- what is shown ---


async def test_a_surface_is_posted_once_and_then_edited(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    await play.do(CARD)
    play.store.incident_now = replace(play.store.incident_now, status=Status.MITIGATING)
    assert await play.do(CARD) == Done()
    cards = [post for post in room.posts if post.by_app]
    assert len(cards) == 1
    assert cards[0].text_has("Mitigating")


async def test_a_surface_posted_before_the_crash_is_found(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    await play.do(CARD)
    ts = play.store.messages.pop("inc:42:card").ts
    done = await play.do(CARD, again=True, attempt=2)
    assert isinstance(done, Done)
    assert play.store.messages["inc:42:card"].ts == ts
    assert len([post for post in room.posts if post.by_app]) == 1


async def test_a_surface_that_was_deleted_is_posted_anew(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    await play.do(CARD)
    ws.fault("chat.update", "error", code="message_not_found")
    before = play.store.messages["inc:42:card"].ts
    assert isinstance(await play.do(CARD), Done)
    assert play.store.messages["inc:42:card"].ts != before
    assert len([post for post in room.posts if post.by_app]) == 2


async def test_a_private_incident_is_announced_nowhere(ws: Workspace, play: Playing) -> None:
    play.store.incident_now = replace(INCIDENT, private=True)
    await play.do(ANNOUNCE)
    shown = effect("show", "announcement", surface="announcement")
    assert await play.do(replace(shown, args={**shown.args, "room": "announce"})) == Done()
    assert not ws.calls("chat.postMessage")


async def test_an_announcement_goes_to_its_channel(ws: Workspace, play: Playing) -> None:
    shown = effect("show", "announcement", surface="announcement")
    shown = replace(shown, args={**shown.args, "room": "announce"})
    assert await play.do(shown) == GiveUp("no_channel")
    await play.do(ANNOUNCE)
    assert isinstance(await play.do(shown), Done)
    assert ws.channel("incidents").has("INC-42")


async def test_lines_go_to_the_thread_of_the_card(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    play.store.events = [event(e.Acknowledged(), 3), event(e.Noted("x"), 4, actor="U2")]
    said = effect("say", "line:3", surface="line", seq=3, where="thread")
    assert await play.do(said) == Retry(1.0, "the card is not there yet")
    await play.do(CARD)
    await play.do(said)
    await play.do(said, again=True, attempt=2)
    card = next(post for post in room.posts if post.by_app)
    assert [post.text for post in card.replies] == ["Ana has seen it."]
    loud = effect("say", "line:4", surface="line", seq=4, where="channel")
    await play.do(loud)
    assert room.has("Ben noted: x")


async def test_a_line_does_not_wait_for_ever_for_its_thread(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    play.store.events = [event(e.Acknowledged(), 3)]
    said = effect("say", "line:3", surface="line", seq=3, where="thread")
    assert isinstance(await play.do(said, attempt=5), Done)
    assert room.has("Ana has seen it.")


async def test_lines_that_waited_are_said_together(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    play.store.events = [event(e.Acknowledged(), n, NOW + n * MINUTE) for n in range(3, 8)]
    said = tuple(effect("say", f"line:{n}", surface="line", seq=n, where="channel") for n in range(3, 8))
    await play.do(said[0], members=said)
    late = [post for post in room.posts if post.text_has("These 5 come late")]
    assert len(late) == 1
    assert late[0].text.count("Ana has seen it.") == 5


async def test_a_message_to_a_person_is_marked_when_sent_again(ws: Workspace, play: Playing) -> None:
    asked = effect("dm", "invite:U1:5", surface="invite", person="U1", why="incident", role="")
    await play.do(asked)
    await play.do(asked, again=True, attempt=2)
    dm = play.store.messages["inc:42:invite:U1:5"].channel
    shown = ws.person("ana").sees(dm)
    assert sum("You are on call for orders" in line for line in shown) == 2
    assert sum("(sent again)" in line for line in shown) == 1


async def test_nobody_is_asked_for_what_is_settled(ws: Workspace, play: Playing) -> None:
    play.store.incident_now = replace(INCIDENT, approvals=(replace(APPROVAL, state="given"),))
    play.store.events = [event(ASKED)]
    assert await play.do(effect("dm", "a", surface="approval_dm", person="U1", digest=DIGEST)) == Done()
    play.store.incident_now = replace(INCIDENT, status=Status.RESOLVED)
    assert await play.do(effect("page", "p", surface="page", person="U1", role="")) == Done()
    assert not ws.calls("chat.postMessage")


async def test_the_draft_of_the_review_is_uploaded_once(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    draft = effect("file", "postmortem:9", surface="postmortem")
    ws.fault("files.completeUploadExternal", "lost")
    assert isinstance(await play.do(draft), Retry)
    assert isinstance(await play.do(draft, again=True, attempt=2), Done)
    assert len(room.files) == 1


# --- what goes wrong ---


async def test_an_ambiguous_post_is_looked_up(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    ws.fault("chat.postMessage", "lost")
    lost = await play.do(CARD)
    assert lost == Retry(0.0, "connection", ambiguous=True)
    await play.do(CARD, again=True, attempt=2)
    assert len([post for post in room.posts if post.by_app]) == 1


@pytest.mark.parametrize("private", [False, True])
async def test_every_surface_is_taken_by_slack(ws: Workspace, play: Playing, private: bool) -> None:
    room = await play.room(private=private)
    play.store.incident_now = replace(INCIDENT, channel=room, approvals=(APPROVAL,))
    play.store.events = [event(ASKED, 5), event(e.UpdateSent(NOW, "a", "b"), 6)]
    shown: list[dict[str, Any]] = [
        {"surface": "card"},
        {"surface": "context"},
        {"surface": "step", "run": 1, "step": "2.1", "visit": 1},
        {"surface": "approval", "digest": DIGEST},
        {"surface": "allclear", "since": NOW},
        {"surface": "resolution"},
    ]
    for n, args in enumerate(shown):
        assert isinstance(await play.do(effect("show", f"s{n}", **args)), Done)
    assert isinstance(await play.do(effect("say", "u", surface="update", seq=6)), Done)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatError("ratelimited", 12.0), Retry(12.0, "ratelimited", ("chat.update", "chat.postMessage:inc:42"))),
        (ChatError("timeout", ambiguous=True), Retry(0.0, "timeout", ambiguous=True)),
        (ChatError("http_503", ambiguous=True), Retry(0.0, "http_503", ambiguous=True)),
        (ChatError("connection"), Retry(0.0, "connection")),
        (ChatError("invalid_auth"), Retry(60.0, "invalid_auth", counted=False)),
        (ChatError("is_archived"), GiveUp("is_archived")),
        (ChatError("missing_scope"), GiveUp("missing_scope")),
        (ChatError("invalid_blocks"), GiveUp("invalid_blocks")),
    ],
)
def test_what_a_failure_means(error: ChatError, expected: Any) -> None:
    assert outcome(Call(CARD, 2, again=True), error) == expected


def test_every_kind_of_slack_has_a_handler() -> None:
    outside = {kind for kind in KINDS if not kind.startswith(("clock.", "action."))}
    assert outside == set(DOING)
