"""A question to which nobody says anything: said again at half of its time, and whoever is next hears of its end."""

import pytest

from bot.domain import approval, waking
from bot.domain.approval import Requirement, Wanted
from bot.domain.events import (
    ActionStarted,
    ActionUndone,
    ApprovalDenied,
    ApprovalExpired,
    ApprovalGiven,
    ApprovalWaits,
    ApprovalWidened,
    RoleTaken,
    StatusChanged,
    StepDone,
)
from bot.domain.terms import MINUTE, Status
from tests.bot.domain.log import Log
from tests.bot.domain.plans import walking

DIGEST, OTHER = "7f3a" * 16, "ac6a" * 16
GROUPS = {"sre": ("UANA", "UBEN"), "owners": ("UCAT", "UBEN")}


def members(group: str) -> tuple[str, ...]:
    return GROUPS.get(group, ())


def asked(digest: str = DIGEST, after: Log | None = None, undoes: str = "") -> Log:
    """For 15 minutes, of sre; of the owners after 5."""
    log = after or walking()
    wanted = Wanted(1, "1.2", 1, "restart", digest, "p" * 64, "web-1", "{}", undoes=undoes)
    log.decided("bot", approval.ask(log.state, wanted, Requirement(1, ("sre", "owners")), members, "", log.now))
    return log


@pytest.mark.parametrize(("minutes", "said"), [(0, False), (7.4, False), (7.5, True), (14.9, True), (15, False)])
def test_half_of_the_time_is_said_then_and_not_at_the_end(minutes: float, said: bool) -> None:
    log = asked().after(minutes)
    assert bool(approval.half_over(log.state, DIGEST, log.now)) is said


def test_it_is_said_once_to_those_who_have_not_answered() -> None:
    log = asked()
    log.add("UANA", ApprovalGiven(DIGEST, False, ("UANA", "UBEN"), 2))
    log.add("bot", ApprovalWidened(DIGEST, ("UCAT",)))
    log.after(8).decided("bot", approval.half_over(log.state, DIGEST, log.now))
    assert log.events[-1].payload == ApprovalWaits(DIGEST, ("UBEN", "UCAT"))
    assert approval.half_over(log.state, DIGEST, log.now) == ()
    assert log.state.approvals[-1].state == "open"


@pytest.mark.parametrize("over", [ApprovalDenied(DIGEST), ApprovalGiven(DIGEST, True), StepDone(1, "1.2", 1)])
def test_what_is_decided_is_not_said_again(over: ApprovalDenied) -> None:
    log = asked()
    log.add("UANA", over)
    log.after(8)
    assert approval.half_over(log.state, DIGEST, log.now) == ()


@pytest.mark.parametrize(
    ("commander", "deputy", "widened", "told"),
    [
        ("UEVA", "", True, ("UEVA",)),
        ("UEVA", "UDAN", True, ("UEVA",)),
        ("UBEN", "UDAN", True, ("UDAN",)),  # who commands was asked, and did not answer
        ("UBEN", "UANA", True, ()),
        ("", "", True, ()),
        ("UEVA", "", False, ("UCAT", "UEVA")),  # the second group was never asked
    ],
)
def test_who_hears_of_the_end(commander: str, deputy: str, widened: bool, told: tuple[str, ...]) -> None:
    log = walking()
    for role, person in (("commander", commander), ("deputy", deputy)):
        log.add("bot", RoleTaken(role, person, log.state.holder(role), "asked"))
    asked(after=log)
    if widened:
        log.add("bot", ApprovalWidened(DIGEST, ("UCAT",)))
    assert approval.next_told(log.state, DIGEST, members) == told
    log.after(15).decided("bot", approval.expire(log.state, DIGEST, log.now, told))
    assert log.events[-1].payload == ApprovalExpired(DIGEST, told=told)
    assert log.state.approvals[-1].state == "expired", "never a yes"


def test_the_end_waits_for_somebody_until_something_becomes_of_the_step() -> None:
    def waits(log: Log) -> bool:
        return waking.waits(log.state, waking.EXPIRED, DIGEST, "UEVA")

    log = asked()
    assert not waits(log)
    log.after(15).decided("bot", approval.expire(log.state, DIGEST, log.now))
    assert waits(log)
    again = asked(OTHER, log)
    assert not waits(again), "it is asked anew"
    for over in (StepDone(1, "1.2", 1), StatusChanged(Status.INVESTIGATING, Status.RESOLVED)):
        log = asked().after(15)
        log.decided("bot", approval.expire(log.state, DIGEST, log.now))
        log.add("UBEN", over)
        assert not waits(log)


def test_the_end_of_a_question_about_an_undoing_waits_until_it_is_asked_anew_or_undone() -> None:
    def ended(digest: str, log: Log) -> Log:
        asked(digest, log, "a1").after(15).decided("bot", approval.expire(log.state, digest, log.now))
        return log

    def waits(log: Log, digest: str) -> bool:
        return waking.waits(log.state, waking.EXPIRED, digest, "UEVA")

    log = walking()
    log.add("bot", ActionStarted(1, "1.2", 1, "restart", "a1", 1, True))
    ended(OTHER, ended(DIGEST, log))
    assert (waits(log, DIGEST), waits(log, OTHER)) == (False, True)
    log.add("bot", ActionStarted(1, "1.2", 1, "restart", "a2", 2, True, undoes="a1"))
    log.add("bot", ActionUndone("a1", "a2", True))
    assert not waits(log, OTHER)


def test_half_is_half_of_what_was_given() -> None:
    log = asked()
    [found] = log.state.approvals
    assert found.half_at is not None
    assert found.half_at - found.asked_at == 15 * MINUTE // 2
