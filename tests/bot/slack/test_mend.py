"""A call that went out late, after somebody else had done the same: found by its key, and marked."""

from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.terms import Status
from bot.ports import Done, Effect
from bot.workspace import Workspace
from tests.bot.slack.samples import INCIDENT, event
from tests.bot.slack.stage import Playing, effect

MARK = "(sent again) This came twice by mistake. Go by the other one: INC-42"
CARD = effect("show", "card", surface="card")
LINE = effect("say", "line:3", surface="line", seq=3, where="thread")
ASKED = effect("dm", "invite:U1:5", surface="invite", person="U1", why="incident", role="")
DRAFT = effect("file", "postmortem:9", surface="postmortem")


def after(late: Effect) -> Effect:
    return replace(late, key=f"{late.key}:late:1", kind="mend", args={**late.args, "kind": late.kind})


async def twice(play: Playing, done: Effect) -> None:
    """Whoever took over does it and writes it down; then the other one's call arrives, of which nothing is written."""
    await play.do(done)
    rows = dict(play.store.messages)
    play.store.messages.pop(done.args["key"], None)
    await play.do(done)
    play.store.messages = rows


def shown(ws: Workspace, room: str) -> list[str]:
    """What stands in a channel and its threads, oldest first."""
    return [said.text for post in ws.channel(room).posts if post.by_app for said in (post, *post.replies)]


async def test_a_surface_that_stands_twice_is_marked(ws: Workspace, play: Playing) -> None:
    """The one that is kept up to date stays as it is, and is still edited."""
    room = await play.room()
    await twice(play, CARD)
    assert len(shown(ws, room)) == 2
    for _ in range(2):  # twice, as after a crash in the middle of it
        assert await play.do(after(CARD)) == Done()
        first, second = [post for post in ws.channel(room).posts if post.by_app]
        assert first.ts == play.store.messages["inc:42:card"].ts
        assert (first.text == MARK, second.text) == (False, MARK)
    assert len(ws.calls("chat.update")) == 2, "marked once; then the card alone is brought up to date"


async def test_a_line_that_stands_twice_is_marked_in_its_thread(ws: Workspace, play: Playing) -> None:
    room = await play.room()
    play.store.events = [event(e.Acknowledged(), 3)]
    await play.do(CARD)
    await twice(play, LINE)
    assert await play.do(after(LINE)) == Done()
    assert shown(ws, room)[1:] == ["Ana has seen it.", MARK]


async def test_a_line_that_went_into_the_channel_is_marked_there(ws: Workspace, play: Playing) -> None:
    """The one that was late did not know the card yet."""
    room = await play.room()
    play.store.events = [event(e.Acknowledged(), 3)]
    await play.do(LINE, attempt=5)
    del play.store.messages["inc:42:line:3"]
    await play.do(CARD)
    await play.do(LINE)
    assert await play.do(after(LINE)) == Done()
    assert sorted(shown(ws, room))[0] == MARK
    assert shown(ws, room).count("Ana has seen it.") == 1


async def test_a_direct_message_that_came_twice_is_marked(ws: Workspace, play: Playing) -> None:
    await play.room()
    await twice(play, ASKED)
    assert await play.do(after(ASKED)) == Done()
    seen = ws.person("ana").sees("@tocsin")
    assert ["You are on call for orders" in text for text in seen] == [True, False]
    assert MARK in seen[1]


async def test_a_file_that_was_uploaded_twice_is_marked_beside_it(ws: Workspace, play: Playing) -> None:
    room = await play.room()
    play.store.incident_now = replace(play.store.incident_now, status=Status.RESOLVED)
    await twice(play, DRAFT)
    for _ in range(2):
        assert await play.do(after(DRAFT)) == Done()
    assert [[said.text for said in post.replies] for post in ws.channel(room).posts] == [[], [MARK]]


@pytest.mark.parametrize("late", [CARD, LINE, ASKED, DRAFT])
async def test_what_stands_once_is_not_marked(ws: Workspace, play: Playing, late: Effect) -> None:
    room = await play.room()
    play.store.events = [event(e.Acknowledged(), 3)]
    await play.do(late, attempt=5)
    assert await play.do(after(late)) == Done()
    assert MARK not in shown(ws, room)
    assert MARK not in " ".join(ws.person("ana").sees("@tocsin"))


@pytest.mark.parametrize("late", [CARD, LINE, ASKED])
async def test_what_nobody_wrote_down_is_left_alone(play: Playing, late: Effect) -> None:
    """The effect failed with who took over; nothing says where it stands."""
    await play.room()
    assert await play.do(after(late)) == Done()


async def test_a_surface_that_shows_an_older_state_is_brought_up_to_date(ws: Workspace, play: Playing) -> None:
    """The late call was no post: it has written over what was newer."""
    room = ws.channel(await play.room())
    await play.do(CARD)
    play.store.incident_now = replace(play.store.incident_now, status=Status.MITIGATING)
    assert await play.do(after(CARD)) == Done()
    assert next(post for post in room.posts if post.by_app).text_has("Mitigating")


async def test_a_topic_is_set_again_whatever_was_written_down(ws: Workspace, play: Playing) -> None:
    room = await play.room()
    play.store.incident_now = replace(INCIDENT, channel=room)
    topic = effect("topic", "topic")
    await play.do(topic)
    wanted = ws.channel(room).topic
    ws.state.channels[room].topic.value = "SEV4 · Investigating"
    assert isinstance(await play.do(topic), Done)
    assert ws.channel(room).topic != wanted, "what it believes to stand there it does not set"
    assert isinstance(await play.do(after(topic)), Done)
    assert ws.channel(room).topic == wanted
