"""The fold: what each thing that happens makes of an incident."""

from bot.domain.events import KINDS, Noted, StatusChanged, UpdateMissed, join, split
from bot.domain.incident import fold, replay
from bot.domain.terms import Milestone, Status
from tests.bot.domain.log import alerted, declared, minute


def test_replay_is_the_same_as_folding_step_by_step() -> None:
    log = alerted()
    log.after(3).add("UANA", Noted("hello"))
    assert replay(log.events) == log.state
    assert log.state.seq == 3


def test_every_kind_of_event_can_be_stored_and_read_again() -> None:
    for kind, cls in KINDS.items():
        assert cls.__doc__, kind
    log = alerted()
    for event in log.events:
        data, words = split(event.payload)
        assert join(event.kind, data, words) == event.payload


def test_a_record_only_changes_the_position() -> None:
    log = alerted()
    before = log.state
    after = fold(before, log.events[0].__class__("inc:42", 3, 0, 0, "bot", log.source, "x", UpdateMissed(minute(1))))
    assert after.seq == 3
    assert after.statuses == before.statuses


def test_an_alert_opens_and_says_when_it_began() -> None:
    log = alerted(began=-2)
    assert log.mark(Milestone.FIRST_SIGNAL) == minute(-2)
    assert log.mark(Milestone.STARTED) == minute(-2)
    assert log.state.marks[Milestone.STARTED].source == "derived"
    assert log.mark(Milestone.DETECTED) == minute(0)


def test_a_declaration_does_not_say_when_it_began() -> None:
    log = declared()
    assert log.mark(Milestone.STARTED) is None
    assert log.mark(Milestone.DETECTED) == minute(0)
    assert log.state.answered == ("UANA",)


def test_going_on_and_back_through_statuses() -> None:
    log = alerted()
    log.after(5).add("UANA", StatusChanged(Status.INVESTIGATING, Status.IDENTIFIED))
    log.after(5).add("UANA", StatusChanged(Status.IDENTIFIED, Status.MONITORING))
    assert log.mark(Milestone.DIAGNOSED) == minute(5)
    assert log.mark(Milestone.MITIGATED) == minute(10)
    log.after(1).add("UANA", StatusChanged(Status.MONITORING, Status.IDENTIFIED))
    assert log.mark(Milestone.MITIGATED) is None
    assert log.mark(Milestone.DIAGNOSED) == minute(5)
