"""The plan in the fold."""

from bot.domain.events import (
    ActionStarted,
    PlanAttached,
    PlanEnded,
    StepAnswered,
    StepAssigned,
    StepConfirmed,
    StepDone,
    StepOverdue,
    StepSkipped,
    StepStarted,
)
from bot.domain.state import Walk
from bot.domain.terms import Milestone
from tests.bot.domain.log import Log, alerted, minute


def walking(*steps: str) -> Log:
    log = alerted()
    log.after(1).add("bot", PlanAttached(1, "failover", "abc", "matched", 2))
    for step in steps:
        log.add("bot", StepStarted(1, step, 1, "database lead", "UBEN", minute(6)))
    return log


def walk(log: Log) -> Walk:
    assert log.state.walk is not None
    return log.state.walk


def states(log: Log) -> dict[str, str]:
    return {visit.step: visit.state for visit in walk(log).visits}


def test_a_step_begins_and_is_ticked() -> None:
    log = walking("1.1")
    assert log.mark(Milestone.PLAN_STARTED) == minute(1)
    current = walk(log).current
    assert current is not None
    assert (current.step, current.role, current.person, current.due_at) == ("1.1", "database lead", "UBEN", minute(6))
    log.after(2).add("UBEN", StepDone(1, "1.1", 1, proven=True))
    done = walk(log).visits[0]
    assert (done.state, done.done_at, done.done_by, done.evidence) == ("done", minute(3), "UBEN", True)
    assert walk(log).current is None


def test_a_second_person_confirms() -> None:
    log = walking("1.1")
    log.add("UBEN", StepDone(1, "1.1", 1, confirm="commander"))
    assert walk(log).visits[0].state == "unconfirmed"
    assert walk(log).visits[0].confirm == "commander"
    log.after(1).add("UANA", StepConfirmed(1, "1.1", 1, alone=True))
    visit = walk(log).visits[0]
    assert (visit.state, visit.confirmed_by, visit.confirmed_at, visit.alone) == ("done", "UANA", minute(2), True)


def test_what_is_settled_stays() -> None:
    log = walking("1.1")
    log.add("UBEN", StepDone(1, "1.1", 1))
    log.after(1).add("UANA", StepSkipped(1, "1.1", 1))
    log.add("UANA", StepDone(1, "1.1", 1))
    assert (walk(log).visits[0].state, walk(log).visits[0].done_by) == ("done", "UBEN")


def test_skipped_assigned_overdue() -> None:
    log = walking("1.1")
    log.add("UANA", StepAssigned(1, "1.1", 1, "UZOE", "UBEN"))
    log.add("bot", StepOverdue(1, "1.1", 1))
    assert (walk(log).visits[0].person, walk(log).visits[0].overdue) == ("UZOE", True)
    log.add("UANA", StepSkipped(1, "1.1", 1))
    assert states(log) == {"1.1": "skipped"}


def test_a_decision_that_goes_on_leaves_nothing_behind() -> None:
    log = walking()
    log.add("bot", StepStarted(1, "1.1", 1, meanwhile=True))
    log.add("bot", StepStarted(1, "1.2", 1))
    log.add("UANA", StepAnswered(1, "1.2", 1, "Yes", "continue"))
    assert states(log) == {"1.1": "open", "1.2": "done"}


def test_a_jump_leaves_what_held_up_the_next_step_and_not_what_is_done_meanwhile() -> None:
    log = walking()
    log.add("bot", StepStarted(1, "1.1", 1, meanwhile=True))
    log.add("bot", StepStarted(1, "1.2", 1))
    log.add("bot", ActionStarted(1, "1.2", 1, "look", "a1", 1, False))
    log.add("bot", StepStarted(1, "1.3", 1))
    log.add("UANA", StepAnswered(1, "1.3", 1, "No", "phase:stand-down"))
    assert states(log) == {"1.1": "open", "1.2": "running", "1.3": "done"}
    assert walk(log).visits[2].to == "phase:stand-down"
    log.add("bot", StepStarted(1, "1.4", 1))
    log.add("UANA", StepAnswered(1, "1.1", 1, "No", "stop"))
    assert states(log)["1.4"] == "left"


def test_the_next_step_takes_the_place_of_one_that_was_left() -> None:
    log = walking("1.1", "2.1")
    assert states(log) == {"1.1": "left", "2.1": "open"}


def test_the_same_start_twice_is_one_visit_and_a_second_visit_is_another() -> None:
    log = walking("1.1", "1.1")
    assert len(walk(log).visits) == 1
    log.add("UBEN", StepDone(1, "1.1", 1))
    log.add("bot", StepStarted(1, "1.1", 2))
    assert [(v.visit, v.state) for v in walk(log).visits] == [(1, "done"), (2, "open")]


def test_the_end_of_a_plan_leaves_what_waits() -> None:
    log = walking("1.1")
    log.after(1).add("bot", PlanEnded(1, "stopped"))
    assert (walk(log).outcome, walk(log).ended_at, states(log)) == ("stopped", minute(2), {"1.1": "left"})


def test_events_of_an_unknown_run_or_step_change_nothing() -> None:
    log = walking("1.1")
    before = log.state.walks
    log.add("UANA", StepDone(9, "1.1", 1))
    log.add("UANA", StepDone(1, "9.9", 1))
    assert log.state.walks == before
