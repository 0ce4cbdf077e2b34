"""What is due by our clock: timers wake lanes, schedules begin, the sweep finds what nobody woke. The same for each engine."""

from bot.domain.terms import ORG, Micros
from bot.ports import Effect, Engine
from bot.work.schedule import next_due
from storage import claims, lanes, rates, timers
from storage.store import SqlStore
from storage.timers import Schedule

NEVER: Micros = 2**62
"""When a schedule is due whose cron line names no moment any more."""


async def promote(store: SqlStore, engine: Engine) -> None:
    """Wake the lanes whose timers are due, and begin the schedules that are. Written only if there are some."""
    async with store.read() as reads:
        timer = await timers.any_due(reads, reads.now)
        due = [schedule for schedule in await timers.schedules(reads) if schedule.next_due <= reads.now]
    if timer:
        async with store.begin() as tx:
            for lane in await timers.take_due(tx, tx.now):
                await engine.wake(tx, lane)
    for schedule in due:
        await _begin(store, schedule)


async def first_due(store: SqlStore) -> Micros | None:
    """When the next timer or schedule is due."""
    async with store.read() as reads:
        due = await timers.first(reads)
    return None if due is None or due >= NEVER else due


async def sweep(store: SqlStore, engine: Engine, all_lanes: bool = False) -> None:
    """Wake every lane that could go on. all_lanes: and those that only wait (at boot)."""
    async with store.read() as reads:
        found = await lanes.unfinished(reads) if all_lanes else await lanes.due(reads, reads.now)
    if found:
        async with store.begin() as tx:
            for lane in found:
                await engine.wake(tx, lane)


async def set_back(store: SqlStore) -> None:
    """The clock was set back: what waits only because of that (a retry, a limit) is tried now. What was promised for a moment
    keeps it."""
    async with store.begin() as tx:
        hastened = await claims.hasten(tx)
        await rates.forgive(tx, tx.now)
        if tx.engine is not None:
            for lane in hastened:
                await tx.engine.wake(tx, lane)


async def plan_schedules(store: SqlStore, lines: dict[str, tuple[str, str]], begins: str = "") -> None:
    """Make the schedules whose names begin with `begins` those of `lines`: name → (cron, zone). One that did not change keeps
    its moment, so that what was due while the program was down is caught up once. ValueError: a line that cannot be read."""
    async with store.read() as reads:
        found = {schedule.name: schedule for schedule in await timers.schedules(reads)}
    if {one.name: (one.cron, one.zone) for one in found.values() if one.name.startswith(begins)} == lines:
        return
    async with store.begin() as tx:
        all_ = await timers.schedules(tx)
        known = {schedule.name: schedule for schedule in all_ if schedule.name.startswith(begins)}
        for name in known.keys() - lines.keys():
            await timers.drop(tx, name)
        for name, (cron, zone) in sorted(lines.items()):
            old = known.get(name)
            if old is None or (old.cron, old.zone) != (cron, zone):
                await timers.plan(tx, Schedule(name, cron, zone, _following(cron, zone, tx.now)))


async def _begin(store: SqlStore, schedule: Schedule) -> None:
    """One turn, in one transaction: whoever moves the row on enqueues what is to be done. Missed turns are one turn."""
    async with store.begin() as tx:
        if await timers.claim(tx, schedule, _following(schedule.cron, schedule.zone, tx.now)):
            key = f"schedule:{schedule.name}:{schedule.next_due}"
            args = {"name": schedule.name, "due": schedule.next_due}
            await tx.enqueue([Effect(key, "clock.schedule", f"{ORG}:clock:{schedule.name}", ORG, args)])


def _following(cron: str, zone: str, after: Micros) -> Micros:
    due = next_due(cron, zone, after)
    return NEVER if due is None else due
