"""Signs of life of the commander."""

from bot.domain.events import Event, RoleTaken
from bot.domain.folds.calls import stopped
from bot.domain.folds.people import offers_ended
from bot.domain.silence import SILENT
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER


def heard(incident: Incident, event: Event) -> Incident:
    """Whatever the commander does is a sign of life, and a new commander is given time."""
    payload = event.payload
    taken = isinstance(payload, RoleTaken) and payload.role == COMMANDER
    if not taken and (event.actor != incident.commander or not is_person(event.actor)):
        return incident
    if incident.silent:  # who is called or asked in their place is it no more
        incident = stopped(incident, event, "asked", incident.service)
        for offer in incident.offers:
            if (offer.role, offer.why) == (COMMANDER, "silent"):
                incident = offers_ended(incident, event, COMMANDER, offer.person, lambda _: "over")
    return incident.renewed(heard_at=event.recorded_at, silent_at=event.recorded_at + SILENT, silent=False)
