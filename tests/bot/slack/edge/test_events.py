"""Mentions, pins, first words, changes of people: acknowledged after their commit."""

import gc
import warnings
from typing import Any, cast

from bot.clock import KeptTasks
from bot.domain.reading import posted
from bot.slack.chat import SlackChat
from bot.slack.edge import Edge
from bot.workspace import Group as SlackGroup
from bot.workspace import Person as SlackPerson
from bot.workspace import Workspace
from tests.bot.slack.edge.flows import Flows, whispered
from tests.fakes import FakeClock
from tests.waiting import looks


async def test_a_mention_is_a_command_also_in_a_thread(ws: Workspace, room: str, flows: Flows) -> None:
    ana = ws.person("ana")
    root = await ana.say(room, "what now?")
    await ana.say(room, "@tocsin say hello", thread=root)
    await ws.until(lambda: "Ana said hello in 42." in whispered(ws, "ana", room))
    await ana.say(room, "thanks, @tocsin say")
    await ana.say(room, "@ben say it to @tocsin")
    await ws.quiet()
    assert len(whispered(ws, "ana", room)) == len(flows.asks) == 1
    assert flows.asks[0].input.startswith(f"message:{room}:")


async def test_a_direct_message_is_a_command(ws: Workspace, room: str, flows: Flows) -> None:
    await ws.person("ana").say("@tocsin", "say hello")
    await ws.until(lambda: flows.asks)
    await ws.person("ben").say("@tocsin", "say hello")
    await ws.until(lambda: len(flows.asks) == 2)
    assert [(ask.who, ask.incident) for ask in flows.asks] == [("U1", 42), ("U2", None)]


async def test_a_pin_and_its_removal(ws: Workspace, room: str, flows: Flows) -> None:
    ts = await ws.person("ben").say(room, "the primary is gone")
    await ws.person("ana").react(room, ts, "pushpin")
    await ws.until(lambda: flows.of("pinned"))
    assert flows.of("pinned")[0][2:] == ("U1", ts, "U2", "the primary is gone", posted(ts))
    await ws.person("ana").react(room, ts, "eyes")
    await ws.person("ana").react(room, ts, "pushpin", on=False)
    await ws.until(lambda: flows.of("unpinned"))
    assert flows.of("unpinned")[0][2:] == ("U1", ts)
    await ws.person("ben").delete(room, ts)
    await ws.until(lambda: len(flows.of("unpinned")) == 2)
    assert len(flows.of("pinned")) == 1


async def test_a_pin_counts_even_if_its_words_cannot_be_read(ws: Workspace, room: str, flows: Flows) -> None:
    ts = await ws.person("ben").say(room, "the primary is gone")
    ws.fault("conversations.history", "500")
    await ws.person("ana").react(room, ts, "pushpin")
    await ws.until(lambda: flows.of("pinned"))
    assert flows.of("pinned")[0][4:6] == ("U2", "")


async def test_the_first_words_of_a_person_are_a_sign_of_life(
    ws: Workspace, room: str, flows: Flows, chat: SlackChat
) -> None:
    await ws.person("ana").say(room, "I am here already")
    await ws.person("ben").say(room, "here")
    await ws.until(lambda: flows.of("seen"))
    ws.add_channel("elsewhere", "ben")
    await ws.person("ben").say("elsewhere", "lunch?")
    await ws.quiet()
    assert [what[2] for what in flows.of("seen")] == ["U1", "U2"], "Ana commands a sev1: her silence would be noticed"


async def test_an_event_is_acknowledged_after_its_commit_only(
    ws: Workspace, room: str, flows: Flows, clock: FakeClock
) -> None:
    """F7: a retry of what was never saved is processed; it carries the same id, by which the store knows a repeat."""
    flows.away = 1
    await ws.person("ben").say(room, "here")
    await ws.until(lambda: flows.away == 0)
    async for _ in looks(pause=0.05):
        await clock.forward("3s")
        if flows.of("seen"):
            break
    assert len(flows.of("seen")) == 1


async def test_an_event_delivered_four_times_has_one_id(ws: Workspace, room: str, flows: Flows, edge: Edge) -> None:
    words = {"type": "message", "user": "U2", "channel": room, "ts": "1.2"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": words}
    answers = [await edge.happened(body, None) for _ in range(4)]
    assert [answer.status for answer in answers] == [200] * 4
    assert {what[1] for what in flows.of("seen")} == {"Ev1"}


async def test_an_event_in_the_moment_of_the_end_is_not_half_begun(edge: Edge, tasks: KeptTasks, room: str) -> None:
    """What was started and had no turn yet is cancelled without a trace."""
    words = {"type": "message", "user": "U2", "channel": room, "ts": "1.2"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": words}
    hearing = edge.happened(body, None)
    hearing.send(None)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        await tasks.stop()
        hearing.close()
        gc.collect()
    assert not said


async def test_people_and_groups_that_change_are_learnt(ws: Workspace, room: str, flows: Flows) -> None:
    ws.change_person("ben", deleted=True)
    ws.add_person(SlackPerson(id="U8", name="zhou", real_name="Zhou"))
    ws.add_group(SlackGroup(id="S1", handle="dba", name="DBA", members=["U1"]))
    await ws.until(lambda: len(flows.heard) == 3)
    assert sorted(flows.heard) == [("group", "dba", ("U1",)), ("person", "U2", True), ("person", "U8", False)]


async def test_what_is_not_ours_is_acknowledged(edge: Edge) -> None:
    for body in (
        {"type": "shortcut", "callback_id": "x"},
        {"type": "view_closed", "view": {}},
        {"type": "block_actions", "actions": [{"action_id": "other"}]},
        {"type": "view_submission", "view": {"callback_id": "other"}},
    ):
        answer = await edge.door(cast(Any, type("Request", (), {"body": body})), cast(Any, None))
        assert answer.status == 200
