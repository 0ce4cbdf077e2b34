"""How procrastinate reaches the database: by our store, in transactions like all others.

So it shares our connections, its failures are ours (StoreAway), and a store that has died is dead for it, too. And where its own
way would leave a lane locked as long as we live, or let us be taken for dead, the way is ours: beginning and ending a job, and
the heartbeat.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, LiteralString, cast

import psycopg
from procrastinate import jobs
from procrastinate.connector import Notify
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from bot.errors import StoreAway
from bot.ports import Clock
from bot.telemetry import log
from storage.bounded import connect
from storage.postgres import Postgres
from storage.sql import Found
from storage.store import SqlStore

PAUSE = 1.0
"""Seconds before the database is tried again."""
_QUIET = 30.0
"""Seconds without a word after which the listening connection is tried."""


class NotAsked(StoreAway):
    """The database could not be reached, so nothing was done."""


class Connector(PsycopgConnector):
    """Carries out procrastinate's statements."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        super().__init__()
        self._store = store
        self._clock = clock

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        async with self._asked(query, arguments):
            pass

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> Found:
        async with self._asked(query, arguments) as cursor:
            return cast(Found, await cursor.fetchone())

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[Found]:
        async with self._asked(query, arguments) as cursor:
            return await cursor.fetchall()

    async def execute_query_all_async_with_connection(
        self, connection: Any, query: LiteralString, **arguments: Any
    ) -> list[Found]:
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, self._wrap_json(arguments))
            return cast("list[Found]", await cursor.fetchall())

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen for ever. As long as the database is away, jobs are found by asking for them."""
        while True:
            with suppress(psycopg.OperationalError):
                await self._listen(on_notification, channels)
            await self._clock.sleep(PAUSE)

    async def _listen(self, on_notification: Notify, channels: Iterable[str]) -> None:
        async with await connect(cast(Postgres, self._store.database).url) as connection:
            for channel in channels:
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
            while True:
                async for word in connection.notifies(timeout=_QUIET):
                    await on_notification(channel=word.channel, payload=word.payload)
                await connection.execute("SELECT 1")

    @asynccontextmanager
    async def _asked(
        self, query: LiteralString, arguments: Mapping[str, Any]
    ) -> AsyncIterator[psycopg.AsyncCursor[Found]]:
        async with AsyncExitStack() as stack:
            try:
                tx = await stack.enter_async_context(self._store.begin())
            except StoreAway as error:
                raise NotAsked(str(error)) from error
            async with tx.driver_connection.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(query, self._wrap_json(dict(arguments)))
                yield cursor


class Jobs(JobManager):
    """Begins and ends jobs. stopping: whether this process is about to end; rests: whether it begins nothing just now.

    lost: a job may have been given to us without our hearing of it; it is free again once our worker has left the database.
    """

    def __init__(
        self, store: SqlStore, clock: Clock, stopping: Callable[[], bool], rests: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(Connector(store, clock))
        self._clock = clock
        self._stopping = stopping
        self._rests = rests
        self.lost = False

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """The next job, None if there is none or the database is away. Any other failure ends the worker."""
        if self._rests():
            return None
        try:
            return await super().fetch_job(queues, worker_id)
        except (NotAsked, psycopg.errors.UniqueViolation):  # or another job of its lane was begun at the same moment
            return None
        except BaseException:
            self.lost = True
            raise

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """End a job, however long the database is away: until then its lane is locked."""
        while True:
            try:
                return await super().finish_job(job, status, delete_job)
            except psycopg.errors.RaiseException:
                return log("taken over meanwhile", level="warning", lane=job.lock)
            except StoreAway:
                if self._stopping():
                    raise
            await self._clock.sleep(PAUSE)

    async def update_heartbeat(self, worker_id: int) -> None:
        """A beat that fails is followed by the next; nobody looks after the task that calls this, so it must not raise."""
        with suppress(StoreAway):
            await super().update_heartbeat(worker_id)
