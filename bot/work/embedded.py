"""The engine inside the bot's own process: for SQLite, where one process owns the database.

A wake is remembered in memory, after the commit that asked for it. Nothing is lost with the memory: at boot every lane with
something left to do is woken, and a sweep finds what should have been woken. One task per lane, so that a stuck lane holds nobody.
"""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

from bot.domain.terms import SECOND, Micros
from bot.ports import Clock, Engine, Ids, LaneRunner, Tasks, Tx
from bot.work.due import first_due, promote, sweep
from bot.work.run import failed
from bot.work.verdict import backoff
from storage import timers
from storage.store import SqlStore
from storage.tx import SqlTx

SWEEP = 10.0
"""Seconds between two sweeps; by the clock that nobody sets, so that a step of the other one stops nothing."""
FAREWELL = 5.0
"""Seconds that calls under way are given when the program stops; what is cut off is recovered at the next start."""
_STEADY = 3600.0


class Embedded(Engine):
    """Wakes lanes of one process's database. `failures`: how often a lane or the clockwork raised and was begun again."""

    def __init__(self, store: SqlStore, clock: Clock, ids: Ids, tasks: Tasks, worker: LaneRunner) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._tasks = tasks
        self._worker = worker
        self._active = 0
        self._stopping = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._woken: dict[str, None] = {}
        self._put_back: dict[str, tuple[int, Micros]] = {}
        self._swept: float | None = None
        self._alarm: asyncio.Future[None] | None = None
        self._asleep_until: Micros = 0
        self.failures = 0

    async def wake(self, tx: Tx, lane: str) -> None:
        _sql(tx).after_commit(lambda: self._wake(lane))

    async def wake_at(self, tx: Tx, lane: str, due: Micros, key: str) -> None:
        await timers.put(_sql(tx), lane, key, due)
        _sql(tx).after_commit(lambda: self._earlier(due))

    async def next_due(self) -> Micros | None:
        """The next moment at which `tick` has something to do, None if it waits for others."""
        rows = await first_due(self._store)
        dues = [due for _, due in self._put_back.values()] + ([] if rows is None else [rows])
        return min(dues, default=None)

    async def tick(self, now: Micros) -> None:
        with self._at_work():
            await self._look(now)
            while self._running:
                done, _ = await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()

    async def run(self, stop: asyncio.Event) -> None:
        with self._at_work():
            clockwork = self._tasks.start(self._supervised(), "engine")
            await stop.wait()
            self._stopping = True
            clockwork.cancel()
            await self._farewell()

    async def _supervised(self) -> None:
        """The clockwork, begun again whatever happens to it."""
        times = 0
        while True:
            started = self._clock.monotonic()
            await self._caught("engine", self._clockwork())
            times = 1 if self._clock.monotonic() - started > _STEADY else times + 1
            await self._clock.sleep(backoff(times, self._ids.jitter()))

    async def _clockwork(self) -> None:
        while True:
            self._alarm = asyncio.get_running_loop().create_future()  # first of all, so that no ring is missed
            self._asleep_until = 0
            await self._look(self._clock.now())
            due = await self.next_due()
            seconds = SWEEP if due is None else min(SWEEP, (due - self._clock.now()) / SECOND)
            self._asleep_until = self._clock.now() + round(seconds * SECOND)
            await self._clock.wait(self._alarm, max(0.0, seconds))

    async def _look(self, now: Micros) -> None:
        """Promote what is due, sweep if it is time, begin the lanes that were woken."""
        await promote(self._store, self)
        passed = self._clock.monotonic()
        if self._swept is None or passed - self._swept >= SWEEP:
            await sweep(self._store, self, all_lanes=self._swept is None)
            self._swept = passed
        for lane in [lane for lane, (_, due) in self._put_back.items() if due <= now]:
            self._wake(lane)
        for lane in list(self._woken):
            self._wake(lane)

    def _wake(self, lane: str) -> None:
        if self._stopping:
            return
        if not self._active or lane in self._running:
            self._woken[lane] = None
            return
        self._woken.pop(lane, None)
        self._running[lane] = self._tasks.start(self._lane(lane), lane)

    async def _lane(self, lane: str) -> None:
        times, _ = self._put_back.pop(lane, (0, 0))
        try:
            if not await self._caught(lane, self._worker.run_lane(lane, self, lambda: not self._stopping)):
                wait = backoff(times + 1, self._ids.jitter())
                due = self._clock.now() + round(wait * SECOND)
                self._put_back[lane] = (times + 1, due)
                self._earlier(due)
        finally:
            del self._running[lane]
            if lane in self._woken:
                self._wake(lane)

    async def _caught(self, what: str, work: Awaitable[None]) -> bool:
        """The engine's one broad `except`: whatever it runs is begun again later. False: it raised."""
        try:
            await work
        except Exception as error:  # noqa: BLE001
            self.failures += 1
            failed("engine", "begun again later", error, what)
            return False
        return True

    def _ring(self) -> None:
        """End the clockwork's sleep."""
        if self._alarm is not None and not self._alarm.done():
            self._alarm.set_result(None)

    def _earlier(self, due: Micros) -> None:
        if due < self._asleep_until or self._asleep_until == 0:
            self._ring()

    async def _farewell(self) -> None:
        running = list(self._running.values())
        if running:
            await self._clock.wait(asyncio.gather(*running, return_exceptions=True), FAREWELL)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._active += 1
        try:
            yield
        finally:
            self._active -= 1


def _sql(tx: Tx) -> SqlTx:
    assert isinstance(tx, SqlTx)
    return tx
