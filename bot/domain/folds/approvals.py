"""Approvals: who is asked, what they said, and when nobody has to answer any more."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.events import (
    ApprovalAsked,
    ApprovalDenied,
    ApprovalExpired,
    ApprovalGiven,
    ApprovalWaits,
    ApprovalWidened,
    Event,
    Overridden,
)
from bot.domain.folds.steps import from_to, in_visit
from bot.domain.state import Approval, Incident


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
    over = [
        a
        for a in incident.approvals
        if a.state == "open" and (a.run, a.step, a.visit) not in waiting and not (a.undoes and incident.status.open)
    ]
    for asked in over:
        incident = in_visit(incident, asked, from_to("waiting", "open"))
    approvals = tuple(_ended(a, event, "overtaken") if a in over else a for a in incident.approvals)
    return replace(incident, approvals=approvals) if over else incident


def _no_longer_waiting(incident: Incident, event: Event, digest: str, state: str) -> Incident:
    asked = next((a for a in incident.approvals if a.digest == digest and a.state == "open"), None)
    if asked is None:
        return incident
    incident = _in_approval(incident, digest, lambda approval: _ended(approval, event, state))
    return in_visit(incident, asked, from_to("waiting", "open"))


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


def _in_approval(incident: Incident, digest: str, change: Callable[[Approval], Approval]) -> Incident:
    """Only an open approval changes: what was decided stays decided."""
    approvals = tuple(change(a) if a.digest == digest and a.state == "open" else a for a in incident.approvals)
    return replace(incident, approvals=approvals)
