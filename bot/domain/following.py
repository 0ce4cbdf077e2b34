"""Who is told of which incidents without asking each time: they follow a service, or a severity and all that is worse."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.events import Event, StandingFollowed, StandingUnfollowed
from bot.domain.state import Incident
from bot.domain.terms import Kind, Severity

KINDS = ("standing_followed", "standing_unfollowed")
"""Kinds of the events that say so, in the stream of the organisation."""


def standing(events: Iterable[Event]) -> dict[str, tuple[str, ...]]:
    """Person → what they follow, in the order in which they said so. events: of KINDS, the oldest first."""
    found: dict[str, tuple[str, ...]] = {}
    for event in events:
        kept = found.get(event.actor, ())
        if isinstance(event.payload, StandingFollowed):
            found[event.actor] = (*(one for one in kept if one != event.payload.what), event.payload.what)
        elif isinstance(event.payload, StandingUnfollowed):
            found[event.actor] = tuple(one for one in kept if one != event.payload.what)
    return {person: what for person, what in found.items() if what}


def severity_of(what: str) -> Severity | None:
    """The severity that it names, None for a service."""
    return next((severity for severity in Severity if severity.value == what), None)


def concerns(incident: Incident, what: str) -> bool:
    """Whether who follows `what` is told of this incident."""
    severity = severity_of(what)
    return what == incident.service if severity is None else incident.severity.rank <= severity.rank


def newly_concerned(incident: Incident, follows: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Person → why, of those who are to follow this incident and do not yet. Nobody, if few may see it, or it is not real."""
    if incident.private or incident.kind is not Kind.REAL or not incident.status.open:
        return {}
    there = {one.person for one in incident.told.followers}
    found: dict[str, str] = {}
    for person, follow in follows.items():
        why = next((what for what in follow if concerns(incident, what)), "")
        if why and person not in there and person not in incident.told.unfollowed:
            found[person] = why
    return found
