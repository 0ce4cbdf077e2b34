"""The morning brief of managers: 08:00 on working days in their own zone, if there is anything to say."""

from bot.domain.saying import by_day
from bot.domain.terms import ORG, Micros
from bot.domain.workday import HOUR_OF_BRIEF, last_brief
from bot.flows.desk import Desk
from bot.flows.duty import managers_here
from bot.ports import Effect, Reads, Tx
from bot.text import zone_of
from bot.work.due import plan_schedules
from bot.work.effects import NOTICE
from storage.store import SqlStore

PREFIX = "brief "


async def plan(desk: Desk, store: SqlStore) -> None:
    """One schedule for each zone in which a manager lives. StoreAway."""
    async with store.read() as reads:
        zones = set((await _zones(desk, reads)).values())
    lines = {f"{PREFIX}{zone}": (f"0 {HOUR_OF_BRIEF} * * mon-fri", zone) for zone in sorted(zones)}
    await plan_schedules(store, lines, PREFIX)


async def due(desk: Desk, tx: Tx, zone: str, at: Micros) -> None:
    """A schedule's turn: each of its managers gets one. After a long stop it is late, but never at night."""
    here = [person for person, where in (await _zones(desk, tx)).items() if where == zone]
    since, not_before = last_brief(at, zone), by_day(tx.now, zone)
    await tx.enqueue([_brief(person, at, since, not_before) for person in here])


def _brief(person: str, at: Micros, since: Micros, not_before: Micros) -> Effect:
    lane = f"brief:{person}"
    key = f"{lane}:{at}"
    args = {"surface": "brief", "key": key, "room": f"dm:{person}", "person": person, "since": since}
    return Effect(key, "dm", lane, ORG, args, NOTICE, not_before=not_before, coalesce=lane)


async def _zones(desk: Desk, reads: Reads) -> dict[str, str]:
    """Manager → time zone, of those who can act here."""
    zone, there = desk.organisation.oncall.zone, await managers_here(desk, reads)
    return {person.id: zone_of(zone(person.id, person.zone)).key for person in there}
