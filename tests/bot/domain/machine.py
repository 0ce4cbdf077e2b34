"""What machines may write at any time, in any order, for the property tests."""

from typing import Any

from hypothesis import strategies as st

from bot.domain import events as e
from tests.bot.domain.log import fired, minute

RUN, STEP, VISIT = st.integers(1, 2), st.sampled_from(("1.1", "1.2")), st.integers(1, 2)
ATTEMPT = st.sampled_from(("a1", "a2"))
DIGEST = st.sampled_from(("7f3a", "11bb"))
FLAG = st.booleans()
HERE = {"run": RUN, "step": STEP, "visit": VISIT}
DONE = st.sampled_from(("exited", "timed_out", "stopped", "unknown", "never_started"))


def _asked(run: int, step: str, visit: int, digest: str) -> e.Payload:
    return e.ApprovalAsked(run, step, visit, "restart", digest, 1, ("UANA",), minute(60))


def _started(run: int, step: str, visit: int, attempt: str, check: bool) -> e.Payload:
    return e.ActionStarted(run, step, visit, "restart", attempt, 1, True, "self_heal", check=check)


MACHINE: st.SearchStrategy[Any] = st.one_of(
    st.builds(fired, st.integers(0, 3), st.integers(-9, 9), st.integers(0, 3)),
    st.builds(e.AllClear, st.just(minute(1))),
    st.builds(e.Snoozed, st.just(minute(2))),
    st.builds(e.PlanAttached, RUN, st.just("p"), st.just("s"), st.just("matched")),
    st.builds(e.PlanEnded, RUN, st.sampled_from(("stopped", "replaced"))),
    st.builds(e.PlanResumed, RUN, st.just("p"), st.just("1.1")),
    st.builds(e.StepStarted, **HERE, meanwhile=FLAG),
    st.builds(e.StepAssigned, **HERE, person=st.just("UANA")),
    st.builds(e.StepOverdue, **HERE),
    st.builds(e.StepDone, **HERE, by_bot=FLAG, confirm=st.sampled_from(("", "commander")), proven=FLAG),
    st.builds(e.StepConfirmed, **HERE, alone=FLAG),
    st.builds(e.StepSkipped, **HERE),
    st.builds(e.StepAnswered, **HERE, answer=st.just("Yes"), to=st.sampled_from(("continue", "phase:x"))),
    st.builds(_asked, RUN, STEP, VISIT, DIGEST),
    st.builds(e.ApprovalGiven, DIGEST, FLAG),
    st.builds(e.ApprovalDenied, DIGEST),
    st.builds(e.ApprovalExpired, DIGEST),
    st.builds(_started, RUN, STEP, VISIT, ATTEMPT, FLAG),
    st.builds(e.ActionEnded, ATTEMPT, DONE, st.just(0)),
    st.builds(e.ActionVerified, ATTEMPT, FLAG),
    st.builds(e.ActionSettled, ATTEMPT, st.sampled_from(("done", "not", "by_hand"))),
    st.builds(e.RoleOffered, st.just("operations"), st.just("UBEN"), st.just("opened")),
    st.builds(e.PageSent, st.sampled_from(("p1", "p2")), st.just("UBEN"), st.just("incident")),
    st.builds(e.OutageBegan, st.just("timeout")),
    st.builds(e.OutageEnded, st.just(minute(1))),
)
