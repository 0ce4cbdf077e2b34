"""Everybody gets an answer in time, and nobody is told "done" of what is not."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.events import RefusedTo
from bot.domain.terms import Source
from bot.ports import Person
from bot.slack import inbox
from bot.slack.edge import Edge
from bot.workspace import Workspace
from tests.bot.slack.edge.flows import Flows, whispered
from tests.bot.slack.stage import OneIncident
from tests.fakes import FakeClock


async def test_a_command_is_answered_with_its_result(ws: Workspace, room: str, flows: Flows) -> None:
    await ws.person("ana").command("/tocsin say hello there", room)
    assert whispered(ws, "ana", room) == ["Ana said hello there in 42."]
    assert whispered(ws, "ben", room) == []
    ask = flows.asks[0]
    assert (ask.who, ask.incident, ask.zone, ask.source) == ("U1", 42, "Europe/Lisbon", Source.BOT_COMMAND)


async def test_a_command_may_name_its_incident(ws: Workspace, room: str, flows: Flows, edge: Edge) -> None:
    ws.add_channel("elsewhere", "ana")
    await ws.person("ana").command("/tocsin say INC-42 hello", "elsewhere")
    await ws.person("ana").command("/tocsin say hello", "elsewhere")
    assert [ask.incident for ask in flows.asks] == [42, None]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/tocsin sya hello", "I do not know `sya`. Did you mean `say hello`?\nFor example: `/tocsin say hello`"),
        ("/tocsin say", "Say something.\nFor example: `/tocsin say hello`"),
        ("/tocsin refuse", "Not now, Ana."),
        ("/tocsin broken", "Something went wrong in Tocsin. Nothing was changed; please try again."),
        ("/tocsin say <!channel> `x` *y*", "Ana said &lt;!channel&gt; ˋxˋ ∗y∗ in 42."),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(ws: Workspace, room: str, line: str, answer: str) -> None:
    await ws.person("ana").command(line, room)
    assert [line.replace("<", "&lt;").replace(">", "&gt;") for line in whispered(ws, "ana", room)] == [answer]


async def test_a_slow_command_is_answered_in_time_and_again_when_it_is_done(
    ws: Workspace, room: str, flows: Flows, clock: FakeClock
) -> None:
    asked = asyncio.create_task(ws.person("ana").command("/tocsin slow", room))  # noqa: TID251
    await ws.until(lambda: flows.held)
    await clock.forward("1s")
    await asked
    assert whispered(ws, "ana", room) == ["Saving …"]
    flows.hold.set()
    await ws.until(lambda: len(whispered(ws, "ana", room)) == 2)
    assert whispered(ws, "ana", room)[1] == "It is saved."


async def test_nobody_is_told_done_of_what_failed_later(
    ws: Workspace, room: str, flows: Flows, clock: FakeClock
) -> None:
    asked = asyncio.create_task(ws.person("ana").command("/tocsin late", room))  # noqa: TID251
    await ws.until(lambda: flows.held)
    await clock.forward("1s")
    await asked
    flows.hold.set()
    await ws.until(lambda: len(whispered(ws, "ana", room)) == 2)
    assert whispered(ws, "ana", room)[1] == "The database does not answer. Nothing was saved; please try again."


async def test_strangers_and_those_who_left_may_nothing(
    ws: Workspace, room: str, flows: Flows, store: OneIncident
) -> None:
    words = "Not done: only people of this workspace may do this."
    ana = Person("U1", "Ana")
    for n, changed in enumerate((replace(ana, stranger=True), replace(ana, deleted=True), replace(ana, bot=True)), 1):
        store.directory["U1"] = changed
        await ws.person("ana").command("/tocsin say hello", room)
        assert whispered(ws, "ana", room) == [words] * n
    assert flows.asks == []
    assert store.recorded == [("inc:42", RefusedTo("say", "stranger"))] * 3


async def test_somebody_new_is_learnt(ws: Workspace, room: str, flows: Flows, store: OneIncident) -> None:
    del store.directory["U1"]
    await ws.person("ana").command("/tocsin say hello", room)
    assert flows.of("person") == [("person", "U1", False)]
    assert len(flows.asks) == 1
    ws.fault("users.info", "error", code="user_not_found")
    await ws.person("ana").command("/tocsin say hello", room)
    assert whispered(ws, "ana", room)[1] == "Not done: I do not know you yet. Please try again in a minute."


@pytest.mark.parametrize(
    ("sent", "typed_"),
    [
        ("note a &lt; b &amp;&amp; c", "a < b && c"),
        ("note &lt;!channel&gt;", "<!channel>"),
        ("note <https://g.example/d|https://g.example/d> is red", "https://g.example/d is red"),
        ("note <mailto:a@b.example|a@b.example>", "a@b.example"),
        ("note &amp;lt;", "&lt;"),
        ("note see <#C1|secret> and <#C2>", "see #[C1] and #[C2]"),
        ("note <!here> <!subteam^S1|@db> <!subteam^S2> <!date^1^{time}|03:04>", "@here @[S1] @[S2] 03:04"),
        ("note &lt;@U1&gt; &lt;#C1|x&gt;", "<@U1> <#C1|x>"),
        ("role operations <@U2|ben>", "operations @[U2]"),
    ],
)
def test_words_are_read_as_they_were_typed(sent: str, typed_: str) -> None:
    """Slack escapes three characters and puts links into brackets; people have typed neither."""
    assert inbox.typed(sent, input="i", who="U1").words == typed_
