"""What an outcome means: the table of rules."""

from typing import Any

import pytest

from bot.domain.events import Draft, EffectFailed, OutageBegan
from bot.ports import Done, Effect, GiveUp, Outcome, Retry, Unknown
from bot.work.effects import Policy
from bot.work.verdict import Verdict, backoff, judge

POST = Effect("post", "say", "talk", "inc:1")
EVENT = Draft(OutageBegan("x"))
TOLD = Draft(EffectFailed("post", "say", "no"))


def judged(outcome: Outcome, policy: str = "reconcile", attempts: int = 1, again: bool = False) -> Verdict:
    return judge(POST, Policy(policy, "record", lambda effect: (), attempts=3), attempts, again, outcome, 0.5)


@pytest.mark.parametrize(
    ("outcome", "given", "verdict"),
    [
        (Done((EVENT,), (), {"ts": "1"}), {}, Verdict("done", (EVENT,), (), {"ts": "1"})),
        (GiveUp("no", (EVENT,)), {}, Verdict("failed", (TOLD, EVENT), reason="no")),
        (Unknown("no", (EVENT,)), {"policy": "unknown"}, Verdict("unknown", (EVENT,), reason="no")),
        (Unknown("no", (EVENT,)), {}, Verdict("planned", reason="no", wait=2.0, again=True)),
        (Unknown("no"), {"attempts": 3}, Verdict("failed", (TOLD,), reason="no")),
        (Retry(0, "no"), {}, Verdict("planned", reason="no", wait=2.0)),
        (Retry(0, "no"), {"attempts": 2}, Verdict("planned", reason="no", wait=4.0)),
        (Retry(60, "no"), {}, Verdict("planned", reason="no", wait=60)),
        (Retry(0, "no", ambiguous=True), {}, Verdict("planned", reason="no", wait=2.0, again=True)),
        (Retry(0, "no"), {"again": True}, Verdict("planned", reason="no", wait=2.0, again=True)),
        (Retry(0, "no"), {"attempts": 3}, Verdict("failed", (TOLD,), reason="no")),
        (Retry(0, "no"), {"attempts": 3, "policy": "unknown"}, Verdict("failed", (TOLD,), reason="no")),
        (
            Retry(0, "no", ambiguous=True),
            {"attempts": 3, "policy": "unknown"},
            Verdict("unknown", (TOLD,), reason="no", again=True),
        ),
        (Retry(5, "no", counted=False), {"attempts": 3}, Verdict("planned", reason="no", wait=5, counted=False)),
        (
            Retry(30, "no", limited=("chat.update",)),
            {"attempts": 3},
            Verdict("planned", reason="no", wait=30, counted=False, limited=("chat.update",)),
        ),
    ],
)
def test_judge(outcome: Outcome, given: dict[str, Any], verdict: Verdict) -> None:
    assert judged(outcome, **given) == verdict


def test_a_long_reason_is_cut() -> None:
    verdict = judged(GiveUp("x" * 5000))
    told = verdict.events[0].payload
    assert isinstance(told, EffectFailed)
    assert len(verdict.reason) == len(told.reason) == 300


def test_backoff_doubles_and_is_bounded_and_jittered() -> None:
    assert [backoff(n, 0.5) for n in (1, 2, 3, 8, 9, 50)] == [2, 4, 8, 256, 300, 300]
    assert (backoff(1, 0.0), backoff(1, 1.0)) == (1.5, 2.5)
