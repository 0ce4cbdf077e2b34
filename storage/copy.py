"""One database into another, of either sort: every row as it is, hashes and all.

While it is filled, the target's revision is `copying`, and no Tocsin opens such a database; that ends when everything has been read
back and compared. So a copy that was interrupted, at whatever moment, is never taken for a whole one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

import orjson
from sqlalchemy import Table

from bot.domain.terms import SECOND, Micros
from bot.errors import StartError, StoreAway
from bot.ports import Clock, Ids
from storage import ends, replicas
from storage.audit import broken
from storage.chain import Broken
from storage.session import Session
from storage.sql import Found, Params, Sql, insert
from storage.store import SqlStore
from storage.tables import metadata

PAGE = 300
"""Rows read, written and committed at a time: a few milliseconds to some tens."""
WATCHED, LOOK = 12.0, 1.0
"""Seconds within which a Tocsin that works says twice that it lives, and between two looks whether it did."""

TABLES = metadata.sorted_tables


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has, and the chains that are broken in both (only where that was allowed)."""

    rows: dict[str, int]
    broken: tuple[Broken, ...]


@dataclass(slots=True)
class Sum:
    """The rows of a table, whatever their order: how many, and their hashes added up."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Iterable[Found]) -> None:
        for row in rows:
            digest = sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).digest()
            self.rows += 1
            self.total = (self.total + int.from_bytes(digest)) % 2**256


def untold(table: str, rows: int) -> None:
    pass


async def copy(
    source: str,
    target: str,
    clock: Clock,
    ids: Ids,
    told: Callable[[str, int], None] = untold,
    anyway: bool = False,
    page: int = PAGE,
    watched: float = WATCHED,
) -> Copied:
    """Copy everything from `source` to the empty `target` (URLs as in TOCSIN_DATABASE_URL).

    told: called after each commit with the table and how many of its rows are there; anyway: copy even though a chain does not
    verify; page: rows in each commit; watched: see WATCHED. Raises StartError: one of them is in use, the source cannot be read or
    does not verify, the target holds something, or what was written is not what was read.
    """
    if ends.same(source, target):
        raise StartError("Source and target are the same database. Name a new one to copy into; nothing was changed.")
    async with ends.held(source, False, clock) as taken, ends.held(target, True, clock) as filled:
        await asyncio.to_thread(ends.present, taken)
        old = SqlStore(taken.database, clock, ids)
        copying = Copying(SqlStore(filled.database, clock, ids), filled.server, told, page)
        try:
            if taken.server:
                await _at_rest(old, clock, watched)
            async with old.read() as reads:
                wrong = await broken(reads)
                if not anyway:
                    _refuse(wrong)
                await asyncio.to_thread(ends.begin, filled)
                sums = {table.name: await copying.pour(reads, table) for table in TABLES}
            await copying.compare(sums, wrong)
        except StoreAway as error:
            raise StartError(
                f"The copy did not end ({error}); its target cannot be used. Run the same again."
            ) from error
        for end in (taken, filled):  # somebody may have come in meanwhile
            await ends.alone(end, clock)
        await asyncio.to_thread(ends.finish, filled)
    return Copied({name: found.rows for name, found in sums.items()}, tuple(wrong))


async def _at_rest(source: SqlStore, clock: Clock, watched: float) -> None:
    """Raises StartError if a Tocsin works on it, whose session only its own role sees. (One that was killed just now does not.)"""
    first = await _seen(source)
    given_up = clock.monotonic() + watched
    while clock.now() - first < watched * SECOND and clock.monotonic() < given_up:
        await clock.sleep(LOOK)
        if await _seen(source) != first:
            raise StartError("A Tocsin is at work in the source. Stop every one that uses it; nothing was changed.")


async def _seen(source: SqlStore) -> Micros:
    async with source.read() as reads:
        return await replicas.last(reads)


def _refuse(wrong: list[Broken]) -> None:
    if wrong:
        raise StartError(
            f"The source does not verify (`tocsin audit verify`): {wrong[0].stream}, event {wrong[0].seq}, {wrong[0].why}."
            " `--anyway` copies it as it is; nothing was changed."
        )


@dataclass(frozen=True)
class Copying:
    """Where rows go to, and how. server: it is PostgreSQL, in whose texts no NUL may stand."""

    new: SqlStore
    server: bool
    told: Callable[[str, int], None]
    page: int

    async def pour(self, reads: Session, table: Table) -> Sum:
        """Copy a table; the sum of what was read."""
        done, put = Sum(), insert(table)
        async for rows in self._pages(reads, table):
            if self.server:
                _fit(table, rows)
            async with self.new.begin() as tx:
                await tx.many(put, rows)
            done.add(rows)
            self.told(table.name, done.rows)
        return done

    async def compare(self, sums: dict[str, Sum], wrong: list[Broken]) -> None:
        """Read the copy back. Raises StartError if it is not what was read from the source."""
        async with self.new.read() as reads:
            unlike = [table.name for table in TABLES if await self._sum(reads, table) != sums[table.name]]
            if unlike or await broken(reads) != wrong:
                what = ", ".join(unlike) or "its chains"
                raise StartError(f"The copy is not like its source ({what}) and cannot be used. Run the same again.")

    async def _sum(self, reads: Session, table: Table) -> Sum:
        found = Sum()
        async for rows in self._pages(reads, table):
            found.add(rows)
        return found

    async def _pages(self, reads: Session, table: Table) -> AsyncIterator[list[Found]]:
        """All rows of a table by its primary key."""
        keys = [column.name for column in table.primary_key]
        some = f"SELECT * FROM {table.name} {{where}} ORDER BY {', '.join(keys)} LIMIT {self.page}"  # noqa: S608 (our own names)
        following = Sql(some.format(where=f"WHERE ({', '.join(keys)}) > ({', '.join(f':{key}' for key in keys)})"))
        rows = await reads.rows(Sql(some.format(where="")))
        while rows:
            yield rows
            last: Params = {key: rows[-1][key] for key in keys}
            rows = await reads.rows(following, **last)


def _fit(table: Table, rows: list[Found]) -> None:
    """Say where a NUL stands. (Tocsin lets none in; somebody else has written this one.)"""
    for row in rows:
        if any(isinstance(value, str) and "\0" in value for value in row.values()):
            key = ", ".join(str(row[column.name]) for column in table.primary_key)
            raise StartError(f"A NUL character stands in {table.name}, row {key!r}; take it out first.")
