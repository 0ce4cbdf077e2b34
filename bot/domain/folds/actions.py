"""What the bot does on machines: attempts, and the state of the step that they belong to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.events import (
    ActionEnded,
    ActionRefused,
    ActionSettled,
    ActionStarted,
    ActionStopping,
    ActionUndone,
    ActionVerified,
    BreakerClosed,
    BreakerOpened,
    Event,
    RecoveryLapsed,
)
from bot.domain.folds.steps import from_to, in_visit
from bot.domain.run_state import left
from bot.domain.state import Attempt, Incident, Visit

_SETTLED_AS = {"done": "ok", "not": "failed", "by_hand": "failed"}


def action_refused(incident: Incident, event: Event, refused: ActionRefused) -> Incident:
    incident = replace(incident, refusals=incident.refusals + 1)
    here = (refused.run, refused.step, refused.visit)
    if any((a.run, a.step, a.visit) == here and a.state == "open" and not a.undoes for a in incident.approvals):
        return incident  # it was asked for with other values; the question from before still waits
    params = dict(sorted(refused.params.items()))  # as they are read again, so that a replay gives the same bytes
    why = in_visit(incident, refused, lambda v: replace(v, refused=refused.code, refused_with=params))
    return in_visit(why, refused, from_to("waiting", "open"))


def action_started(incident: Incident, event: Event, started: ActionStarted) -> Incident:
    attempt = Attempt(
        id=started.attempt,
        run=started.run,
        step=started.step,
        visit=started.visit,
        action=started.action,
        n=started.n,
        changes=started.changes,
        started_at=event.occurred_at,
        kind=started.kind,
        digest=started.digest,
        approvers=started.approvers,
        target=started.target,
        check=started.check,
        retry=started.retry,
        undoes=started.undoes,
        overridden=started.overridden,
    )
    incident = replace(incident, attempts=(*incident.attempts, attempt))
    return in_visit(incident, started, lambda visit: replace(visit, state="running", refused=""))


def action_ended(incident: Incident, event: Event, ended: ActionEnded) -> Incident:
    """The step goes on running while its check is still to come, and stays unknown until somebody knows."""
    at = event.occurred_at if ended.ended_at is None else ended.ended_at
    attempt = incident.attempt(ended.attempt)
    if attempt is None or attempt.state not in ("running", "unknown"):
        return incident
    incident = _in_attempt(incident, attempt, lambda a: replace(a, state=ended.outcome, exit=ended.exit, ended_at=at))
    if ended.outcome == "unknown":
        return in_visit(incident, attempt, _to("unknown"))
    checked = attempt.check and ended.outcome == "exited"
    return _at_rest(incident, attempt, _to("running" if checked else "open"))


def action_verified(incident: Incident, event: Event, verified: ActionVerified) -> Incident:
    """The check decides, also about an attempt whose end nobody saw."""
    attempt = incident.attempt(verified.attempt)
    if attempt is None or attempt.settled_by:
        return incident
    state = "ok" if verified.ok else "failed"
    if attempt.state == "unknown" and not verified.ok:
        state = "unknown"
    incident = _in_attempt(
        incident, attempt, lambda a: replace(a, state=state, verified=verified.ok, verified_at=event.occurred_at)
    )
    return _at_rest(incident, attempt, _to("unknown" if state == "unknown" else "open"))


def action_settled(incident: Incident, event: Event, settled: ActionSettled) -> Incident:
    attempt = incident.attempt(settled.attempt)
    if attempt is None or attempt.state != "unknown":
        return incident
    state = _SETTLED_AS.get(settled.outcome, "failed")
    incident = _in_attempt(incident, attempt, lambda a: replace(a, state=state, settled_by=event.actor))
    return _at_rest(incident, attempt, from_to("unknown", "open"))


def action_stopping(incident: Incident, event: Event, stopping: ActionStopping) -> Incident:
    found = incident.attempt(stopping.attempt)
    if found is None or found.state != "running":
        return incident
    return _in_attempt(incident, found, lambda a: replace(a, stop_by=event.actor))


def action_undone(incident: Incident, event: Event, undone: ActionUndone) -> Incident:
    """The try that undid it is over either way; what it was about is undone only if that went well."""
    undo, about = incident.attempt(undone.undo), incident.attempt(undone.attempt)
    if undo is None or about is None:
        return incident
    state = "ok" if undone.ok else "failed"
    incident = _in_attempt(incident, undo, lambda a: replace(a, state=state))
    return _in_attempt(incident, about, lambda a: replace(a, undone_at=event.occurred_at)) if undone.ok else incident


def recovery_lapsed(incident: Incident, event: Event, lapsed: RecoveryLapsed) -> Incident:
    found = incident.attempt(lapsed.attempt)
    return incident if found is None else _in_attempt(incident, found, lambda a: replace(a, lapsed_at=lapsed.back_at))


def breaker_opened(incident: Incident, event: Event, opened: BreakerOpened) -> Incident:
    return replace(incident, locked={**incident.locked, opened.plan: event.occurred_at})


def breaker_closed(incident: Incident, event: Event, closed: BreakerClosed) -> Incident:
    return replace(incident, locked={plan: at for plan, at in incident.locked.items() if plan != closed.plan})


def _to(state: str) -> Callable[[Visit], Visit]:
    return lambda visit: replace(visit, state=state)


def _at_rest(incident: Incident, attempt: Attempt, change: Callable[[Visit], Visit]) -> Incident:
    """Nothing of it runs any more: its step waits for people, unless the plan has gone on elsewhere meanwhile."""
    incident = in_visit(incident, attempt, change)
    gone_on = any(walk.run == attempt.run and walk.gone_on(attempt.step, attempt.visit) for walk in incident.walks)
    return in_visit(incident, attempt, left) if gone_on else incident


def _in_attempt(incident: Incident, attempt: Any, change: Callable[[Attempt], Attempt]) -> Incident:
    return replace(incident, attempts=tuple(change(a) if a.id == attempt.id else a for a in incident.attempts))
