"""Pins, updates, outages and refusals in the fold."""

from bot.domain.events import OutageBegan, OutageEnded, Pinned, RefusedTo, Unpinned, UpdateSent
from bot.domain.state import Interval
from tests.bot.domain.log import alerted, minute


def test_a_pin_is_there_once_and_can_be_taken_off() -> None:
    log = alerted()
    log.add("UANA", Pinned("C1", "1.2", "UBEN"))
    log.add("UBEN", Pinned("C1", "1.2", "UBEN"))
    assert log.state.pins == ("C1:1.2",)
    assert log.add("UANA", Unpinned("C1", "1.2")).pins == ()


def test_updates_and_what_they_promise() -> None:
    log = alerted()
    log.after(5).add("UANA", UpdateSent(minute(20)))
    log.after(5).add("UANA", UpdateSent())
    assert log.state.updates == (minute(5), minute(10))
    assert log.state.promises == (minute(20), None)
    assert log.state.next_update_at is None


def test_an_outage_is_one_interval() -> None:
    log = alerted()
    log.after(1).add("bot", OutageBegan("timeout"))
    log.after(1).add("bot", OutageBegan("timeout"))
    log.after(1).add("bot", OutageEnded(minute(1)))
    log.after(2).add("bot", OutageEnded(minute(4)))
    assert log.state.outages == (Interval("timeout", minute(1), minute(3)), Interval("", minute(4), minute(5)))


def test_refusals_are_counted() -> None:
    assert alerted().add("UANA", RefusedTo("approve", "permission")).refusals == 1
