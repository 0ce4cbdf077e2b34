"""Watching, pausing, folding together and parting, archiving: what is decided and what is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import course, ending, merging, people, questions, undo, walk_people
from bot.domain.events import (
    Draft,
    MilestoneMarked,
    Payload,
    RoleTaken,
    SeverityChanged,
    StatusChanged,
    StepAnswered,
    StepConfirmed,
    StepDone,
    StepSkipped,
    UpdateSent,
)
from bot.domain.ingest import all_clear
from bot.domain.service import Service, Services
from bot.domain.state import Incident
from bot.domain.terms import Kind, Milestone, Severity, Status
from bot.errors import BadInput, Refused
from tests.bot.domain.log import Log, alerted, declared, fired, minute
from tests.bot.domain.plans import walking


def code(decision: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        decision()
    return caught.value.code


def test_a_watch_is_no_longer_than_a_week_and_ends_with_a_question() -> None:
    log = alerted()
    for until in (minute(-1), minute(8 * 24 * 60)):
        with pytest.raises(BadInput):
            course.watch(log.state, log.by("UANA"), until)
    log.decided("UANA", course.watch(log.state, log.by("UANA"), minute(60)))
    log.add("alert:alertmanager", fired(0, None, cleared=1))
    assert all_clear(log.state) == (), "people are asked when it is over"
    assert course.watch_over(log.state, minute(61), minute(60)) == (), "it was moved meanwhile"
    assert [type(d.payload).__name__ for d in course.watch_over(log.state, minute(60), minute(60))] == [
        "Watched",
        "AllClear",
    ]
    log.decided("bot", course.watch_over(log.state, minute(60), minute(60)))
    assert not course.watched(log.state, minute(59))


@pytest.mark.parametrize(
    ("into", "other", "why"),
    [
        ({"number": 7}, {}, "same"),
        ({}, {"status": Status.MERGED, "merged_into": 3}, "merged"),
        ({"status": Status.MERGED, "merged_into": 3}, {}, "merged"),
        ({"status": Status.CLOSED}, {}, "closed"),
        ({}, {"status": Status.CLOSED}, "closed"),
        ({}, {"kind": Kind.DRILL}, "kind"),
        ({}, {"private": True}, "private"),
    ],
)
def test_what_cannot_be_folded_together(into: Mapping[str, Any], other: Mapping[str, Any], why: str) -> None:
    here, there = replace(alerted().state, **into), replace(alerted().state, **{"number": 7, **other})
    assert code(lambda: merging.merge(here, there, ())) == why


def test_folding_together_and_parting_changes_nothing() -> None:
    """The earlier first signal holds meanwhile, unless a person has said otherwise."""
    parent, child = alerted(), alerted(began=-5)
    before = parent.state
    there = replace(child.state, number=7)
    here, theirs = merging.merge(parent.state, there, ("ab",))
    parent.decided("UANA", here)
    assert parent.mark(Milestone.FIRST_SIGNAL) == minute(-5)
    assert (parent.state.alerts.firing, parent.state.took_in) == (2, (7,))
    child.decided("UANA", theirs)
    merged = replace(child.state, number=7)
    assert merging.merge(parent.state, merged, ()) == ((), ()), "once"
    _refused_apart(parent, merged)
    out, off = merging.split(replace(parent.state, number=42), merged, parent.events, child.events, (1, 1), ())
    parent.decided("UANA", out)
    child.decided("UANA", off)
    assert child.state.status is Status.INVESTIGATING
    assert _told(parent.state) == _told(before)


def _refused_apart(parent: Log, merged: Incident) -> None:
    elsewhere = replace(merged, merged_into=3)
    assert code(lambda: merging.split(parent.state, elsewhere, (), (), (0, 0), ())) == "not_merged"


def _told(incident: Incident) -> tuple[object, ...]:
    moments = {name: (mark.at, mark.source) for name, mark in incident.marks.items()}
    return moments, incident.alerts, incident.took_in


def test_what_a_person_has_set_right_stays_when_another_is_folded_in() -> None:
    parent = alerted()
    parent.add("UANA", MilestoneMarked("detected"), at=minute(0.5))
    there = replace(alerted(began=-5).state, number=7)
    parent.decided("UANA", merging.merge(parent.state, there, ())[0])
    assert parent.mark(Milestone.DETECTED) == minute(0.5)


def test_who_comes_later_and_changes_the_same_keeps_it() -> None:
    log = alerted()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, Status.MONITORING))
    taken = undo.last_of("UANA", log.events, log.now)
    log.add("UBEN", MilestoneMarked("mitigated"), at=minute(-1))
    assert code(lambda: undo.undo(log.state, taken, log.events)) == "changed"
    assert undo.last_of("UANA", log.events, minute(2.5)) == ()


STEP = StepAnswered(1, "1.4", 1, "Yes", "continue")
TICKS = [STEP, StepDone(1, "1.4", 1), StepConfirmed(1, "1.4", 1), StepSkipped(1, "1.4", 1, "")]


@pytest.mark.parametrize("step", TICKS, ids=lambda step: type(step).__name__)
def test_what_a_step_has_set_stays_with_the_step(step: Payload) -> None:
    log = alerted()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, Status.MONITORING))
    log.decided("UANA", (Draft(step), Draft(MilestoneMarked("diagnosed", "step"))))
    log.add("UANA", UpdateSent(doing="We fail over"))
    assert undo.last_of("UANA", log.events, log.now) == undo.last_of("", log.events, log.now) == ()
    assert code(lambda: undo.refuse_for_good("UANA", log.events, log.now)) == "for_good"
    log.add("UANA", SeverityChanged(Severity.SEV2, Severity.SEV1))
    undo.refuse_for_good("UANA", log.events, log.now)
    assert [type(one.payload) for one in undo.last_of("UANA", log.events, log.now)] == [SeverityChanged]


def test_who_began_with_a_wrong_word_takes_it_back() -> None:
    log = alerted()
    first = Draft(SeverityChanged(Severity.SEV2, Severity.SEV1))
    log.decided("UANA", (*people.arrive(log.state, log.by("UANA")), first))
    assert any(isinstance(event.payload, RoleTaken) for event in log.events)
    undo.refuse_for_good("UANA", log.events, log.now)
    assert undo.last_of("UANA", log.events, log.now)


def test_a_channel_is_archived_when_it_is_over() -> None:
    log = declared()
    assert code(lambda: ending.archive(log.state)) == "not_over"
    log.state.__dict__["status"] = Status.CLOSED
    assert code(lambda: ending.archive(log.state)) == "no_channel"
    log.state.__dict__["channel"] = "C1"
    log.decided("UANA", ending.archive(log.state))
    assert ending.archive(log.state) == ()


@pytest.mark.parametrize(("kind", "asked"), [(Kind.REAL, 1), (Kind.DRILL, 1), (Kind.TEST, 0), (Kind.BACKFILL, 0)])
def test_the_five_questions_are_asked_once_of_what_is_over(kind: Kind, asked: int) -> None:
    log = declared(kind)
    assert questions.ask(log.state, "UANA") == ()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, Status.RESOLVED))
    drafts: tuple[Draft, ...] = questions.ask(log.state, "UANA")
    assert len(drafts) == asked
    log.decided("bot", drafts)
    assert questions.ask(log.state, "UANA") == ()
    assert log.state.severity is Severity.SEV2


def test_what_may_be_a_symptom_is_open_not_private_and_depends_on_it() -> None:
    db, web = Service("orders"), Service("web", depends_on=("orders",))
    services = Services({one.id: one for one in (db, web, Service("app", depends_on=("web",)), Service("mail"))})
    here = alerted().state
    one = replace(here, number=7, service="web")
    others = [
        replace(one, number=9, service="app"),
        one,
        replace(one, number=3, service="mail"),
        replace(one, number=4, private=True),
        replace(one, number=5, status=Status.RESOLVED),
        replace(one, number=6, kind=Kind.DRILL),
    ]
    assert merging.symptoms(services, here, others) == (7, 9)
    assert merging.symptoms(services, one, [here]) == (), "it depends on that, not the other way round"
    assert merging.symptoms(services, replace(here, status=Status.CLOSED), others) == ()


def test_a_pause_holds_the_time_of_a_step() -> None:
    """Its old timer comes within the time that is left, and says nothing."""
    log = walking()
    log.after(1).decided("UANA", course.pause(log.state, log.by("UANA"), "the vendor calls back"))
    log.after(10).decided("UANA", course.resume(log.state, log.by("UANA")))
    here = next(visit for visit in log.state.walks[0].visits if visit.due_at is not None)
    due = here.due_at or 0
    assert walk_people.overdue(log.state, 1, here.step, here.visit, due - 1) == ()
    assert due - here.started_at == minute(12) - minute(0)
    assert len(walk_people.overdue(log.state, 1, here.step, here.visit, due)) == 1
