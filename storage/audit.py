"""Proof and repair: whether the chains verify, whether derived rows say what the events say, and making them anew."""

from bot.domain.incident import replay
from bot.domain.state import Incident
from bot.domain.terms import number_of
from storage import derived
from storage.chain import Broken, verify
from storage.journal import LOCK, event_of
from storage.reads import SqlReads
from storage.sql import Found, Sql
from storage.store import SqlStore

STREAMS = Sql("SELECT stream, hash FROM stream ORDER BY stream")
INCIDENTS = Sql("SELECT stream FROM stream WHERE stream LIKE 'inc:%' ORDER BY stream")
EVENTS = Sql(
    "SELECT e.*, b.salt, b.body FROM event e LEFT JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq"
    " WHERE e.stream = :stream ORDER BY e.seq"
)
STATE = Sql("SELECT * FROM incident_state WHERE number = :number")
FACTS = Sql("SELECT * FROM incident_facts WHERE number = :number")


async def broken(reads: SqlReads) -> list[Broken]:
    """The first bad row of every stream that does not verify."""
    found = []
    for row in await reads.rows(STREAMS):
        events = await reads.rows(EVENTS, stream=row["stream"])
        wrong = verify(row["stream"], events, row["hash"])
        if wrong:
            found.append(wrong)
    return found


async def differing(reads: SqlReads) -> list[int]:
    """Numbers of the incidents whose derived rows are not what a replay of their events gives."""
    wrong = []
    for number, incident in await _replayed(reads):
        state = await reads.row(STATE, number=number)
        facts = await reads.row(FACTS, number=number)
        if not _same(state, derived.state_row(incident)) or not _same(facts, derived.facts_row(incident)):
            wrong.append(number)
    return wrong


async def rebuild(store: SqlStore) -> int:
    """Make the derived rows of every incident anew, one transaction each; how many there are."""
    async with store.read() as reads:
        streams = [row["stream"] for row in await reads.rows(INCIDENTS)]
    for stream in streams:
        async with store.begin() as tx:
            await tx.rows(LOCK, streams=[stream])
            events = [event_of(row) for row in await tx.rows(EVENTS, stream=stream)]
            await derived.write(tx, [replay(events)])
    return len(streams)


async def _replayed(reads: SqlReads) -> list[tuple[int, Incident]]:
    found = []
    for row in await reads.rows(INCIDENTS):
        events = [event_of(event) for event in await reads.rows(EVENTS, stream=row["stream"])]
        found.append((number_of(row["stream"]), replay(events)))
    return found


def _same(row: Found | None, wanted: dict[str, object]) -> bool:
    return row == wanted
