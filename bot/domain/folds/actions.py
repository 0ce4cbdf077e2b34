"""What the bot does on machines: approvals and attempts, and the state of the step that they belong to."""

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
    ApprovalAsked,
    ApprovalDenied,
    ApprovalExpired,
    ApprovalGiven,
    ApprovalWaits,
    ApprovalWidened,
    BreakerClosed,
    BreakerOpened,
    Event,
    Overridden,
    RecoveryLapsed,
)
from bot.domain.folds.steps import in_visit
from bot.domain.state import Approval, Attempt, Incident, Visit

_SETTLED_AS = {"done": "ok", "not": "failed", "by_hand": "failed"}


def approval_asked(incident: Incident, event: Event, asked: ApprovalAsked) -> Incident:
    approval = Approval(
        digest=asked.digest,
        run=asked.run,
        step=asked.step,
        visit=asked.visit,
        action=asked.action,
        need=asked.need,
        may=asked.may,
        asked_at=event.occurred_at,
        expires_at=asked.expires_at,
        starter=asked.starter,
        then=asked.then,
        widen_at=asked.widen_at,
        floor=asked.floor,
        policy_sha=asked.policy_sha,
        target=asked.target,
        kind=asked.kind,
        undoes=asked.undoes,
        half_at=(event.occurred_at + asked.expires_at) // 2,
    )
    incident = replace(incident, approvals=(*incident.approvals, approval))
    return in_visit(incident, asked, lambda visit: replace(visit, state="waiting", refused=""))


def approval_widened(incident: Incident, event: Event, widened: ApprovalWidened) -> Incident:
    def widen(approval: Approval) -> Approval:
        return replace(approval, may=tuple(dict.fromkeys((*approval.may, *widened.may))))

    return _in_approval(incident, widened.digest, widen)


def approval_waits(incident: Incident, event: Event, waits: ApprovalWaits) -> Incident:
    return _in_approval(incident, waits.digest, lambda approval: replace(approval, half_at=None))


def approval_given(incident: Incident, event: Event, given: ApprovalGiven) -> Incident:
    def give(approval: Approval) -> Approval:
        people = tuple(dict.fromkeys((*approval.given, event.actor)))
        more = replace(approval, given=people, need=max(approval.need, given.need))
        return _ended(more, event, "given") if given.enough else more

    return _in_approval(incident, given.digest, give)


def approval_denied(incident: Incident, event: Event, denied: ApprovalDenied) -> Incident:
    return _no_longer_waiting(incident, event, denied.digest, "denied")


def approval_expired(incident: Incident, event: Event, expired: ApprovalExpired) -> Incident:
    if not expired.replaced_by:
        return _no_longer_waiting(incident, event, expired.digest, "expired")
    incident = _in_approval(
        incident, expired.digest, lambda approval: replace(approval, replaced_by=expired.replaced_by)
    )
    return _no_longer_waiting(incident, event, expired.digest, "replaced")


def overtaken(incident: Incident, event: Event) -> Incident:
    """Questions about steps that need no answer any more are over: people ended the step, the plan, or the incident.

    What was done can be undone as long as the incident is open.
    """
    open_ = [(walk.run, visit) for walk in incident.walks for visit in walk.open if incident.status.open]
    waiting = {(run, visit.step, visit.visit) for run, visit in open_ if visit.state != "unconfirmed"}
    return replace(
        incident,
        approvals=tuple(
            _ended(a, event, "overtaken")
            if a.state == "open" and (a.run, a.step, a.visit) not in waiting and not (a.undoes and incident.status.open)
            else a
            for a in incident.approvals
        ),
    )


def _no_longer_waiting(incident: Incident, event: Event, digest: str, state: str) -> Incident:
    asked = next((a for a in incident.approvals if a.digest == digest and a.state == "open"), None)
    if asked is None:
        return incident
    incident = _in_approval(incident, digest, lambda approval: _ended(approval, event, state))
    return in_visit(incident, asked, _from_to("waiting", "open"))


def _ended(approval: Approval, event: Event, state: str) -> Approval:
    return replace(approval, state=state, ended_at=event.occurred_at, ended_by=event.actor)


def overridden(incident: Incident, event: Event, over: Overridden) -> Incident:
    """Nobody has to answer any more."""
    place = (over.run, over.step, over.visit)
    approvals = tuple(
        _ended(a, event, "overtaken") if a.state == "open" and not a.undoes and (a.run, a.step, a.visit) == place else a
        for a in incident.approvals
    )
    return replace(incident, approvals=approvals)


def action_refused(incident: Incident, event: Event, refused: ActionRefused) -> Incident:
    incident = replace(incident, refusals=incident.refusals + 1)
    here = (refused.run, refused.step, refused.visit)
    if any((a.run, a.step, a.visit) == here and a.state == "open" and not a.undoes for a in incident.approvals):
        return incident  # it was asked for with other values; the question from before still waits
    params = dict(sorted(refused.params.items()))  # as they are read again, so that a replay gives the same bytes
    why = in_visit(incident, refused, lambda v: replace(v, refused=refused.code, refused_with=params))
    return in_visit(why, refused, _from_to("waiting", "open"))


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
    return in_visit(incident, attempt, _to("running" if checked else "open"))


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
    return in_visit(incident, attempt, _to("unknown" if state == "unknown" else "open"))


def action_settled(incident: Incident, event: Event, settled: ActionSettled) -> Incident:
    attempt = incident.attempt(settled.attempt)
    if attempt is None or attempt.state != "unknown":
        return incident
    state = _SETTLED_AS.get(settled.outcome, "failed")
    incident = _in_attempt(incident, attempt, lambda a: replace(a, state=state, settled_by=event.actor))
    return in_visit(incident, attempt, _from_to("unknown", "open"))


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


def _from_to(before: str, after: str) -> Callable[[Visit], Visit]:
    return lambda visit: replace(visit, state=after) if visit.state == before else visit


def _in_approval(incident: Incident, digest: str, change: Callable[[Approval], Approval]) -> Incident:
    """Only an open approval changes: what was decided stays decided."""
    approvals = tuple(change(a) if a.digest == digest and a.state == "open" else a for a in incident.approvals)
    return replace(incident, approvals=approvals)


def _in_attempt(incident: Incident, attempt: Any, change: Callable[[Attempt], Attempt]) -> Incident:
    return replace(incident, attempts=tuple(change(a) if a.id == attempt.id else a for a in incident.attempts))
