"""PostgreSQL: psycopg 3 connections, a handful, each given to one transaction at a time.

READ COMMITTED with row locks for who writes, REPEATABLE READ for who reads. A connection that failed is thrown away.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg.pq import TransactionStatus

from bot.errors import StoreAway, StoreUnsure
from storage.bounded import Connection, connect
from storage.database import BOUND, Committed, Database, Deadlock, Script, Wire
from storage.session import Ask
from storage.sql import Params, Values

T = TypeVar("T")
MOST = 10
_REPEAT = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_MOVED = psycopg.errors.ReadOnlySqlTransaction
"""What answers here is no primary any more: after a failover another server is to be asked."""
_STALE = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""A statement that this connection prepared fits the tables no more ("cached plan must not change result type"): they were
restored or altered beside us. It never will again on this connection."""
_BROKEN = (psycopg.errors.InternalError_, psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)
_TAKEN = (
    *(psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedFunction),
    *(psycopg.errors.UndefinedObject, psycopg.errors.InvalidColumnReference, psycopg.errors.InvalidSchemaName),
    psycopg.errors.InsufficientPrivilege,
)
"""Somebody is at the tables, or at our rights: a restore that drops them first, a newer version, an administrator."""
_AWAY = (
    *(psycopg.OperationalError, psycopg.InterfaceError, _MOVED, psycopg.errors.IdleInTransactionSessionTimeout),
    *_BROKEN,
    *_TAKEN,
)
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Postgres(Database):
    """A server's database. url: `postgresql://…` as libpq reads it."""

    shared = True

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(MOST)
        self._closed = False

    @asynccontextmanager
    async def transaction(self, committed: Committed) -> AsyncIterator[Wire]:
        async with self._connection("BEGIN") as connection:
            yield Wire(_asker(connection), connection)
            await _whole(_commit(connection, committed))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Wire]:
        async with self._connection(READING) as connection:
            yield Wire(_asker(connection), connection)
            await connection.execute("ROLLBACK")

    async def run(self, script: Script[T], committed: Committed) -> T:
        async with self.transaction(committed) as wire:
            return await script(wire)

    async def close(self) -> None:
        """What is in use is closed when it comes back."""
        self._closed = True
        await self._drop()

    async def _drop(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _connection(self, begin: LiteralString) -> AsyncIterator[Connection]:
        """A connection with a transaction begun. Whoever has none after BOUND is sent away, whatever took so long."""
        with _told():
            until = asyncio.get_running_loop().time() + BOUND
            async with self._place(until):
                connection = await self._ready(begin, until)
                try:
                    yield connection
                except (_MOVED, *_STALE):  # nor are those of any use that wait
                    await connection.close()
                    await self._drop()
                    raise
                finally:
                    await self._back(connection)

    @asynccontextmanager
    async def _place(self, until: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(until):
                await self._places.acquire()
        except TimeoutError:
            raise StoreAway("no connection became free") from None
        try:
            yield
        finally:
            self._places.release()

    async def _ready(self, begin: LiteralString, until: float) -> Connection:
        """Idle connections that the server has dropped meanwhile are thrown away; if one hangs, so do the others."""
        while self._idle:
            connection = self._idle.pop()
            if await _begun(connection, begin, until):
                return connection
            if connection.cut:
                await self._drop()
                raise StoreAway("the server does not answer")
        try:
            async with asyncio.timeout_at(until):
                connection = await connect(self.url)
        except TimeoutError:
            raise StoreAway("the server does not answer") from None
        if not await _begun(connection, begin, until):
            raise StoreAway("the connection broke at once")
        return connection

    async def _back(self, connection: Connection) -> None:
        """Back among the idle ones if it is in order after a rollback and they are still wanted, else closed."""
        try:
            if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                await connection.execute("ROLLBACK")
        finally:
            if connection.info.transaction_status is TransactionStatus.IDLE and not self._closed:
                self._idle.append(connection)
            else:
                await connection.close()


async def _begun(connection: Connection, begin: LiteralString, until: float) -> bool:
    """Whether a transaction could be begun; if not, the connection is closed."""
    try:
        with connection.bounded(until):
            await connection.execute(begin)
    except psycopg.OperationalError:
        await connection.close()
        return False
    except BaseException:
        await connection.close()
        raise
    return True


@contextmanager
def _told() -> Iterator[None]:
    """psycopg's failures in our words."""
    try:
        yield
    except (*_REPEAT, *_STALE) as error:
        raise Deadlock(str(error)) from error
    except _AWAY as error:
        raise StoreAway(str(error)) from error


async def _commit(connection: Connection, committed: Committed) -> None:
    with _unsure():
        await connection.execute("COMMIT")
    committed()


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    """Work that has begun is carried out to its end, also if who waits for it is cancelled; psycopg would leave it half known."""
    task = asyncio.ensure_future(work)  # noqa: TID251 - it ends here, within BOUND
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise


@contextmanager
def _unsure() -> Iterator[None]:
    """A commit to which the server said nothing may have happened."""
    try:
        yield
    except psycopg.OperationalError as error:
        if error.sqlstate is None:
            raise StoreUnsure(str(error)) from error
        raise


def _asker(connection: Connection) -> Callable[[Ask], Awaitable[Any]]:
    """Statements with a list are planned for what the tables hold now and for this list. A plan kept from when `alert` was empty
    compared each of 50,000 rows with each of the 4,000 alerts of a batch: over 4 s, so that in a storm batch after batch was given
    up and its senders told 503. The others go by keys, whatever their plan.
    """

    async def ask(ask: Ask) -> Any:
        async with connection.cursor() as cursor:
            if ask.want == "many":
                await cursor.executemany(ask.sql.postgres_many, cast("Sequence[Values]", ask.params))
                return cursor.rowcount
            planned_anew = False if ask.sql.lists else None
            await cursor.execute(ask.sql.postgres, cast(Params, ask.params), prepare=planned_anew)
            return cursor.rowcount if ask.want == "count" else await cursor.fetchall()

    return ask
