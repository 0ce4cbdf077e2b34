"""The database was away and is back: each open incident says so once, however many replicas noticed."""

from bot.domain.events import DatabaseAway, Draft
from bot.domain.terms import BOT, Micros, Source, stream_of
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.ports import Cause, Tx, Viewer

_ALL = Viewer(BOT, all=True)
MOST = 1000
"""Open incidents that are told."""


async def database_was_away(desk: Desk, began: Micros, ended: Micros) -> None:
    """Nothing could be saved from `began` until `ended`. May be repeated. StoreAway."""
    async with desk.store.read() as reads:
        numbers = [incident.number for incident in await reads.incidents(_ALL, limit=MOST)]
    for number in sorted(numbers):
        async with desk.store.begin() as tx:
            cause = Cause(f"database:{stream_of(number)}:{began}", BOT, Source.AUTOMATION)
            case = Case(desk, tx, await tx.lock(number), cause)
            if case.incident.status.open and await _told_until(tx, number) < began:
                await case.record([Draft(DatabaseAway(began), at=ended)])
                await case.follow()


async def _told_until(tx: Tx, number: int) -> Micros:
    """The end of the last absence that was told here."""
    timeline = await tx.timeline(number, _ALL)
    return max((e.occurred_at for e in timeline if isinstance(e.payload, DatabaseAway)), default=0)
