"""What may be undone of what the bot did, in which order, and what the end of it means."""

from collections.abc import Sequence

from bot.domain.events import Draft
from bot.domain.plan import Plan
from bot.domain.run_state import Attempt
from bot.domain.state import Incident
from bot.domain.terms import BOT, Micros, Source
from bot.domain.walk_action import good, to_people
from bot.domain.walk_next import Roster, Way


def done(incident: Incident, run: int) -> Sequence[Attempt]:
    """What was done in a walk and is not undone, the last first: one attempt of each visit of a step."""
    last: dict[tuple[str, int], Attempt] = {}
    for attempt in incident.attempts:
        if attempt.run == run and attempt.changes and not attempt.undoes and _begun(attempt):
            last.pop((attempt.step, attempt.visit), None)
            last[attempt.step, attempt.visit] = attempt
    return [attempt for attempt in reversed(last.values()) if attempt.undone_at is None]


def _begun(attempt: Attempt) -> bool:
    """It began to act, as far as anybody knows: it was started, and no person says that it did not happen."""
    if attempt.settled_by and attempt.state != "ok":
        return False
    if attempt.state == "failed":
        return attempt.verified is False or attempt.exit is not None
    return attempt.state != "never_started"


def may_be_undone(plan: Plan, attempt: Attempt) -> bool:
    """Its end is known, and the plan says how. What nobody knows of is undone by nobody."""
    action = plan.step(attempt.step).action
    return attempt.state not in ("running", "unknown") and action is not None and action.rollback is not None


def under_way(incident: Incident, attempt: str) -> bool:
    """It is being undone, or somebody is asked whether it may be."""
    doing = any(a.undoes == attempt and a.state in ("running", "unknown") for a in incident.attempts)
    return doing or any(a.undoes == attempt and a.state == "open" for a in incident.approvals)


def next_of(incident: Incident, plan: Plan, run: int) -> Attempt | None:
    """What is undone next after a failure; None = that is all, or one is in the way that cannot be, and people have it."""
    first = next(iter(done(incident, run)), None)
    return first if first is not None and may_be_undone(plan, first) else None


def went_well(plan: Plan, undo: Attempt) -> bool:
    """It ended as it should, or a person says so."""
    if undo.settled_by:
        return undo.state == "ok"
    action = plan.step(undo.step).action
    rollback = action.rollback if action else None
    return rollback is not None and undo.state == "exited" and undo.exit in good(rollback)


def handed_over(incident: Incident, plan: Plan, failed: Attempt, roster: Roster, now: Micros) -> tuple[Draft, ...]:
    """Nothing more is undone of what failed: people go on where the plan says, or decide; () if they went on before."""
    walk = incident.walk
    if walk is None or walk.ended_at is not None or walk.run != failed.run or walk.gone_on(failed.step, failed.visit):
        return ()
    drafts = to_people(Way(incident, plan, walk, roster, now), failed.step)
    return tuple(Draft(draft.payload, actor=BOT, source=Source.AUTOMATION) for draft in drafts)
