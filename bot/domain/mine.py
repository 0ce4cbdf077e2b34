"""What waits for one person in an incident: pure, of the state alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.run_state import SETTLED
from bot.domain.state import Incident, Visit
from bot.domain.terms import MINUTE, Micros

SOON: Micros = 10 * MINUTE
"""An update that is promised waits for its author from so long before."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """what: call | role | approval | step | confirm | update | unknown; due_at: None if nobody set a moment, or it stands still.

    role: that is offered; code: of the approval, asked since `since`; action: that it is about; run, visited: the step's place.
    """

    what: str
    due_at: Micros | None = None
    role: str = ""
    code: str = ""
    action: str = ""
    run: int = 0
    visited: Visit | None = None
    since: Micros = 0

    @property
    def order(self) -> tuple[int, Micros]:
        """Of what waits in several incidents: who is called first, then the questions, the oldest first, then the rest."""
        return {"call": 0, "role": 0, "approval": 1}.get(self.what, 2), self.since


def waiting(incident: Incident, person: str, now: Micros) -> tuple[Waiting, ...]:
    """What waits for this person, the most urgent kind first; () where nothing does, or all is over."""
    if not incident.status.open:
        return ()
    leads = person in (incident.commander, incident.holder("deputy"))
    return (
        *_called(incident, person),
        *_approvals(incident, person),
        *_unknown(incident, leads),
        *_update(incident, person, now),
        *_steps(incident, person),
    )


def _called(incident: Incident, person: str) -> Iterator[Waiting]:
    if any(page.person == person and not page.answer for page in incident.pages):
        yield Waiting("call")
    yield from (Waiting("role", offer.due_at, role=offer.role) for offer in incident.offers if offer.person == person)


def _approvals(incident: Incident, person: str) -> Iterator[Waiting]:
    for asked in incident.approvals:
        if asked.state == "open" and person in asked.may and person not in asked.given:
            due = None if incident.paused else asked.expires_at
            yield Waiting("approval", due, code=asked.code, action=asked.action, since=asked.asked_at)


def _unknown(incident: Incident, leads: bool) -> Iterator[Waiting]:
    for attempt in incident.attempts if leads else ():
        if attempt.state == "unknown" and not attempt.settled_by:
            yield Waiting("unknown", action=attempt.action)


def _update(incident: Incident, person: str, now: Micros) -> Iterator[Waiting]:
    due = incident.next_update_at
    if person == incident.commander and due is not None and not incident.paused and due - SOON <= now:
        yield Waiting("update", due)


def _steps(incident: Incident, person: str) -> Iterator[Waiting]:
    walk = incident.walk
    if walk is None or walk.ended_at is not None:
        return
    for visit in walk.open:
        if visit.state == "unconfirmed" and incident.holder(visit.confirm) == person:
            yield Waiting("confirm", run=walk.run, visited=visit)
        elif visit.state not in (*SETTLED, "unconfirmed", "waiting", "running", "unknown") and visit.person == person:
            yield Waiting("step", None if incident.paused else visit.due_at, run=walk.run, visited=visit)
