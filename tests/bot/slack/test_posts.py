"""Messages in the local workspace: posted once, edited in place, found again, marked when repeated."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.state import Page
from bot.domain.terms import MINUTE, Status
from bot.ports import Done, Effect, Retry
from bot.workspace import Workspace
from tests.bot.slack.samples import APPROVAL, ASKED, DIGEST, INCIDENT, NOW, event
from tests.bot.slack.stage import Playing, effect

CARD = effect("show", "card", surface="card")
ANNOUNCE = Effect("org:channel:announce", "channel", "org:announce", "org", {"announce": True, "room": "announce"})


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


async def test_what_was_posted_before_the_card_was_known_is_found(ws: Workspace, play: Playing) -> None:
    """It stands in the channel, and would now go into the card's thread: that is no reason to say it twice."""
    room = ws.channel(await play.room())
    await play.do(CARD)
    card = play.store.messages.pop("inc:42:card")
    context = effect("show", "context", surface="context", where="thread")
    await play.do(context)
    play.store.messages = {card.key: card}
    assert isinstance(await play.do(context, again=True, attempt=2), Done)
    assert len([post for post in room.posts if post.by_app]) == 2
    assert room.posts[0].replies == []


async def test_a_call_that_is_answered_says_so_in_place(ws: Workspace, play: Playing) -> None:
    """Brought up to date where it stands; one that never came, or is gone, is not sent for that."""
    await play.room()
    sent = effect("dm", "invite:U1:p1", surface="invite", person="U1", why="incident", role="", page="p1")
    sent = replace(sent, args={**sent.args, "room": "dm:U1"})
    fold = replace(sent, kind="show")
    rings = Page("p1", "U1", "incident", 1, "commander", NOW)
    play.store.incident_now = replace(play.store.incident_now, pages=(rings,))
    assert await play.do(fold) == Done()
    await play.do(sent)
    play.store.incident_now = replace(play.store.incident_now, pages=(replace(rings, answer="take"),))
    assert await play.do(fold) == Done()
    [told] = ws.person("ana").sees("@tocsin")
    assert "✓ You have it." in told
    assert "[I have it]" not in told
    ws.fault("chat.update", "error", code="message_not_found")
    assert await play.do(fold) == Done()
    assert len(ws.person("ana").sees("@tocsin")) == 1


async def test_a_surface_that_was_deleted_is_posted_anew(ws: Workspace, play: Playing) -> None:
    room = ws.channel(await play.room())
    await play.do(CARD)
    ws.fault("chat.update", "error", code="message_not_found")
    before = play.store.messages["inc:42:card"].ts
    assert isinstance(await play.do(CARD), Done)
    assert play.store.messages["inc:42:card"].ts != before
    assert len([post for post in room.posts if post.by_app]) == 2


@pytest.mark.parametrize("why", ["moved", "deleted"])
async def test_what_is_posted_anew_is_looked_for_as_well(ws: Workspace, play: Playing, why: str) -> None:
    """The card stands in a channel that was put away, or was deleted; the answer to the new post is lost."""
    room = ws.channel(await play.room())
    await play.do(CARD)
    if why == "moved":
        room = ws.channel(await play.room("inc-42-again"))
    else:
        await play.do(replace(CARD, kind="unsay"))
    before = len([post for post in room.posts if post.by_app])
    ws.fault("chat.postMessage", "lost")
    lost = await play.do(CARD)
    assert isinstance(lost, Retry)
    assert lost.ambiguous
    assert isinstance(await play.do(CARD, again=True, attempt=2), Done)
    assert len([post for post in room.posts if post.by_app]) == before + 1
    at = play.store.messages["inc:42:card"]
    assert (at.channel, at.ts) == (room.id, room.posts[-1].ts)


async def test_a_private_incident_is_announced_nowhere(ws: Workspace, play: Playing) -> None:
    play.store.incident_now = replace(INCIDENT, private=True)
    await play.do(ANNOUNCE)
    shown = effect("show", "announcement", surface="announcement")
    assert await play.do(replace(shown, args={**shown.args, "room": "announce"})) == Done()
    assert not ws.calls("chat.postMessage")


async def test_an_announcement_goes_to_its_channel(ws: Workspace, play: Playing) -> None:
    shown = effect("show", "announcement", surface="announcement")
    shown = replace(shown, args={**shown.args, "room": "announce"})
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


@pytest.mark.parametrize(("seen", "sent"), [(True, 1), (False, 2)])
async def test_a_message_to_a_person_is_sent_again_if_it_is_not_seen(
    ws: Workspace, play: Playing, seen: bool, sent: int
) -> None:
    """Its answer got lost. It is found where it stands; if Slack does not show it, it comes again, with a mark."""
    asked = effect("dm", "invite:U1:5", surface="invite", person="U1", why="incident", role="")
    ws.fault("chat.postMessage", "lost")
    assert isinstance(await play.do(asked), Retry)
    if not seen:
        ws.fault("conversations.history", "500")
    await play.do(asked, again=True)
    shown = ws.person("ana").sees(play.store.messages["inc:42:invite:U1:5"].channel)
    assert sum("You are on call for orders" in line for line in shown) == sent
    assert sum("(sent again)" in line for line in shown) == sent - 1


async def test_where_nothing_was_sent_there_is_no_doubt(ws: Workspace, play: Playing) -> None:
    """Slack failed before the message was sent at all: no mark when it comes."""
    asked = effect("dm", "invite:U1:5", surface="invite", person="U1", why="incident", role="")
    ws.fault("conversations.open", "503")
    failed = await play.do(asked)
    assert isinstance(failed, Retry)
    assert not failed.ambiguous


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
    assert await play.do(draft) == Done(), "it goes on: there is nothing to review"
    play.store.incident_now = replace(play.store.incident_now, status=Status.RESOLVED)
    ws.fault("files.completeUploadExternal", "lost")
    assert isinstance(await play.do(draft), Retry)
    assert isinstance(await play.do(draft, again=True, attempt=2), Done)
    assert len(room.files) == 1


@pytest.mark.parametrize("trouble", ["lost", "hang", "500"])
async def test_an_ambiguous_post_is_looked_up(ws: Workspace, play: Playing, trouble: Any) -> None:
    """F5: whether Slack did it and nobody heard so, or did nothing, it stands there once."""
    room = ws.channel(await play.room())
    ws.fault("chat.postMessage", trouble)
    lost = await play.do(CARD)
    assert isinstance(lost, Retry)
    assert lost.ambiguous
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
        {"surface": "allclear", "question": 4},
        {"surface": "resolution"},
    ]
    for n, args in enumerate(shown):
        assert isinstance(await play.do(effect("show", f"s:{n}", **args)), Done)
    assert isinstance(await play.do(effect("say", "u", surface="update", seq=6)), Done)
