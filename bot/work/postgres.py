"""The engine for PostgreSQL: any number of processes (replicas) work on one database, and lanes are shared out among them.

procrastinate carries the wakes: a job per lane, its lock is the lane's name, deferred in the transaction that asks for it. It tells
a replica within milliseconds, never runs two jobs of a lane at once, and its heartbeats say who is alive. All else is ours: due
rows are judged by our clock, what a dead replica did is taken over, and the sweep finds what nobody was woken for. Nothing here
keeps order or prevents a second call: the fence of the lane does (storage/lanes.py).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from procrastinate import App, JobContext
from procrastinate.jobs import Job

from bot.domain.terms import Micros
from bot.ports import Clock, Engine, Ids, LaneRunner, Tasks, Tx
from bot.telemetry import log
from bot.work.due import first_due, promote
from bot.work.jobs import Jobs
from bot.work.run import failed
from bot.work.verdict import backoff
from storage import jobs, timers
from storage.jobs import QUEUE
from storage.store import SqlStore
from storage.tx import SqlTx

BEAT, REAP, SWEEP, TIDY = 0.25, 3.0, 10.0, 600.0
"""Seconds between two looks for what is due, for who has died, for what nobody was woken for, and for what is left over."""
LANES = 20
"""Lanes that this replica works on at once."""
HEARTBEAT, STALLED, FORGOTTEN = 3.0, 9.0, 60.0
"""Seconds between two heartbeats, until a replica without counts as dead, and until its row is removed: removing it ends a
replica that was only asleep."""
FAREWELL = 5.0
"""Seconds that calls under way are given when the program stops; what is cut off is recovered by another replica."""
LONGEST_PAUSE = 5.0
"""Seconds at most before something that failed is begun again: nobody tells us when the database is back."""
_STEADY = 60.0
_TASK = "lane"


@dataclass
class _Chore:
    """Something the clockwork does every so many seconds; next: when, by the monotonic clock."""

    every: float
    work: Callable[[], Awaitable[None]]
    next: float = 0.0


class Replica(Engine):
    """One of the processes on a database. `failures`: how often a lane, worker or clockwork raised and was begun again.

    runner: id of this process's runner directory, whose attempts wait in a queue of their own as long as it lives; rests: whether
    nothing new may be begun just now (bot/work/pulse.py).
    """

    def __init__(
        self,
        store: SqlStore,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
        worker: LaneRunner,
        runner: str = "",
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._tasks = tasks
        self._worker = worker
        self._rests = rests
        self._queues = [QUEUE, jobs.queue_of(runner)] if runner else [QUEUE]
        self._stopping = False
        self._running: dict[int | None, asyncio.Task[None]] = {}
        self._drains: set[asyncio.Task[None]] = set()
        self._chores = (_Chore(REAP, self._reap), _Chore(SWEEP, self._sweep), _Chore(TIDY, self._tidy))
        self._jobs = Jobs(store, clock, lambda: self._stopping, rests)
        self._app = App(connector=self._jobs.connector)
        self._app.job_manager = self._jobs
        self._app.task(name=_TASK, queue=QUEUE, pass_context=True)(self._job)
        self.failures = 0

    async def wake(self, tx: Tx, lane: str) -> None:
        sql = _sql(tx)
        if not sql.woken:
            sql.before_commit(lambda: self._defer(sql))
        sql.woken.add(lane)

    async def wake_at(self, tx: Tx, lane: str, due: Micros, key: str) -> None:
        await timers.put(_sql(tx), lane, key, due)

    async def next_due(self) -> Micros | None:
        """The next moment at which a row is due, None if all wait for others."""
        return await first_due(self._store)

    async def tick(self, now: Micros) -> None:
        await self._look()
        drained = self._tasks.start(self._drain(), "drain")
        self._drains.add(drained)
        drained.add_done_callback(self._drains.discard)
        await asyncio.wait(set(self._drains))  # those of earlier ticks, too: a lane may still be under way there
        drained.result()

    async def run(self, stop: asyncio.Event) -> None:
        parts = [
            self._tasks.start(self._supervised("worker", self._work), "worker"),
            self._tasks.start(self._supervised("clockwork", self._clockwork), "engine"),
        ]
        await stop.wait()
        self._stopping = True
        for part in parts:
            part.cancel()
        await self._farewell()
        await asyncio.gather(*parts, return_exceptions=True)

    async def _defer(self, tx: SqlTx) -> None:
        """A job for each lane that was woken in this transaction and has none waiting."""
        made = [
            Job(
                queue=wake.queue,
                lock=wake.lane,
                queueing_lock=None,
                task_name=_TASK,
                task_kwargs={"lane": wake.lane},
                priority=wake.priority,
            )
            for wake in await jobs.wanted(tx, sorted(tx.woken))
        ]
        if made:
            await self._jobs.batch_defer_jobs_async(made, connection=tx.driver_connection)

    async def _job(self, context: JobContext, lane: str) -> None:
        """What procrastinate runs. It never raises: what happened is known by the effects, and the sweep wakes the lane."""
        run = self._tasks.start(self._caught(lane, lambda: self._worker.run_lane(lane, self, self._going_on)), lane)
        self._running[context.job.id] = run
        try:
            await asyncio.wait({run})
            if not self._going_on():  # perhaps cut short: somebody else goes on at once
                await self._caught(lane, lambda: self._wake([lane]))
        finally:
            run.cancel()
            del self._running[context.job.id]

    def _going_on(self) -> bool:
        """Whether a lane may begin something new. Not while the worker ends: it has no heartbeat then."""
        return not (self._stopping or self._jobs.lost or self._rests())

    async def _work(self, wait: bool = True) -> None:
        """One life of procrastinate's worker. It dies of a failed fetch, and where its row was removed while we slept."""
        self._jobs.lost = False
        await self._app.run_worker_async(
            queues=self._queues,
            concurrency=LANES,
            wait=wait,
            listen_notify=wait,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=FORGOTTEN,
            fetch_job_polling_interval=1.0,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    async def _drain(self) -> None:
        while not self._rests() and await self._any_free():
            await self._work(wait=False)

    async def _any_free(self) -> bool:
        async with self._store.read() as reads:
            return await jobs.any_free(reads, self._queues)

    async def _clockwork(self) -> None:
        while True:
            await self._look()
            await self._clock.sleep(BEAT)

    async def _look(self) -> None:
        """Promote what is due, and do the chores whose time has come."""
        if self._rests():
            return
        await promote(self._store, self)
        at = self._clock.monotonic()
        for chore in self._chores:
            if at >= chore.next:
                chore.next = at + chore.every
                await chore.work()

    async def _reap(self) -> None:
        """Take over from replicas that have died: end the old job and make a new one, once, in one transaction."""
        for job in await self._jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            if job.id is None or job.lock is None or job.id in self._running:
                continue
            async with self._store.begin() as tx:
                mine = await jobs.fail(tx, job.id)
                if mine:
                    await self.wake(tx, job.lock)
            if mine:
                log("taken over", level="warning", lane=job.lock)
        async with self._store.begin() as tx:
            await jobs.release(tx)

    async def _sweep(self) -> None:
        async with self._store.read() as reads:
            found = await jobs.idle(reads, reads.now)
        await self._wake(found)

    async def _tidy(self) -> None:
        """Remove jobs that were taken over; nobody asks for them any more."""
        await self._jobs.delete_old_jobs(nb_hours=1, include_failed=True)

    async def _wake(self, lanes: list[str]) -> None:
        if lanes:
            async with self._store.begin() as tx:
                for lane in lanes:
                    await self.wake(tx, lane)

    async def _supervised(self, what: str, life: Callable[[], Awaitable[None]]) -> None:
        """Begun again whatever happens to it."""
        times = 0
        while True:
            began = self._clock.monotonic()
            await self._caught(what, life)
            if self._stopping:
                return
            times = 0 if self._clock.monotonic() - began > _STEADY else times + 1
            await self._clock.sleep(min(LONGEST_PAUSE, backoff(times, self._ids.jitter())))

    async def _caught(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """The engine's one broad `except`."""
        try:
            await work()
        except Exception as error:  # noqa: BLE001
            self.failures += 1
            failed("engine", "begun again later", error, what)

    async def _farewell(self) -> None:
        running = list(self._running.values())
        if running:
            await self._clock.wait(asyncio.gather(*running, return_exceptions=True), FAREWELL)
        for run in running:
            run.cancel()


def _sql(tx: Tx) -> SqlTx:
    assert isinstance(tx, SqlTx)
    return tx
