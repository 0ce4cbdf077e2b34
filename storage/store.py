"""The store: opens the right database and gives out transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.ports import Clock, Engine, Ids, Store
from storage.database import Database, Wire
from storage.reads import SqlReads
from storage.tx import SqlTx

T = TypeVar("T")


def unwatched(moment: str) -> None:
    pass


class SqlStore(Store):
    """The database as flows and the worker use it.

    engine: set by the composition root once it is built (it needs the store itself). watch: told "begin", "read" and
    "committed"; a test that raises there has the program die at exactly that commit.
    """

    def __init__(self, database: Database, clock: Clock, ids: Ids, watch: Callable[[str], None] = unwatched) -> None:
        self.database = database
        self.engine: Engine | None = None
        self._clock = clock
        self._ids = ids
        self._watch = watch

    @property
    def shared(self) -> bool:
        """Others may write at the same time."""
        return self.database.shared

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTx]:
        self._watch("begin")
        made: list[SqlTx] = []
        async with self.database.transaction(lambda: self._committed(made[0])) as wire:
            tx = self._tx(wire)
            made.append(tx)
            yield tx
            await _finish(tx)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlReads]:
        self._watch("read")
        async with self.database.snapshot() as wire:
            yield SqlReads(wire.ask, self._clock.now(), wire.driver)

    async def run(self, script: Callable[[SqlTx], Awaitable[T]]) -> T:
        """A transaction in one go: `script` awaits nothing but statements of its transaction, and nothing of its own.

        On SQLite it runs in the database's thread. Raises Deadlock where it may be repeated at once, StoreAway otherwise.
        """
        self._watch("begin")
        made: list[SqlTx] = []

        async def whole(wire: Wire) -> T:
            tx = self._tx(wire)
            made.append(tx)
            found = await script(tx)
            await _finish(tx)
            return found

        return await self.database.run(whole, lambda: self._committed(made[0]))

    async def close(self) -> None:
        await self.database.close()

    def _tx(self, wire: Wire) -> SqlTx:
        return SqlTx(wire, self._clock.now(), self._ids, self.engine)

    def _committed(self, tx: SqlTx) -> None:
        self._watch("committed")
        for call in tx.afterwards:
            call()


async def _finish(tx: SqlTx) -> None:
    """What a transaction does at its very end."""
    await tx.journal.flush()
    for call in tx.beforehand:
        await call()
