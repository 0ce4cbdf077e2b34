"""Whatever people and machines do, in whatever order: the state holds together, and everything follows from the events."""

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain import change, course, ending, moments, people, roles, saying, undo
from bot.domain.events import Draft, Event, join, kind_of, split
from bot.domain.facts import Facts, facts, facts_of
from bot.domain.incident import replay
from bot.domain.state import Incident
from bot.domain.terms import MINUTE, Kind, Micros, Milestone, Severity, Source, Status
from bot.errors import UserError
from bot.metrics import of_incident
from bot.metrics.catalogue import DURATIONS
from tests.bot.domain.log import Log, alerted, declared, minute
from tests.bot.domain.machine import MACHINE

Decide = Callable[[Incident, people.By], tuple[Draft, ...]]
INCIDENT, FACTS = TypeAdapter(Incident), TypeAdapter(Facts)
PEOPLE = ("UANA", "UBEN", "ULI")
ROLE = st.sampled_from(("commander", "operations", "scribe"))
WORD = st.sampled_from((*moments.WORDS, "resolved"))
BACK = st.one_of(st.none(), st.integers(-40, 10).map(minute))


def _decision(name: str, *args: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Decide]]:
    module = next(m for m in (change, course, ending, moments, people, roles, saying) if hasattr(m, name))
    decision = getattr(module, name)
    return st.tuples(*args).map(lambda given: (name, lambda incident, by: decision(incident, by, *given)))


DECISIONS = st.one_of(
    _decision("acknowledge"),
    _decision("join"),
    _decision("take", ROLE),
    _decision("take").map(lambda bare: ("whatever waits", bare[1])),
    _decision("pass_"),
    _decision("assign", ROLE, st.sampled_from(PEOPLE)),
    _decision("hand_over", st.sampled_from(PEOPLE)),
    _decision("leave"),
    _decision("set_status", st.sampled_from(Status), BACK),
    _decision("set_severity", st.sampled_from(Severity), st.just(("commander",))),
    _decision("mark", WORD, BACK),
    _decision("resolve", BACK),
    _decision("reopen", st.just("again")),
    _decision("close"),
    _decision("decline", st.sampled_from(tuple(ending.DECLINED))),
    _decision("kind", st.sampled_from(Kind), st.just("we practised")),
    _decision("watch", st.one_of(st.none(), st.just(minute(200)))),
    _decision("pause", st.just("the vendor calls back")),
    _decision("resume"),
    _decision("note", st.just("hello")),
    _decision("send_update", st.just("x"), st.just("y")),
)
STEP = st.tuples(
    st.one_of(DECISIONS, MACHINE),
    st.sampled_from(PEOPLE),
    st.sampled_from(("command", "button", "message")),
    st.integers(0, 9),
)
STORY = st.tuples(st.booleans(), st.lists(STEP, max_size=20))
AGAIN = frozenset({"note", "send_update", "pass_", "leave", "whatever waits"})


def told(story: tuple[bool, list[Any]], kind: Kind = Kind.REAL) -> Log:
    """The story as a log; what is refused changes nothing."""
    by_alert, steps = story
    log = alerted(kind) if by_alert else declared(kind)
    for what, who, how, wait in steps:
        log.after(wait)
        log.source = Source.BUTTON if how != "message" else Source.SLACK_EVENT
        if isinstance(what, tuple):
            _decide(log, what, people.By(who, log.now, how))
        else:
            log.add("bot", what, source=Source.AUTOMATION)
    return log


def _decide(log: Log, what: tuple[str, Decide], by: people.By) -> None:
    name, decision = what
    try:
        log.decided(by.who, decision(log.state, by))
        again = decision(log.state, by)
    except UserError:
        return
    assert name in AGAIN or again == (), f"{name} again: {again}"


def holds_together(incident: Incident) -> None:
    assert incident.statuses[-1].value == incident.status
    for history in (incident.statuses, incident.severities, *incident.roles.values()):
        assert all(one.end is not None for one in history[:-1])
        assert all(one.end is None or one.start <= one.end for one in history)
        assert all(a.end is not None and a.end <= b.start for a, b in pairwise(history))
    assert set(incident.answered) <= {*PEOPLE}
    assert incident.status.open or incident.status is not Status.RESOLVED or incident.mark(Milestone.RESOLVED)
    assert not incident.status.open or incident.mark(Milestone.RESOLVED) is None
    assert incident.alerts.firing >= 0
    assert incident.status.open or (incident.paused, incident.watched_until) == (None, None)


@given(STORY)
@settings(max_examples=60, deadline=None)
def test_the_state_holds_together_and_follows_from_the_events(story: tuple[bool, list[Any]]) -> None:
    log = told(story)
    holds_together(log.state)
    assert replay(log.events) == log.state
    assert facts(log.events) == facts_of(log.state)
    assert log.state.seq == len(log.events)
    for event in log.events:
        data, words = split(event.payload)
        assert join(event.kind, orjson.loads(orjson.dumps(data)), words) == event.payload
    assert INCIDENT.validate_json(INCIDENT.dump_json(log.state)) == log.state
    found = facts_of(log.state)
    assert FACTS.validate_json(orjson.dumps(found)) == found


@given(STORY)
@settings(max_examples=25, deadline=None)
def test_without_any_words_the_state_is_the_same(story: tuple[bool, list[Any]]) -> None:
    log = told(story)
    silent = [replace(e, payload=join(kind_of(e.payload), split(e.payload)[0], {})) for e in log.events]
    assert replay(silent) == replace(log.state, title="")


@given(STORY, st.integers(-(10**6), 10**6))
@settings(max_examples=25, deadline=None)
def test_shifting_all_times_shifts_no_duration(story: tuple[bool, list[Any]], minutes: int) -> None:
    log = told(story)
    before, after = facts(log.events), facts(shifted(e, minutes * MINUTE) for e in log.events)
    assert [m.of(after) for m in DURATIONS] == [m.of(before) for m in DURATIONS]
    assert of_incident(after) == of_incident(before)
    assert after.found == before.found


def shifted(event: Event, by: Micros) -> Event:
    """An event at another time: the envelope and every moment inside."""
    payload = event.payload
    moved = {
        f.name: getattr(payload, f.name) + by
        for f in fields(payload)
        if (f.name.endswith("_at") or f.name == "since") and getattr(payload, f.name) is not None
    }
    return replace(
        event, occurred_at=event.occurred_at + by, recorded_at=event.recorded_at + by, payload=replace(payload, **moved)
    )


@given(STORY)
@settings(max_examples=25, deadline=None)
def test_a_reopening_is_counted_by_what_happened(story: tuple[bool, list[Any]]) -> None:
    log = told(story)
    resolved = again = 0
    for status in log.state.statuses:
        if status.value == Status.RESOLVED:
            resolved = 1
        elif Status(status.value).open:
            again, resolved = again + resolved, 0
    assert len(log.state.reopened) == again


@given(STORY)
@settings(max_examples=60, deadline=None)
def test_what_is_taken_back_is_as_if_it_had_never_happened(story: tuple[bool, list[Any]]) -> None:
    log = told(story)
    taken = undo.last_of("", log.events, log.now)
    if not taken:
        return
    seqs = {event.seq for event in taken}
    without = replay(event for event in log.events if event.seq not in seqs)
    try:
        log.decided("UANA", undo.undo(log.state, taken, log.events))
    except UserError:
        return
    state = log.state
    assert (state.status, state.severity, state.kind) == (without.status, without.severity, without.kind)
    assert (state.marks, state.required) == (without.marks, without.required)
    assert len(state.reopened) == len(without.reopened)
    holds_together(state)
