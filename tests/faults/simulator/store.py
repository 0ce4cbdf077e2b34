"""SQLite with everything that may go wrong between a program and its database, and without threads and without the disk's time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import StoreAway
from storage import claims
from storage.database import BOUND, Committed, Database, Script, Wire
from storage.session import Ask, as_script, drive
from storage.sqlite import execute
from storage.sqlite_file import connect
from tests.faults.simulator.life import Life
from tests.faults.simulator.weather import Weather

T = TypeVar("T")
FENCE = "SELECT fence FROM lane WHERE lane = (SELECT lane FROM effect WHERE key = ?)"


class StormyDatabase(Database):
    """One life's connections to the file. turn: the one writer's, shared by all lives; wrong: what must never happen."""

    shared = False

    def __init__(self, path: Path, life: Life, weather: Weather, turn: asyncio.Lock, wrong: list[str]) -> None:
        self._path, self._life, self._weather, self._turn, self._wrong = path, life, weather, turn, wrong
        self._idle: list[sqlite3.Connection] = []
        self._all: list[sqlite3.Connection] = []

    @asynccontextmanager
    async def transaction(self, committed: Committed) -> AsyncIterator[Wire]:
        async with self._writing() as writer:
            yield Wire(self._asker(writer))
            self._commit(writer, committed)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Wire]:
        await self._life.outside("transaction", "a question")
        self._lost("a question")
        reader = self._connection()
        reader.execute("BEGIN")
        try:
            yield Wire(self._asker(reader))
        finally:
            self._back(reader)

    async def run(self, script: Script[T], committed: Committed) -> T:
        async with self._writing() as writer:
            found = drive(script(Wire(as_script)), lambda ask: self._done(writer, ask))
            self._commit(writer, committed)
            return found

    async def close(self) -> None:
        """Whatever was not committed is gone."""
        while self._all:
            self._all.pop().close()
        self._idle.clear()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[sqlite3.Connection]:
        await self._life.outside("transaction", "the beginning of a transaction")
        self._lost("the beginning")
        try:
            async with asyncio.timeout(BOUND):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreAway("the database is busy") from None
        writer = self._connection()
        try:
            writer.execute("BEGIN IMMEDIATE")
            yield writer
        finally:
            self._back(writer)
            self._turn.release()
        await self._life.outside("transaction", "the end of a transaction")

    def _asker(self, connection: sqlite3.Connection) -> Callable[[Ask], Awaitable[Any]]:
        async def ask(ask: Ask) -> Any:
            if self._weather.strikes(self._weather.turn):
                await asyncio.sleep(0)  # noqa: TID251
            return self._done(connection, ask)

        return ask

    def _done(self, connection: sqlite3.Connection, ask: Ask) -> Any:
        self._life.point("statement", "a statement")
        self._lost("a statement", 0.1)
        found = execute(connection, ask)
        if ask.sql is claims.SETTLE and found and isinstance(ask.params, dict):
            (fence,) = connection.execute(FENCE, (ask.params["key"],)).fetchone().values()
            if fence != ask.params["fence"]:
                self._wrong.append(f"{ask.params['key']} was settled by a run that had lost its lane")
        return found

    def _commit(self, connection: sqlite3.Connection, committed: Committed) -> None:
        self._life.point("commit", "a commit, before it")
        trouble = ""
        if self._weather.strikes(self._weather.store):
            trouble = self._weather.pick("not committed", "commit unheard")
        if trouble == "not committed":
            raise StoreAway("the connection was lost before the commit")
        connection.execute("COMMIT")
        self._life.point("commit", "a commit, after it")
        if trouble:
            raise StoreAway("the connection was lost after the commit")
        committed()

    def _lost(self, what: str, share: float = 0.5) -> None:
        if self._weather.strikes(self._weather.store * share):
            self._weather.pick("connection lost")
            raise StoreAway(f"the connection was lost at {what}")

    def _connection(self) -> sqlite3.Connection:
        if self._idle:
            return self._idle.pop()
        connection = connect(self._path, write=True)
        connection.execute("PRAGMA synchronous = OFF")
        self._all.append(connection)
        return connection

    def _back(self, connection: sqlite3.Connection) -> None:
        if connection not in self._all:
            return  # closed meanwhile
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        self._idle.append(connection)
