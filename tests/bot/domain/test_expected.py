"""The update that nobody has promised: due from the beginning, as often as the severity asks."""

import pytest

from bot.domain import expected
from bot.domain.events import Draft, KindChanged, Payload, SeverityChanged, StatusChanged, Undone, UpdateSent
from bot.domain.terms import MINUTE, Kind, Micros, Severity, Status
from bot.errors import Refused
from tests.bot.domain.log import Log, alerted, declared, minute

QUARTER: Micros = 15 * MINUTE
HOUR: Micros = 60 * MINUTE


def due(drafts: tuple[Draft, ...]) -> Micros | str | None:
    """For when an update is expected, "" if nothing changes."""
    return drafts[0].payload.due_at if drafts else ""  # type: ignore[attr-defined]


def begun(every: Micros | None = 2 * QUARTER) -> Log:
    log = alerted()
    log.decided("bot", expected.first(log.state, every, log.now))
    return log


def say(log: Log, payload: Payload, every: Micros | None) -> Micros | str | None:
    log.add("UANA", payload)
    drafts = expected.turned(log.state, [payload], every, log.now)
    log.decided("bot", drafts)
    return due(drafts)


def test_it_is_counted_from_when_it_was_declared() -> None:
    log = alerted().after(2)
    assert due(expected.first(log.state, QUARTER, log.now)) == minute(15)
    assert due(expected.first(log.after(20).state, QUARTER, log.now)) == minute(37), "we were down: nobody was late"
    assert begun().state.next_update_at == minute(30)
    assert expected.first(begun().state, 2 * QUARTER, minute(1)) == (), "once"


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.TEST, Kind.BACKFILL])
def test_only_what_is_real_asks(kind: Kind) -> None:
    assert expected.first(declared(kind).state, QUARTER, minute(0)) == ()
    assert expected.first(declared().state, None, minute(0)) == (), "its severity asks for none"


def test_worse_is_sooner_and_never_forgives_what_is_late() -> None:
    graver = SeverityChanged(Severity.SEV2, Severity.SEV1, ())
    assert say(begun().after(5), graver, QUARTER) == minute(20)
    assert say(begun().after(25), graver, QUARTER) == "", "30 is sooner than 40"
    assert say(begun().after(31), graver, QUARTER) == "", "it is late, and stays late"
    assert say(begun().after(5), SeverityChanged(Severity.SEV2, Severity.SEV3, ()), HOUR) == minute(65)
    assert say(begun().after(5), SeverityChanged(Severity.SEV2, Severity.SEV4, ()), None) is None
    assert say(begun(None).after(5), graver, QUARTER) == minute(20)


def test_quiet_after_mitigation() -> None:
    log = begun().after(10)
    assert say(log, StatusChanged(Status.INVESTIGATING, Status.IDENTIFIED), 2 * QUARTER) == ""
    assert say(log, StatusChanged(Status.IDENTIFIED, Status.MONITORING), 2 * QUARTER) == minute(70)
    assert say(log.after(5), StatusChanged(Status.MONITORING, Status.INVESTIGATING), 2 * QUARTER) == minute(45)


def test_what_was_late_while_it_was_calm_is_due_anew_when_it_is_worse() -> None:
    log = begun().after(10)
    log.add("UANA", UpdateSent(minute(20)))
    say(log, StatusChanged(Status.INVESTIGATING, Status.MONITORING), 2 * QUARTER)
    late = log.after(40)
    assert late.state.next_update_at is not None
    assert late.state.next_update_at < late.now
    assert say(log, StatusChanged(Status.MONITORING, Status.INVESTIGATING), 2 * QUARTER) == minute(80)


def test_what_goes_on_after_its_end_is_told_of_again() -> None:
    log = begun().after(10)
    log.add("UANA", UpdateSent(minute(20)))
    assert say(log, StatusChanged(Status.INVESTIGATING, Status.RESOLVED), 2 * QUARTER) == ""
    log.after(30)
    assert say(log, StatusChanged(Status.RESOLVED, Status.INVESTIGATING), 2 * QUARTER) == minute(70)
    again = begun().after(10)
    again.add("UANA", StatusChanged(Status.INVESTIGATING, Status.RESOLVED))
    assert say(again, Undone((3,), status=Status.INVESTIGATING), 2 * QUARTER) == "", "30 is to come still"


def test_a_promise_of_a_person_goes_before_it() -> None:
    log = begun().after(5)
    log.add("UANA", UpdateSent(minute(50)))
    changes: tuple[Payload, ...] = (
        SeverityChanged(Severity.SEV2, Severity.SEV1, ()),
        StatusChanged(Status.INVESTIGATING, Status.MONITORING),
        Undone((2,), severity=Severity.SEV2),
        KindChanged(Kind.TEST, Kind.REAL),
    )
    assert [say(log, change, QUARTER) for change in changes] == [""] * 4
    assert expected.first(log.state, QUARTER, log.now) == ()


def test_a_late_one_is_put_off_and_everybody_sees_it() -> None:
    log = begun().after(19)
    with pytest.raises(Refused):
        expected.put_off(log.state, log.by("UANA"))
    log.after(12).decided("UANA", expected.put_off(log.state, log.by("UANA")))
    assert log.state.next_update_at == minute(41)
