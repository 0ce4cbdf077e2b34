"""Notes, pins, updates."""

import pytest

from bot.domain import change
from bot.domain.events import Noted, Pinned, StatusChanged, UpdateSent
from bot.domain.people import acknowledge
from bot.domain.saying import (
    LONGEST,
    as_it_stands,
    by_day,
    cadence,
    correct_update,
    meanwhile,
    note,
    pin,
    send_update,
    unpin,
)
from bot.domain.terms import HOUR, MINUTE, Status
from bot.errors import BadInput, Refused
from tests.bot.domain.log import Log, alerted, minute


def answered() -> Log:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    return log


def test_a_note() -> None:
    log = answered()
    drafts = note(log.state, log.by("UANA"), "  vendor called ", minute(-3))
    assert [(d.payload, d.at) for d in drafts] == [(Noted("vendor called"), minute(-3))]
    (long,) = note(log.state, log.by("UANA"), "x" * 9000)
    assert isinstance(long.payload, Noted)
    assert len(long.payload.text) == LONGEST
    with pytest.raises(BadInput):
        note(log.state, log.by("UANA"), "  ")


def test_a_pin_has_the_time_of_its_message_and_is_there_once() -> None:
    log = answered().after(9)
    drafts = pin(log.state, log.by("UANA", "reaction"), "C1", "1.2", "UBEN", minute(4), "found it")
    assert [(d.payload, d.at) for d in drafts] == [(Pinned("C1", "1.2", "UBEN", "found it"), minute(4))]
    log.decided("UANA", drafts)
    assert pin(log.state, log.by("UBEN"), "C1", "1.2", "UBEN", minute(4), "found it") == ()
    log.decided("UANA", unpin(log.state, log.by("UANA"), "C1", "1.2"))
    assert unpin(log.state, log.by("UANA"), "C1", "1.2") == ()


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.REVIEW])
def test_after_the_resolution_no_update_is_promised(status: Status) -> None:
    log = answered()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, status))
    drafts = send_update(log.state, log.by("UANA"), "", "all is well", minute(20))
    assert [d.payload for d in drafts] == [UpdateSent(None, "", "all is well")]


@pytest.mark.parametrize("status", [Status.CLOSED, Status.MERGED, Status.CANCELLED])
def test_after_the_end_no_update_is_sent(status: Status) -> None:
    log = answered()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, status))
    with pytest.raises(Refused):
        send_update(log.state, log.by("UANA"), "", "all is well")


def test_an_update() -> None:
    log = answered()
    drafts = send_update(log.state, log.by("UANA"), "orders fail", "failing over", minute(20))
    assert [d.payload for d in drafts] == [UpdateSent(minute(20), "orders fail", "failing over")]
    for broken, doing, next_at in ((" ", "", None), ("x", "", minute(0))):
        with pytest.raises(BadInput):
            send_update(log.state, log.by("UANA"), broken, doing, next_at)


def test_an_update_is_corrected_once_for_each_change() -> None:
    log = answered()
    log.decided("UANA", send_update(log.state, log.by("UANA"), "a", "b", plain="c"))
    seq = log.state.update_seq
    by = log.by("UBEN")
    assert correct_update(by, log.events, seq, UpdateSent(None, "a", "b", "c")) == ()
    log.decided("UBEN", correct_update(by, log.events, seq, UpdateSent(None, "a", "B", "")))
    found = as_it_stands(log.events, seq)
    assert found == UpdateSent(None, "a", "B", "")
    assert log.state.updates == (log.now,), "a correction is no update"
    with pytest.raises(Refused):
        correct_update(by, log.events, seq - 1, UpdateSent(None, "a", "b"))
    with pytest.raises(BadInput):
        correct_update(by, log.events, seq, UpdateSent(None, " ", ""))


@pytest.mark.parametrize(
    ("hour", "zone", "waits"),
    [(12, "UTC", 0), (21, "UTC", 0), (22, "UTC", 9), (2, "UTC", 5), (7, "UTC", 0), (15, "Asia/Shanghai", 8)],
)
def test_who_only_reads_is_not_written_to_at_night(hour: int, zone: str, waits: int) -> None:
    at = hour * HOUR
    assert by_day(at, zone) == at + waits * HOUR


def test_it_is_quiet_after_the_mitigation() -> None:
    log = answered()
    assert cadence(log.state, 15 * MINUTE) == 15 * MINUTE
    log.add("UANA", StatusChanged(Status.INVESTIGATING, Status.MONITORING))
    assert cadence(log.state, 15 * MINUTE) == 30 * MINUTE
    assert cadence(log.state, None) is None


def test_what_others_did_while_an_update_was_written() -> None:
    """A note changes nothing; what its author did is known to the author."""
    log = answered()
    seen = log.state.seq
    log.decided("UBEN", note(log.state, log.by("UBEN"), "the graph falls"))
    log.decided("UANA", change.set_status(log.state, log.by("UANA"), Status.MITIGATING))
    assert meanwhile(log.events, log.by("UANA"), seen) == ()
    log.decided("UBEN", change.resolve(log.state, log.by("UBEN"), None))
    [event] = meanwhile(log.events, log.by("UANA"), seen)
    assert isinstance(event.payload, StatusChanged)
    assert meanwhile(log.events, log.by("UANA"), log.state.seq) == ()
