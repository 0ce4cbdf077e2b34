"""SQLite: one writer, a few readers, each connection in a thread of its own; one process per database.

WAL and synchronous=FULL: what was committed is on the disk. Every transaction begins IMMEDIATE, so it cannot fail half way
because somebody else began to write.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import orjson

from bot.errors import StoreAway
from storage.database import BOUND, Committed, Database, Script, Wire
from storage.pidlock import PidLock
from storage.session import Ask, as_script, drive
from storage.sql import Params, Sql
from storage.sqlite_file import connect, which

T = TypeVar("T")
READERS = 2
_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
}


def _nothing() -> None:
    pass


def _pass(connection: sqlite3.Connection) -> None:
    pass


class Sqlite(Database):
    """A database file. lock: ours while we are open; None beside a running bot, when nothing can be changed unless `beside`."""

    shared = False

    def __init__(self, path: Path, lock: PidLock | None, beside: bool = False) -> None:
        self._lock = lock
        self._turn = asyncio.Lock()
        self._writer = _Connection(path, write=True) if lock or beside else None
        self._idle: asyncio.Queue[_Connection] = asyncio.Queue()
        self._readers = [_Connection(path, write=False) for _ in range(READERS)]
        for reader in self._readers:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self, committed: Committed) -> AsyncIterator[Wire]:
        writer = self._writing()
        async with self._next():
            try:
                yield Wire(writer.ask, None, writer.at_once, lambda script: writer.at_once(script, _commit, committed))
            except BaseException:
                await writer.call(_rollback)
                raise

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Wire]:
        try:
            async with asyncio.timeout(BOUND):
                reader = await self._idle.get()
        except TimeoutError:
            raise StoreAway("no reading connection became free") from None
        try:
            yield Wire(reader.ask, at_once=reader.at_once)
        finally:
            reader.later(_rollback)
            self._idle.put_nowait(reader)

    async def run(self, script: Script[T], committed: Committed) -> T:
        writer = self._writing()

        def work(connection: sqlite3.Connection) -> T:
            writer.begin(connection)
            try:
                found = drive(script(Wire(as_script)), lambda ask: execute(connection, ask))
                _commit(connection)
            except BaseException:
                _rollback(connection)
                raise
            return found

        async with self._next():
            return await writer.call(work, committed)

    async def close(self) -> None:
        for connection in [*self._readers, *([self._writer] if self._writer else [])]:
            await connection.close()
        if self._lock:
            self._lock.free()

    def _writing(self) -> "_Connection":
        assert self._writer is not None, "this store was opened for reading"
        return self._writer

    @asynccontextmanager
    async def _next(self) -> AsyncIterator[None]:
        """One writer at a time; who waits longer than the bound is sent away."""
        try:
            async with asyncio.timeout(BOUND):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreAway("the database is busy") from None
        try:
            yield
        finally:
            self._turn.release()


class _Connection:
    """A connection and its thread. What was begun is always waited for, so that nobody can cancel a commit half way."""

    def __init__(self, path: Path, write: bool) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"sqlite-{'write' if write else 'read'}")
        self._path = path
        self._write = write
        self._opened: sqlite3.Connection | None = None
        self._file = which(path)

    async def call(self, work: Callable[[sqlite3.Connection], T], then: Callable[[], None] = _nothing) -> T:
        """Do this in the connection's thread, then `then` here, even if the caller was cancelled meanwhile."""
        running = asyncio.wrap_future(self._thread.submit(self._work, work))
        cancelled: asyncio.CancelledError | None = None
        while not running.done():
            try:
                await asyncio.wait({running})
            except asyncio.CancelledError as error:
                cancelled = error
        failure = running.exception()
        if failure is not None:
            raise StoreAway(str(failure)) if is_away(failure) else failure
        then()
        if cancelled:
            raise cancelled
        return running.result()

    async def ask(self, ask: Ask) -> Any:
        return await self.call(lambda connection: self._execute(connection, ask))

    async def at_once(
        self,
        script: Coroutine[Any, Any, T],
        last: Callable[[sqlite3.Connection], None] = _pass,
        then: Callable[[], None] = _nothing,
    ) -> T:
        """Carry out a script, then `last` in the same thread, then `then` here."""

        def work(connection: sqlite3.Connection) -> T:
            found = drive(script, lambda ask: self._execute(connection, ask))
            last(connection)
            return found

        try:
            return await self.call(work, then)
        finally:
            script.close()

    def later(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do this before whatever is asked next; nobody waits for it."""
        self._thread.submit(self._work, work)

    def _execute(self, connection: sqlite3.Connection, ask: Ask) -> Any:
        """Carry out one statement. All begins with the first: a reading sees that moment."""
        if not connection.in_transaction:
            self.begin(connection)
        return execute(connection, ask)

    def begin(self, connection: sqlite3.Connection) -> None:
        """Raises sqlite3.Error; StoreAway where what is written would not be found at the next start."""
        self._look()
        connection.execute("BEGIN IMMEDIATE" if self._write else "BEGIN")

    async def close(self) -> None:
        if self._opened is not None:
            await self.call(lambda c: c.close())
        self._thread.shutdown()

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._opened is None:
            self._look()
            self._opened = connect(self._path, self._write)
            self._file = self._file or which(self._path)
        return work(self._opened)

    def _look(self) -> None:
        """Another file beside our write-ahead log must not even be opened."""
        if self._file not in (0, which(self._path)):
            raise StoreAway("another file stands where the database was, or none")


def _commit(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("COMMIT")


def _rollback(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def execute(connection: sqlite3.Connection, ask: Ask) -> Any:
    """Carry out one statement. Raises sqlite3.Error."""
    if ask.want == "many":
        return connection.executemany(ask.sql.sqlite_many, ask.params).rowcount
    assert isinstance(ask.params, dict)
    cursor = connection.execute(ask.sql.sqlite, _lists(ask.sql, ask.params))
    if ask.want == "count":
        return cursor.rowcount
    cursor.row_factory = None  # the connection's asks for the names of the columns again for every row
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def _lists(sql: Sql, params: Params) -> Params:
    return {**params, **{name: orjson.dumps(params[name]).decode() for name in sql.lists}} if sql.lists else params


def is_away(error: BaseException) -> bool:
    """The file or the disk is the trouble, not our statement."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _AWAY
