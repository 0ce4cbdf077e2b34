"""The store: opens the right database and gives out transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from bot.errors import StoreAway
from bot.ports import Clock, Engine, Ids, Store
from storage.away import Away
from storage.database import Database, Deadlock, Wire
from storage.reads import SqlReads
from storage.still import Standstill
from storage.tx import SqlTx

T = TypeVar("T")


def unwatched(moment: str) -> None:
    pass


class SqlStore(Store):
    """The database as flows and the worker use it.

    engine: set by the composition root once it is built (it needs the store itself). watch: told "begin", "read" and
    "committed"; a test that raises there has the program die at exactly that commit. away: when nothing could be written.
    """

    def __init__(self, database: Database, clock: Clock, ids: Ids, watch: Callable[[str], None] = unwatched) -> None:
        self.database = database
        self.engine: Engine | None = None
        self._clock = clock
        self._ids = ids
        self._watch = watch
        self.away = Away(Standstill(clock.now))

    @property
    def shared(self) -> bool:
        """Others may write at the same time."""
        return self.database.shared

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTx]:
        made: list[SqlTx] = []
        with self._noted():
            self._watch("begin")
            async with self.database.transaction(lambda: self._committed(made[0])) as wire:
                tx = self._tx(wire)
                made.append(tx)
                yield tx
                await tx.last(_finish(tx))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlReads]:
        self._watch("read")
        async with self.database.snapshot() as wire:
            yield SqlReads(wire.ask, self._clock.now(), wire.driver, wire.at_once)

    async def run(self, script: Callable[[SqlTx], Awaitable[T]]) -> T:
        """A transaction in one go: `script` awaits nothing but statements of its transaction, and nothing of its own.

        On SQLite it runs in the database's thread. Raises Deadlock where it may be repeated at once, StoreAway otherwise.
        """
        made: list[SqlTx] = []

        async def whole(wire: Wire) -> T:
            tx = self._tx(wire)
            made.append(tx)
            found = await script(tx)
            await _finish(tx)
            return found

        with self._noted():
            self._watch("begin")
            return await self.database.run(whole, lambda: self._committed(made[0]))

    async def close(self) -> None:
        await self.database.close()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """When nothing could be written: from the beginning of what failed, which may have waited for long."""
        began = self._clock.now()
        try:
            yield
        except Deadlock:
            raise
        except StoreAway:
            self.away.failed(began)
            raise
        self.away.committed(self._clock.now())

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
