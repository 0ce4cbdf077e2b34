"""PostgreSQL: psycopg 3 connections, a handful, each given to one transaction at a time.

READ COMMITTED with row locks for who writes, REPEATABLE READ for who reads. A connection that failed is thrown away.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, LiteralString, TypeAlias, TypeVar, cast

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from bot.errors import StoreAway
from storage.database import BOUND, Committed, Database, Deadlock, Script, Wire
from storage.session import Ask
from storage.sql import Found, Params

T = TypeVar("T")
Connection: TypeAlias = "psycopg.AsyncConnection[Found]"
MOST = 10
_LIMITS = f"-c lock_timeout={int(BOUND * 1000)} -c statement_timeout={int(BOUND * 1000)} -c timezone=UTC"
_REPEAT = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Postgres(Database):
    """A server's database. url: `postgresql://…` as libpq reads it."""

    shared = True

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(MOST)

    @asynccontextmanager
    async def transaction(self, committed: Committed) -> AsyncIterator[Wire]:
        async with self._connection("BEGIN") as connection:
            yield Wire(_asker(connection), connection)
            await connection.execute("COMMIT")
            committed()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Wire]:
        async with self._connection(READING) as connection:
            yield Wire(_asker(connection), connection)
            await connection.execute("ROLLBACK")

    async def run(self, script: Script[T], committed: Committed) -> T:
        async with self.transaction(committed) as wire:
            return await script(wire)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _connection(self, begin: LiteralString) -> AsyncIterator[Connection]:
        with _told():
            async with self._place():
                connection = await self._ready(begin)
                try:
                    yield connection
                finally:
                    await self._back(connection)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(BOUND):
                await self._places.acquire()
        except TimeoutError:
            raise StoreAway("no connection became free") from None
        try:
            yield
        finally:
            self._places.release()

    async def _ready(self, begin: LiteralString) -> Connection:
        """A connection with a transaction begun; idle ones that the server has dropped meanwhile are thrown away."""
        while self._idle:
            connection = self._idle.pop()
            if await _begun(connection, begin):
                return connection
        connection = await connect(self.url)
        if not await _begun(connection, begin):
            raise StoreAway("the connection broke at once")
        return connection

    async def _back(self, connection: Connection) -> None:
        """Back among the idle ones if it is in order after a rollback, else closed."""
        try:
            if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                await connection.execute("ROLLBACK")
        finally:
            if connection.info.transaction_status is TransactionStatus.IDLE:
                self._idle.append(connection)
            else:
                await connection.close()


async def _begun(connection: Connection, begin: LiteralString) -> bool:
    """Whether a transaction could be begun; if not, the connection is closed."""
    try:
        await connection.execute(begin)
    except psycopg.OperationalError:
        await connection.close()
        return False
    except BaseException:
        await connection.close()
        raise
    return True


async def connect(url: str) -> Connection:
    """A connection as this program wants it: no transaction of its own accord, rows as dictionaries, bounded waits."""
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, row_factory=dict_row, connect_timeout=int(BOUND), options=_LIMITS
    )


@contextmanager
def _told() -> Iterator[None]:
    """psycopg's failures in our words."""
    try:
        yield
    except _REPEAT as error:
        raise Deadlock(str(error)) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise StoreAway(str(error)) from error


def _asker(connection: Connection) -> Callable[[Ask], Awaitable[Any]]:
    async def ask(ask: Ask) -> Any:
        query = ask.sql.postgres
        async with connection.cursor() as cursor:
            if ask.want == "many":
                return await cursor.executemany(query, cast("Sequence[Params]", ask.params))
            await cursor.execute(query, cast(Params, ask.params))
            return cursor.rowcount if ask.want == "count" else await cursor.fetchall()

    return ask
