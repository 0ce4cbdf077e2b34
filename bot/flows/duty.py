"""Who may be disturbed by a drill: whoever works at this moment, unless policy.yaml lets drills call at any hour."""

from bot.domain.hours import working
from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros
from bot.domain.walk_next import Roster
from bot.flows.desk import Desk
from bot.ports import Reads


async def roster(desk: Desk, reads: Reads, incident: Incident, now: Micros) -> Roster:
    """Who stands behind the names of a plan's Roles table, for this incident."""
    whole = await desk.roster(reads)
    off = await spared(desk, reads, incident, now)
    return (lambda name: tuple(person for person in whole(name) if person not in off)) if off else whole


async def spared(desk: Desk, reads: Reads, incident: Incident, now: Micros) -> frozenset[str]:
    """Whom this incident leaves in peace."""
    if incident.kind is not Kind.DRILL or desk.organisation.policy.drills.any_hour:
        return frozenset()
    return frozenset({person.id for person in (await reads.people()).values() if not working(now, person.zone)})
