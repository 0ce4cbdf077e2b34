"""What people say, what Slack does, what was refused."""

from dataclasses import replace

from bot.domain.events import Event, OutageBegan, OutageEnded, Pinned, RefusedTo, Unpinned, UpdateSent
from bot.domain.state import Incident, Interval


def pinned(incident: Incident, event: Event, pin: Pinned) -> Incident:
    return replace(incident, pins=tuple(dict.fromkeys((*incident.pins, f"{pin.channel}:{pin.ts}"))))


def unpinned(incident: Incident, event: Event, pin: Unpinned) -> Incident:
    gone = f"{pin.channel}:{pin.ts}"
    return replace(incident, pins=tuple(known for known in incident.pins if known != gone))


def update_sent(incident: Incident, event: Event, update: UpdateSent) -> Incident:
    updates, promises = (*incident.updates, event.occurred_at), (*incident.promises, update.next_at)
    return replace(incident, updates=updates, promises=promises, next_update_at=update.next_at)


def outage_began(incident: Incident, event: Event, outage: OutageBegan) -> Incident:
    if incident.outages and incident.outages[-1].end is None:
        return incident
    return replace(incident, outages=(*incident.outages, Interval(outage.why, event.occurred_at)))


def outage_ended(incident: Incident, event: Event, outage: OutageEnded) -> Incident:
    """Ends the outage that is open; one whose beginning was not written here is added whole."""
    known = incident.outages
    if not known or known[-1].end is not None:
        known = (*known, Interval("", outage.began_at))
    return replace(incident, outages=(*known[:-1], replace(known[-1], end=max(event.occurred_at, known[-1].start))))


def refused_to(incident: Incident, event: Event, refused: RefusedTo) -> Incident:
    return replace(incident, refusals=incident.refusals + 1)
