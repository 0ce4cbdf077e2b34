"""`on_failure: rollback` in a rehearsal: what was done in the walk is undone, the last first, as bot/flows/rollback.py does it.

Nobody is asked: the yes to an action of such a plan is one to its rollback, and a rehearsal is walked under one policy.
"""

from bot.domain import undoing, walk_action
from bot.domain.events import ActionEnded, ActionStarted, ActionUndone, Draft
from bot.domain.run_state import Attempt
from bot.domain.terms import SECOND
from runbooks.rehearsal import Rehearsal, roster


def undo(walked: Rehearsal, failed: Attempt) -> bool:
    """Undo until nothing is left or one cannot be; then people go on. False: nothing can be undone, people have it at once."""
    about = _next(walked)
    if about is None:
        return False
    while about is not None:
        went_well = _undone(walked, about)
        if went_well is None:
            return True
        about = _next(walked) if went_well else None
    walked.record(undoing.handed_over(walked.incident, walked.plan, failed, roster, walked.now))
    return True


def _next(walked: Rehearsal) -> Attempt | None:
    return undoing.next_of(walked.incident, walked.plan, walked.here.run)


def _undone(walked: Rehearsal, about: Attempt) -> bool | None:
    """Undo one; None = nobody saw the end, and it waits for a person."""
    answer = walked.case.answers_to(about.action, about.n - 1).undo
    action = walked.plan.step(about.step).action
    rollback = action.rollback if action else None
    assert rollback is not None, "it may be undone"
    attempt = f"attempt-{len(walked.incident.attempts) + 1}"
    walked.record((Draft(_started(about, attempt)),))
    walked.now += SECOND
    if answer == "crash":
        walked.record((Draft(ActionEnded(attempt, "unknown", None)),))
        return None
    code = walk_action.good(rollback)[0] if answer == "ok" else 1
    walked.record((Draft(ActionEnded(attempt, "exited", code)),))
    ended = walked.incident.attempt(attempt)
    went_well = ended is not None and undoing.went_well(walked.plan, ended)
    walked.record((Draft(ActionUndone(about.id, attempt, went_well)),))
    return went_well


def _started(about: Attempt, attempt: str) -> ActionStarted:
    return ActionStarted(
        run=about.run,
        step=about.step,
        visit=about.visit,
        action=about.action,
        attempt=attempt,
        n=1,
        changes=True,
        kind=about.kind,
        approvers=about.approvers,
        target=about.target,
        undoes=about.id,
    )
