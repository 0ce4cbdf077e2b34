"""Times in which nobody is judged: without Slack, without the database, without Tocsin itself; and a clock that was set.

Every replica may notice, and each may be cut off in the middle: all of it may be repeated, and each incident takes it once.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from bot.domain.deadlines import missed
from bot.domain.events import ClockSet, DatabaseAway, Draft, OutageBegan, OutageEnded, Stopped
from bot.domain.state import Incident, Interval
from bot.domain.terms import BOT, ORG, Micros, Source, stream_of
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Cause, Effect, Tx
from bot.work.clocks import TURN
from bot.work.due import set_back
from bot.work.effects import CARD
from storage.store import SqlStore

MOST, RECENT = 1000, 200
"""Open incidents that are told; recent ones that are looked through for an outage that nobody ended."""
Decide = Callable[[Case], Awaitable[Iterable[Draft]]]


# --- Slack ---


async def slack_is_away(desk: Desk, began: Micros, why: str) -> None:
    """Slack is away since `began` (why: as in OutageBegan). Nothing happens if that is known. StoreAway."""

    def decide(known: Interval | None) -> Sequence[Draft]:
        if known is not None and known.end is None:
            return ()
        return (Draft(OutageBegan(why), at=max(began, known.end or 0) if known else began),)

    await _org(desk, f"outage:{began}", decide)
    await settle(desk)


async def slack_is_back(desk: Desk, ended: Micros) -> None:
    """Slack answers again. Nothing happens if it was not away. StoreAway."""

    def decide(known: Interval | None) -> Sequence[Draft]:
        if known is None or known.end is not None:
            return ()
        return (Draft(OutageEnded(known.start, why=known.value), at=max(ended, known.start)),)

    await _org(desk, f"outage:over:{ended}", decide)
    await settle(desk)


async def settle(desk: Desk) -> None:
    """Each incident says of the last outage what the organisation says: those that were opened meanwhile, too. StoreAway."""
    async with desk.store.read() as reads:
        known = await reads.outage()
        found = await reads.incidents(EVERYTHING, limit=MOST)
        if known is not None and known.end is not None:
            found += await reads.incidents(EVERYTHING, open_only=False, limit=RECENT)
    if known is None:
        return
    for number in sorted({one.number for one in found if (one.away is None) == (known.end is None)}):
        if known.end is None:
            await _in(desk, number, f"outage:{known.start}", _away(known))
        else:
            await _in(desk, number, f"outage:over:{known.end}", _back(known, known.end))


def _away(known: Interval) -> Decide:
    async def decide(case: Case) -> Iterable[Draft]:
        lasts = case.incident.away is not None or not case.incident.status.open
        return () if lasts else (Draft(OutageBegan(known.value), at=known.start),)

    return decide


def _back(known: Interval, ended: Micros) -> Decide:
    async def decide(case: Case) -> Iterable[Draft]:
        away = case.incident.away
        if away is None:
            return ()
        said = await _missed(case, away.start, ended)
        told = case.incident.status.open and bool(said["due"] or said["runs"] or said["alerts"])
        return (Draft(OutageEnded(away.start, why=known.value, told=told, **said), at=max(ended, away.start)),)

    return decide


async def knock(desk: Desk) -> None:
    """Show something anew, so that Slack has something to bring us. StoreAway."""
    async with desk.store.read() as reads:
        found = await reads.incidents(EVERYTHING, limit=1)
    for incident in found:
        stream = stream_of(incident.number)
        key, lane, after = f"{stream}:card", f"{stream}:card", (f"{stream}:channel",)
        args = {"surface": "card", "key": key, "room": stream}
        async with desk.store.begin() as tx:
            again = f"{key}@knock{tx.now}"
            await tx.enqueue([Effect(again, "show", lane, stream, args, CARD, after, coalesce=key)])


# --- the database, Tocsin itself, the clock ---


async def database_was_away(desk: Desk, began: Micros, ended: Micros) -> None:
    """Nothing could be saved from `began` until `ended`: each open incident says so. StoreAway."""

    async def decide(case: Case) -> Iterable[Draft]:
        if _known(case.incident, "database_away", began):
            return ()
        return (Draft(DatabaseAway(began, told=True, **await _missed(case, began, ended)), at=ended),)

    await _in_each(desk, f"database:{began}", decide)


async def was_stopped(desk: Desk, began: Micros, ended: Micros) -> None:
    """No process lived from `began` until `ended`: each open incident in which something was due says so. StoreAway."""

    async def decide(case: Case) -> Iterable[Draft]:
        if _known(case.incident, "stopped", began):
            return ()
        said = await _missed(case, began, ended)
        return (Draft(Stopped(began, told=bool(said["due"]), **said), at=ended),)

    await _in_each(desk, f"stopped:{began}", decide)


async def clock_was_set(desk: Desk, step: Micros, at: Micros, since: Micros) -> None:
    """The clock jumped by `step` (µs) and showed `at` when that was seen: nobody is late because of it. since: the same for all
    who tell of it. StoreAway."""
    key = f"clock:{since}"
    async with desk.store.begin() as tx:
        await _locked(tx, key)
        if await tx.answered(key) is None:
            await tx.append(ORG, (Draft(ClockSet(step), at=at),), _cause(key))
            await tx.answer(key, ORG, {})
            await tx.set_turn(TURN, at)

    async def decide(case: Case) -> Iterable[Draft]:
        if await case.tx.answered(case.cause.input) is not None:
            return ()
        await case.tx.answer(case.cause.input, case.stream, {})
        return (Draft(ClockSet(step), at=at),)

    await _in_each(desk, key, decide)


def _known(incident: Incident, value: str, began: Micros) -> bool:
    """An absence of this kind is told that lasted longer than `began`."""
    return any(one.value == value and one.end is not None and one.end > began for one in incident.outages)


async def _missed(case: Case, began: Micros, ended: Micros) -> dict[str, Any]:
    return missed(case.incident, await case.tx.timeline(case.incident.number, EVERYTHING), began, ended)


class Absences:
    """What the pulse tells (bot/work/pulse.py)."""

    def __init__(self, desk: Desk, store: SqlStore) -> None:
        self._desk = desk
        self._store = store

    async def database_was_away(self, began: Micros, ended: Micros) -> None:
        await database_was_away(self._desk, began, ended)

    async def was_stopped(self, began: Micros, ended: Micros) -> None:
        await was_stopped(self._desk, began, ended)

    async def clock_was_set(self, step: Micros, at: Micros, since: Micros) -> None:
        """What waits only because of the step goes on, too."""
        if step < 0:
            await set_back(self._store)
        await clock_was_set(self._desk, step, at, since)


# --- one transaction each ---


async def _org(desk: Desk, key: str, decide: Callable[[Interval | None], Sequence[Draft]]) -> None:
    async with desk.store.begin() as tx:
        await _locked(tx, key)
        drafts = decide(await tx.outage())
        if drafts:
            await tx.append(ORG, drafts, _cause(key))


async def _locked(tx: Tx, key: str) -> None:
    """Nobody else writes to the organisation's stream until the commit."""
    await tx.append(ORG, (), _cause(key))


async def _in_each(desk: Desk, key: str, decide: Decide) -> None:
    async with desk.store.read() as reads:
        numbers = [incident.number for incident in await reads.incidents(EVERYTHING, limit=MOST)]
    for number in sorted(numbers):
        await _in(desk, number, key, decide, only_open=True)


async def _in(desk: Desk, number: int, key: str, decide: Decide, only_open: bool = False) -> None:
    async with desk.store.begin() as tx:
        case = Case(desk, tx, await tx.lock(number), _cause(f"{key}:{stream_of(number)}"))
        if case.incident.status.open or not only_open:
            await case.record(await decide(case))
            await case.follow()


def _cause(key: str) -> Cause:
    return Cause(key, BOT, Source.AUTOMATION)
