"""Proof: whether the chains verify. Streams are read in pages, each stream as of one moment, also beside a running bot."""

import sqlite3
from dataclasses import dataclass, field
from hashlib import sha256

from storage.chain import Broken, Chain, pinned
from storage.session import Session
from storage.sql import Params, Sql
from storage.store import SqlStore

PAGE = 500
BEFORE_ALL = -(2**62)
NAMES = Sql(
    "WITH RECURSIVE found(stream) AS (SELECT MIN(stream) FROM event"
    " UNION ALL SELECT (SELECT MIN(e.stream) FROM event e WHERE e.stream > found.stream) FROM found"
    " WHERE found.stream IS NOT NULL)"
    " SELECT stream FROM found WHERE stream IS NOT NULL UNION SELECT stream FROM stream"
)
COUNTED = Sql("SELECT value FROM serial WHERE name = 'incident'")
HEAD = Sql("SELECT seq, hash FROM stream WHERE stream = :stream")
EVENTS = Sql(
    "SELECT e.*, b.salt, b.body FROM event e LEFT JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq"
    " WHERE e.stream = :stream AND e.seq > :after ORDER BY e.seq LIMIT :most"
)
TEXTS = Sql("SELECT sha, body FROM plan_revision ORDER BY sha")


@dataclass(frozen=True, slots=True)
class Verified:
    """How many streams there are, and the first bad row of each that has one.

    events: how many verify (in a broken stream, those before the bad one); wordless: those of them whose words were deleted; texts:
    sha256 of the plans and policies that are not what was pinned, or are gone.
    """

    streams: int
    events: int
    wordless: int
    broken: tuple[Broken, ...]
    texts: tuple[str, ...] = ()


@dataclass
class Look:
    """One stream, looked at from its first event to its last."""

    chain: Chain
    wordless: int = 0
    texts: set[str] = field(default_factory=set)

    def at(self, row: Params) -> bool:
        self.wordless += bool(row["body_hash"]) and row["body"] is None
        good = self.chain.follow(row)
        if good:
            self.texts.update(pinned(row))
        return good


async def verified(store: SqlStore, page: int = PAGE) -> Verified:
    """Every stream of the database, each in a snapshot of its own, `page` rows at a time."""
    async with store.read() as reads:
        names = await streams(reads)
    looks = []
    for name in names:
        async with store.read() as reads:
            looks.append(await look(reads, name, page))
    async with store.read() as reads:
        texts = await _texts(reads, set().union(*(look.texts for look in looks)) - {""})
    counted = sum(x.chain.seq for x in looks), sum(x.wordless for x in looks)
    return Verified(len(looks), *counted, tuple(_wrong(looks)), texts)


async def _texts(reads: Session, named: set[str]) -> tuple[str, ...]:
    """Texts that are not what their sha256 says, and plans and policies that events name and that are gone."""
    there = {str(row["sha"]): row["body"] for row in await reads.rows(TEXTS)}
    changed = {sha for sha, body in there.items() if not isinstance(body, str) or _sha(body) != sha}
    return tuple(sorted(changed | (named - there.keys())))


def _sha(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


async def broken(reads: Session) -> list[Broken]:
    """The first bad row of every stream that does not verify, all as of one moment."""
    return _wrong([await look(reads, name) for name in await streams(reads)])


async def streams(reads: Session) -> list[str]:
    """Every stream that has a row anywhere, and those of all incidents that were ever counted; incidents by number."""
    found = {row["stream"] for row in await reads.rows(NAMES)}
    counted = await reads.row(COUNTED)
    found |= {f"inc:{number}" for number in range(1, (counted["value"] if counted else 0) + 1)}
    return sorted(found, key=lambda name: (len(name), str(name)))


async def look(reads: Session, stream: str, page: int = PAGE) -> Look:
    """Read one stream and compare it with its head."""
    seen, after = Look(Chain(str(stream))), BEFORE_ALL
    if not isinstance(stream, str):  # a name that is none
        seen.chain.wrong = Broken(str(stream), 1, "hash")
        return seen
    try:
        while rows := await reads.rows(EVENTS, stream=stream, after=after, most=page):
            if not all(seen.at(row) for row in rows):
                return seen
            after = rows[-1]["seq"]
    except sqlite3.OperationalError:  # a text that is none: which row's?
        if page > 1:
            return await look(reads, stream, 1)
        seen.chain.wrong = Broken(stream, seen.chain.seq + 1, "hash")
        return seen
    seen.chain.end(await reads.row(HEAD, stream=stream))
    return seen


def _wrong(looks: list[Look]) -> list[Broken]:
    return [x.chain.wrong for x in looks if x.chain.wrong]


async def rows(reads: Session, stream: str) -> list[Params]:
    """All events of a stream as they were hashed, with salt and body."""
    found: list[Params] = []
    while more := await reads.rows(EVENTS, stream=stream, after=found[-1]["seq"] if found else BEFORE_ALL, most=PAGE):
        found += [dict(row) for row in more]
    return found
