"""Who is told, and who is not disturbed: managers; in a drill only whoever works at this moment, unless policy.yaml lets drills
call at any hour; in a test only who is in it."""

from bot.domain.hours import working
from bot.domain.state import Incident
from bot.domain.terms import DEPUTY, Kind, Micros
from bot.domain.walk_next import Roster
from bot.flows import directory
from bot.flows.desk import Desk
from bot.ports import Person, Reads


async def roster(desk: Desk, reads: Reads, incident: Incident, now: Micros) -> Roster:
    """Who stands behind the names of a plan's Roles table, for this incident."""
    whole = await desk.roster(reads)
    off = await spared(desk, reads, incident, now)
    return (lambda name: tuple(person for person in whole(name) if person not in off)) if off else whole


async def managers(desk: Desk, reads: Reads, incident: Incident) -> tuple[tuple[str, str], ...]:
    """(person, time zone) of those who are told what goes wrong in this incident: none who may not see it, or lead it."""
    if incident.kind is not Kind.REAL:
        return ()
    leads = (incident.commander, incident.holder(DEPUTY))
    there = await managers_here(desk, reads)
    sees = [
        one
        for one in there
        if not incident.private or (await desk.viewer(reads, one.id)).all or one.id in incident.people
    ]
    zone = desk.organisation.oncall.zone
    return tuple((one.id, zone(one.id, one.zone)) for one in sees if one.id not in leads)


async def managers_here(desk: Desk, reads: Reads) -> list[Person]:
    """Those of the group `managers` who can act here."""
    people = await reads.people()
    named = desk.organisation.managers(await directory.read(reads))
    return [people[one] for one in named if one in people and directory.able(people[one])]


async def asleep(desk: Desk, reads: Reads, incident: Incident, now: Micros) -> frozenset[str]:
    """Of those whom it leaves in peace, who neither is here nor was asked by name: they hear nothing of it."""
    off = await spared(desk, reads, incident, now)
    called = {page.person for page in incident.pages} | {offer.person for offer in incident.offers}
    given = {visit.person for walk in incident.walks for visit in walk.visits}
    return off - incident.people.keys() - called - given


def quiet(incident: Incident) -> frozenset[str]:
    """Kinds of effects of which there are none: in a test no telephone rings, also not of who is asked by name."""
    return frozenset({"clock.ring", "dnd"} if incident.kind is Kind.TEST else ())


async def spared(desk: Desk, reads: Reads, incident: Incident, now: Micros) -> frozenset[str]:
    """Whom this incident leaves in peace."""
    if incident.kind is Kind.TEST:
        return frozenset((await reads.people()).keys() - incident.people.keys())
    if incident.kind is not Kind.DRILL or desk.organisation.policy.drills.any_hour:
        return frozenset()
    zone, everybody = desk.organisation.oncall.zone, (await reads.people()).values()
    return frozenset({person.id for person in everybody if not working(now, zone(person.id, person.zone))})
