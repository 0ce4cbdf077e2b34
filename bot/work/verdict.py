"""What an outcome means for its effect: pure, one table of rules.

A handler's timeout, its exception and `Unknown` are the same as a crash: the next try is `again`, and the kind's policy says what
that means. Only a runbook step ends as *unknown*. A 429 proves that nothing was done and counts for nothing.
"""

from dataclasses import dataclass, field

from bot.domain.events import Draft, EffectFailed
from bot.ports import Done, Effect, GiveUp, Json, Outcome, Retry, Row, Unknown
from bot.work.effects import Policy

LONGEST = 300.0
_REASON = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """status: done | failed | unknown | planned (once more after `wait` seconds, `again`, `counted` as a try or not)."""

    status: str
    events: tuple[Draft, ...] = ()
    rows: tuple[Row, ...] = ()
    result: Json = field(default_factory=dict)
    reason: str = ""
    wait: float = 0.0
    again: bool = False
    counted: bool = True
    limited: tuple[str, ...] = ()


def judge(effect: Effect, policy: Policy, attempts: int, again: bool, outcome: Outcome, jitter: float) -> Verdict:
    """attempts: tries begun, this one included; again: this try or an earlier one may count double; jitter: 0 up to 1."""
    if isinstance(outcome, Done):
        return Verdict("done", outcome.events, outcome.rows, outcome.result, again=again)
    if isinstance(outcome, GiveUp):
        return _failed(effect, outcome.reason, outcome.events)
    if isinstance(outcome, Unknown):
        if policy.policy == "unknown":
            return Verdict("unknown", outcome.events, reason=outcome.reason[:_REASON], again=again)
        outcome = Retry(0.0, outcome.reason, ambiguous=True)
    return _retry(effect, policy, attempts, again, outcome, jitter)


def backoff(attempts: int, jitter: float) -> float:
    """Seconds before the next try: doubles from 2 s to 5 min, a quarter more or less by chance. Twelve tries take half an hour."""
    return float(min(LONGEST, 2.0**attempts)) * (0.75 + jitter / 2)


def _retry(effect: Effect, policy: Policy, attempts: int, again: bool, outcome: Retry, jitter: float) -> Verdict:
    if outcome.limited or not outcome.counted:
        again = again or outcome.ambiguous
        wait, limited = outcome.after, outcome.limited
        return Verdict("planned", reason=outcome.reason, wait=wait, again=again, counted=False, limited=limited)
    again = again or outcome.ambiguous
    if attempts >= policy.attempts:
        if again and policy.policy == "unknown":
            return Verdict("unknown", _told(effect, outcome.reason), reason=outcome.reason[:_REASON], again=again)
        return _failed(effect, outcome.reason, ())
    return Verdict(
        "planned", reason=outcome.reason[:_REASON], wait=max(outcome.after, backoff(attempts, jitter)), again=again
    )


def _failed(effect: Effect, reason: str, events: tuple[Draft, ...]) -> Verdict:
    return Verdict("failed", _told(effect, reason) + events, reason=reason[:_REASON])


def _told(effect: Effect, reason: str) -> tuple[Draft, ...]:
    return (Draft(EffectFailed(effect.key, effect.kind, reason[:_REASON])),)
