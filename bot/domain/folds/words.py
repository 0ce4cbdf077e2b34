"""What people say, what Slack does, what was refused."""

from dataclasses import replace

from bot.domain.events import Event, Pinned, RefusedTo, Unpinned, UpdateExpected, UpdateMissed, UpdateSent
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER


def pinned(incident: Incident, event: Event, pin: Pinned) -> Incident:
    return replace(incident, pins=tuple(dict.fromkeys((*incident.pins, f"{pin.channel}:{pin.ts}"))))


def unpinned(incident: Incident, event: Event, pin: Unpinned) -> Incident:
    gone = f"{pin.channel}:{pin.ts}"
    return replace(incident, pins=tuple(known for known in incident.pins if known != gone))


def update_sent(incident: Incident, event: Event, update: UpdateSent) -> Incident:
    updates, promises = (*incident.updates, event.occurred_at), (*incident.promises, update.next_at)
    return replace(incident, updates=updates, promises=promises, next_update_at=update.next_at, update_seq=event.seq)


def update_expected(incident: Incident, event: Event, expected: UpdateExpected) -> Incident:
    return replace(incident, next_update_at=expected.due_at)


def update_missed(incident: Incident, event: Event, missed: UpdateMissed) -> Incident:
    return replace(incident, update_asked=event.seq) if missed.asked == COMMANDER else incident


def refused_to(incident: Incident, event: Event, refused: RefusedTo) -> Incident:
    return replace(incident, refusals=incident.refusals + 1)
