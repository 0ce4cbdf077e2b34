"""Notes, pins, updates."""

import pytest

from bot.domain.events import Noted, Pinned, StatusChanged, UpdateSent
from bot.domain.people import acknowledge
from bot.domain.saying import LONGEST, note, pin, send_update, unpin
from bot.domain.terms import Status
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
