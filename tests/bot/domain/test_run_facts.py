"""What the numbers need of plans and runs."""

import pytest

from bot.domain.events import (
    ActionEnded,
    ActionSettled,
    ActionStarted,
    ActionVerified,
    ApprovalAsked,
    ApprovalGiven,
    Payload,
    PlanAttached,
    RecoveryLapsed,
    StatusChanged,
    StepDone,
    StepStarted,
)
from bot.domain.facts import Asked, Run, facts_of
from bot.domain.terms import HOUR, MINUTE, Status
from tests.bot.domain.log import Log, alerted, minute

DIGEST = "7f3a" + "0" * 60
VERIFIED = (ActionEnded("a1", "exited", 0), ActionVerified("a1", True))


def ran(*ends: Payload) -> Log:
    log = alerted()
    log.add("bot", PlanAttached(1, "restart", "abc", "matched"))
    log.add("bot", StepStarted(1, "2.1", 1, "operations", due_at=minute(5)))
    log.add("bot", ApprovalAsked(1, "2.1", 1, "restart", DIGEST, 1, ("UANA",), minute(15), kind="self_heal"))
    log.after(2).add("UANA", ApprovalGiven(DIGEST, True))
    log.after(1).add(
        "bot", ActionStarted(1, "2.1", 1, "restart", "a1", 1, True, "self_heal", DIGEST, ("UANA",), check=True)
    )
    log.after(1)
    for payload in ends:
        log.add("UANA" if isinstance(payload, ActionSettled) else "bot", payload)
    return log


OUTCOMES = [
    ((), "running"),
    (VERIFIED, "succeeded"),
    ((ActionEnded("a1", "exited", 0), ActionVerified("a1", False)), "failed"),
    ((ActionEnded("a1", "exited", 0),), "unverified"),
    ((ActionEnded("a1", "timed_out"),), "failed"),
    ((ActionEnded("a1", "never_started"),), "failed"),
    ((ActionEnded("a1", "unknown"),), "unknown"),
    ((ActionEnded("a1", "unknown"), ActionVerified("a1", True)), "succeeded"),
    ((ActionEnded("a1", "unknown"), ActionSettled("a1", "done")), "unverified"),
    ((ActionEnded("a1", "unknown"), ActionSettled("a1", "not")), "failed"),
]


@pytest.mark.parametrize(("ends", "outcome"), OUTCOMES)
def test_what_became_of_a_run(ends: tuple[Payload, ...], outcome: str) -> None:
    assert facts_of(ran(*ends).state).runs[0].outcome == outcome


def test_a_run_with_its_approval() -> None:
    found = facts_of(ran(*VERIFIED).state)
    assert found.runs == (
        Run(
            "a1", "1:2.1:1", "restart", "self_heal", "approved", True, minute(3), minute(0), minute(2),
            minute(4), minute(4), "succeeded", True, False,
        ),
    )  # fmt: skip
    assert found.asked == (Asked("self_heal", minute(0), minute(2), "given", 1, 1),)


@pytest.mark.parametrize(("later", "lasted"), [(1, False), (30, False), (30.1, True)])
def test_what_has_to_be_done_again_soon_did_not_last(later: float, lasted: bool) -> None:
    log = ran(*VERIFIED)
    log.after(later).add("bot", ActionStarted(1, "2.1", 2, "restart", "a2", 1, True, "self_heal"))
    assert [run.lasted for run in facts_of(log.state).runs] == [lasted, False]
    again = ran(*VERIFIED)
    again.add("UANA", StatusChanged(Status.INVESTIGATING, Status.RESOLVED))
    again.after(later).add("UANA", StatusChanged(Status.RESOLVED, Status.INVESTIGATING))
    assert facts_of(again.state).runs[0].lasted == lasted
    back = ran(*VERIFIED)
    at = back.now + round(later * MINUTE)
    back.add("bot", RecoveryLapsed("restart", "restart", "gw-1", minute(4), at, HOUR, "a1"))
    assert facts_of(back.state).runs[0].lasted == lasted


def test_the_plan_with_its_steps() -> None:
    log = ran(*VERIFIED)
    log.add("bot", StepDone(1, "2.1", 1, by_bot=True))
    (plan,) = facts_of(log.state).plans
    (step,) = plan.steps
    assert (plan.plan, plan.why, plan.outcome) == ("restart", "matched", "")
    assert (step.step, step.role, step.due_at, step.done_at, step.state, step.by_bot) == (
        "2.1", "operations", minute(5), minute(4), "done", True,
    )  # fmt: skip
