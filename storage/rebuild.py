"""Derived rows from the events alone: which of them say something else, and making those anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.incident import fold
from bot.domain.state import Incident
from bot.domain.terms import number_of, stream_of
from storage import derived
from storage.audit import EVENTS, PAGE, streams
from storage.chain import Broken, Chain
from storage.journal import LOCK, event_of
from storage.session import Session
from storage.sql import Found, Params, Sql
from storage.store import SqlStore

TOGETHER = 5
"""Incidents that one transaction brings up to date: a few milliseconds."""

STATE = Sql("SELECT * FROM incident_state WHERE number = :number")
FACTS = Sql("SELECT * FROM incident_facts WHERE number = :number")
INSIDERS = Sql("SELECT person FROM insider WHERE number = :number")
LET_OUT = Sql("DELETE FROM insider WHERE number = :number AND person = :person")
ORPHANS = Sql(
    "SELECT number FROM (SELECT number FROM incident_state UNION SELECT number FROM incident_facts"
    " UNION SELECT number FROM insider) derived"
    " WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = 'inc:' || number) ORDER BY number"
)
NO_STATE = Sql("DELETE FROM incident_state WHERE number = :number")
NO_FACTS = Sql("DELETE FROM incident_facts WHERE number = :number")
NO_INSIDERS = Sql("DELETE FROM insider WHERE number = :number")


@dataclass(frozen=True, slots=True)
class Difference:
    """What of an incident's derived rows is not what its events say: `table`, or `table.column`."""

    number: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many incidents there are, what differed and was made anew, and the streams that were left alone."""

    incidents: int
    differences: tuple[Difference, ...]
    broken: tuple[Broken, ...]


@dataclass
class Replay:
    """An incident as its events say, as far as they were read and verify."""

    number: int
    chain: Chain = field(init=False)
    incident: Incident | None = None
    insiders: dict[str, Params] = field(default_factory=dict)  # whoever was one at any time

    def __post_init__(self) -> None:
        self.chain = Chain(stream_of(self.number))

    async def read_on(self, session: Session) -> None:
        """Fold what came since."""
        while page := await session.rows(EVENTS, stream=self.chain.stream, after=self.chain.seq, most=PAGE):
            for row in page:
                if not self.chain.follow(row):
                    return
                self.incident = fold(self.incident, event_of(row))
                self.insiders |= {row["person"]: row for row in derived.insiders(self.incident)}


async def rebuild(store: SqlStore) -> Rebuilt:
    """Write what differs, a few incidents in each transaction. A stream that does not verify is left alone, and named."""
    async with store.read() as reads:
        numbers = await _numbers(reads)
    differences, broken = await _without_events(store), []
    for begin in range(0, len(numbers), TOGETHER):
        async with store.read() as reads:  # the long part, while nobody waits for us
            replays = [await _replay(reads, number) for number in numbers[begin : begin + TOGETHER]]
        async with store.begin() as tx:
            heads = {row["stream"]: row for row in await tx.rows(LOCK, streams=[r.chain.stream for r in replays])}
            for replay in replays:
                await replay.read_on(tx)
                replay.chain.end(heads.get(replay.chain.stream))
                if replay.chain.wrong:
                    broken.append(replay.chain.wrong)
                elif found := await _difference(tx, replay):
                    differences.append(found)
                    await _write(tx, replay)
    return Rebuilt(len(numbers), tuple(differences), tuple(broken))


async def differing(reads: Session) -> list[int]:
    """Numbers of the incidents whose derived rows are not what a replay of their events gives."""
    found = [await _difference(reads, await _replay(reads, number)) for number in await _numbers(reads)]
    orphans = [row["number"] for row in await reads.rows(ORPHANS)]
    return sorted({difference.number for difference in found if difference} | set(orphans))


async def _numbers(reads: Session) -> list[int]:
    return [number_of(name) for name in await streams(reads) if name.removeprefix("inc:").isdecimal()]


async def _replay(reads: Session, number: int) -> Replay:
    replay = Replay(number)
    await replay.read_on(reads)
    return replay


async def _difference(session: Session, replay: Replay) -> Difference | None:
    if replay.incident is None:
        return None
    state = await session.row(STATE, number=replay.number)
    facts = await session.row(FACTS, number=replay.number)
    what = [
        *_unlike("incident_state", state, derived.state_row(replay.incident)),
        *_unlike("incident_facts", facts, derived.facts_row(replay.incident)),
        *(["insider"] if any(await _insiders(session, replay)) else []),
    ]
    return Difference(replay.number, tuple(what)) if what else None


def _unlike(table: str, row: Found | None, wanted: dict[str, Any]) -> list[str]:
    if row is None:
        return [table]
    return [f"{table}.{name}" for name, value in wanted.items() if row[name] != value]


async def _insiders(session: Session, replay: Replay) -> tuple[list[Params], set[str]]:
    """Insiders who are missing, and people who were never one.

    A row stays when its person is asked for something no more, so only who is an insider at the end has to be there.
    """
    there = {row["person"] for row in await session.rows(INSIDERS, number=replay.number)}
    assert replay.incident is not None
    missing: list[Params] = [row for row in derived.insiders(replay.incident) if row["person"] not in there]
    return missing, there - replay.insiders.keys()


async def _write(tx: Session, replay: Replay) -> None:
    assert replay.incident is not None
    _, strangers = await _insiders(tx, replay)
    await tx.many(LET_OUT, [{"number": replay.number, "person": person} for person in sorted(strangers)])
    await derived.write(tx, [replay.incident])
    await tx.many(derived.INSIDERS, list(replay.insiders.values()))


async def _without_events(store: SqlStore) -> list[Difference]:
    """Remove derived rows of incidents that have no event."""
    async with store.read() as reads:
        numbers: Sequence[Params] = [{"number": row["number"]} for row in await reads.rows(ORPHANS)]
    async with store.begin() as tx:
        for statement in (NO_STATE, NO_FACTS, NO_INSIDERS):
            await tx.many(statement, numbers)
    return [Difference(row["number"], ("no events",)) for row in numbers]
