"""Approvals and attempts in the fold, and the state of their step."""

import pytest

from bot.domain.events import (
    ActionEnded,
    ActionLate,
    ActionRefused,
    ActionSettled,
    ActionStarted,
    ActionVerified,
    ApprovalAsked,
    ApprovalDenied,
    ApprovalExpired,
    ApprovalGiven,
    ApprovalWidened,
    Overridden,
    Payload,
    PlanAttached,
    StepDone,
    StepStarted,
)
from tests.bot.domain.log import Log, alerted, minute

DIGEST = "7f3a" + "0" * 60
ASKED = ApprovalAsked(1, "2.1", 1, "restart", DIGEST, 2, ("UANA", "UBEN"), minute(15), kind="self_heal")


def at_step() -> Log:
    log = alerted()
    log.add("bot", PlanAttached(1, "restart", "abc", "matched"))
    log.add("bot", StepStarted(1, "2.1", 1))
    return log


def running(check: bool = True) -> Log:
    log = at_step()
    log.add("bot", ActionStarted(1, "2.1", 1, "restart", "a1", 1, True, "self_heal", DIGEST, ("UANA",), check=check))
    return log


def visit(log: Log) -> str:
    assert log.state.walk is not None
    return log.state.walk.visits[0].state


def attempt(log: Log) -> str:
    return log.state.attempts[0].state


def test_an_approval_is_asked_and_given_by_different_people() -> None:
    log = at_step()
    log.add("bot", ASKED)
    assert visit(log) == "waiting"
    log.add("UANA", ApprovalGiven(DIGEST, False))
    log.add("UANA", ApprovalGiven(DIGEST, False))
    assert (log.state.approvals[0].given, log.state.approvals[0].state) == (("UANA",), "open")
    log.after(3).add("UBEN", ApprovalGiven(DIGEST, True))
    approval = log.state.approval("7f3a")
    assert approval is not None
    assert (approval.state, approval.given, approval.ended_at) == ("given", ("UANA", "UBEN"), minute(3))
    log.add("UZOE", ApprovalDenied(DIGEST))
    assert log.state.approvals[0].state == "given"


@pytest.mark.parametrize(
    ("payload", "state"), [(ApprovalDenied(DIGEST), "denied"), (ApprovalExpired(DIGEST), "expired")]
)
def test_without_approval_the_step_is_open_again(payload: Payload, state: str) -> None:
    log = at_step()
    log.add("bot", ASKED)
    log.add("UANA", payload)
    assert (log.state.approvals[0].state, visit(log)) == (state, "open")


def test_what_kept_it_from_running_is_not_told_beside_the_question() -> None:
    log = at_step()
    log.add("bot", ActionRefused(ASKED.run, ASKED.step, ASKED.visit, "restart", "no_target"))
    log.add("bot", ASKED)
    walk = log.state.walk
    assert walk is not None
    assert ("waiting", "") in [(v.state, v.refused) for v in walk.visits]


def test_more_people_may_approve_later() -> None:
    log = at_step()
    log.add("bot", ASKED)
    log.add("bot", ApprovalWidened(DIGEST, ("UBEN", "UZOE")))
    assert log.state.approvals[0].may == ("UANA", "UBEN", "UZOE")


def test_a_refusal_opens_the_step_again_and_is_counted() -> None:
    """Once its question was answered; one that still waits is about other values."""
    log = at_step()
    log.add("bot", ASKED)
    log.add("UBEN", ActionRefused(1, "2.1", 1, "restart", "not_listed"))
    assert (visit(log), log.state.refusals) == ("waiting", 1)
    log.add("UANA", ApprovalGiven(DIGEST, True))
    log.add("bot", ActionRefused(1, "2.1", 1, "restart", "cooldown"))
    assert (visit(log), log.state.refusals) == ("open", 2)


ENDS = [
    (True, "exited", 0, "exited", "running"),
    (False, "exited", 0, "exited", "open"),
    (True, "timed_out", None, "timed_out", "open"),
    (True, "stopped", None, "stopped", "open"),
    (True, "never_started", None, "never_started", "open"),
    (True, "unknown", None, "unknown", "unknown"),
]


@pytest.mark.parametrize(("check", "outcome", "code", "state", "step"), ENDS)
def test_how_an_attempt_ends(check: bool, outcome: str, code: int | None, state: str, step: str) -> None:
    log = running(check)
    assert visit(log) == "running"
    log.after(2).add("bot", ActionEnded("a1", outcome, code, minute(1)))
    assert (attempt(log), visit(log), log.state.attempts[0].ended_at) == (state, step, minute(1))


@pytest.mark.parametrize(("ok", "state"), [(True, "ok"), (False, "failed")])
def test_the_check_decides(ok: bool, state: str) -> None:
    log = running()
    log.add("bot", ActionEnded("a1", "exited", 0))
    log.after(1).add("bot", ActionVerified("a1", ok))
    assert (attempt(log), log.state.attempts[0].verified, visit(log)) == (state, ok, "open")


def test_a_check_may_prove_what_nobody_saw() -> None:
    log = running()
    log.add("bot", ActionEnded("a1", "unknown"))
    log.add("bot", ActionVerified("a1", False))
    assert (attempt(log), visit(log)) == ("unknown", "unknown")
    log.add("bot", ActionVerified("a1", True))
    assert (attempt(log), visit(log)) == ("ok", "open")


@pytest.mark.parametrize(("outcome", "state"), [("done", "ok"), ("not", "failed"), ("by_hand", "failed")])
def test_a_person_settles_what_is_unknown_once(outcome: str, state: str) -> None:
    log = running()
    log.add("UANA", ActionSettled("a1", outcome))
    assert attempt(log) == "running"
    log.add("bot", ActionEnded("a1", "unknown"))
    log.add("UANA", ActionSettled("a1", outcome))
    log.add("UBEN", ActionSettled("a1", "done"))
    log.add("bot", ActionLate("a1", "exited", 0))
    log.add("bot", ActionEnded("a1", "exited", 0))
    log.add("bot", ActionVerified("a1", outcome != "done"))
    assert (attempt(log), log.state.attempts[0].settled_by, visit(log)) == (state, "UANA", "open")


def test_a_step_ticked_by_the_bot_accepts_its_attempt() -> None:
    log = running(check=False)
    log.add("bot", ActionEnded("a1", "exited", 0))
    log.add("bot", StepDone(1, "2.1", 1, by_bot=True))
    assert (attempt(log), visit(log)) == ("ok", "done")


def test_a_run_outside_any_plan_is_kept_as_well() -> None:
    log = alerted()
    log.add("bot", ActionStarted(0, "", 0, "restart", "a1", 1, True))
    log.add("bot", ActionEnded("a1", "exited", 0))
    log.add("bot", ActionEnded("a9", "exited", 0))
    assert [a.state for a in log.state.attempts] == ["exited"]


def test_what_is_overridden_is_asked_no_more() -> None:
    """Also while it still runs: a late yes must find nothing to say yes to."""
    log = at_step()
    log.add("bot", ASKED)
    log.add("UANA", Overridden(1, "2.1", 1, "restart"))
    assert (log.state.approvals[0].state, log.state.approvals[0].ended_by) == ("overtaken", "UANA")
