"""What the numbers need of plans and of what the bot did. Part of bot/domain/facts.py."""

from dataclasses import dataclass

from bot.domain.state import Approval, Attempt, Incident, Visit, Walk
from bot.domain.terms import BOT, MINUTE, Micros

STABLE_FOR: Micros = 30 * MINUTE
"""What was healed and is back within this time was not healed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt of the bot. kind: takeover | self_heal | diagnostic | experiment | ""; trigger: auto | approved.

    place: run, step and visit (tries of one action in one place belong together);
    outcome: succeeded (verified) | unverified (ended well as far as anybody knows) | failed | unknown | running;
    lasted: it was not needed again, nor was the alert back or the incident open again, within STABLE_FOR of its end.
    """

    id: str
    place: str
    action: str
    kind: str
    trigger: str
    changes: bool
    started_at: Micros
    asked_at: Micros | None
    approved_at: Micros | None
    ended_at: Micros | None
    verified_at: Micros | None
    outcome: str
    lasted: bool
    by_word: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question whether an action may run. state: of `Approval`."""

    kind: str
    asked_at: Micros
    ended_at: Micros | None
    state: str
    need: int
    given: int


@dataclass(frozen=True, slots=True)
class StepRun:
    """One visit of a step. state: as in Visit; by_bot: an action ticked it."""

    step: str
    role: str
    started_at: Micros
    due_at: Micros | None
    done_at: Micros | None
    state: str
    overdue: bool
    alone: bool
    evidence: bool
    by_bot: bool


@dataclass(frozen=True, slots=True)
class PlanRun:
    """One walk of a plan. why: matched | default | tied | storm | asked; outcome: finished | stopped | replaced | ""."""

    plan: str
    why: str
    started_at: Micros
    ended_at: Micros | None
    outcome: str
    steps: tuple[StepRun, ...]


def run_of(incident: Incident, attempt: Attempt) -> Run:
    approval = next((a for a in incident.approvals if attempt.digest and a.digest == attempt.digest), None)
    return Run(
        id=attempt.id,
        place=f"{attempt.run}:{attempt.step}:{attempt.visit}",
        action=attempt.action,
        kind=attempt.kind,
        trigger="approved" if attempt.approvers else "auto",
        changes=attempt.changes,
        started_at=attempt.started_at,
        asked_at=approval.asked_at if approval else None,
        approved_at=approval.ended_at if approval and approval.state == "given" else None,
        ended_at=attempt.ended_at,
        verified_at=attempt.verified_at,
        outcome=_outcome(attempt),
        lasted=_lasted(incident, attempt),
        by_word=bool(attempt.settled_by),
    )


def _outcome(attempt: Attempt) -> str:
    if attempt.state in ("running", "unknown"):
        return attempt.state
    if attempt.undone_at is not None:
        return "failed"
    if attempt.state in ("ok", "exited"):
        return "succeeded" if attempt.verified else "unverified"
    return "failed"


def _lasted(incident: Incident, attempt: Attempt) -> bool:
    """Nothing says that it did not hold: the same action or the alert again, a person who saw no effect, or the incident open
    again, soon after."""
    end = attempt.verified_at or attempt.ended_at
    if end is None:
        return False
    same = [a for a in incident.attempts if (a.action, a.target) == (attempt.action, attempt.target)]
    again = [a.started_at for a in same if a.id != attempt.id]
    back = () if attempt.lapsed_at is None else (attempt.lapsed_at,)
    return not any(end < at <= end + STABLE_FOR for at in (*again, *back, *_denied(incident), *incident.reopened))


def _denied(incident: Incident) -> list[Micros]:
    """When somebody decided that it is not mitigated, or not back."""
    visits = [visit for walk in incident.walks for visit in walk.visits]
    return [visit.done_at for visit in visits if visit.denies and visit.done_at is not None]


def asked_of(approval: Approval) -> Asked:
    return Asked(
        approval.kind, approval.asked_at, approval.ended_at, approval.state, approval.need, len(approval.given)
    )


def plan_of(walk: Walk) -> PlanRun:
    steps = tuple(_step(visit) for visit in walk.visits)
    return PlanRun(walk.plan, walk.why, walk.started_at, walk.ended_at, walk.outcome, steps)


def _step(visit: Visit) -> StepRun:
    return StepRun(
        step=visit.step,
        role=visit.role,
        started_at=visit.started_at,
        due_at=visit.due_at,
        done_at=visit.done_at,
        state=visit.state,
        overdue=visit.overdue,
        alone=visit.alone,
        evidence=visit.evidence,
        by_bot=visit.done_by == BOT,
    )
