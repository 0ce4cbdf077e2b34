"""The pulse: this process says every few seconds in the database that it lives, and learns there whether it may go on.

It may not while a newer version of the program lives, or once the database was brought to a schema that it does not know: then it
*stands back*. It takes nothing new, lets its calls end, and says why. A pulse that fails means that the database is away; one that
nobody had for a minute, that Tocsin was not running. When it goes on, whoever should know is told from when to when.
"""

import asyncio
from collections.abc import Callable
from itertools import takewhile
from typing import Protocol

from bot.domain.terms import DAY, SECOND, Micros
from bot.errors import StoreAway
from bot.ports import Clock
from bot.telemetry import log
from bot.text import English, Text, render, t
from bot.work.clocks import LIVING, Steps
from storage import replicas
from storage.migrations import HEAD
from storage.store import SqlStore

EVERY, AGAIN = 5.0, 1.0
"""Seconds between two beats, and until the next after one that failed."""
LONG: Micros = 60 * SECOND
"""After so long without any pulse, Tocsin was not running."""


ALIVE = "alive"
"""Turn that says until when a process lived that ended in order."""


class Told(Protocol):
    """Who is told what the pulse finds out. Each may be repeated. StoreAway."""

    async def database_was_away(self, began: Micros, ended: Micros) -> None: ...
    async def was_stopped(self, began: Micros, ended: Micros) -> None: ...
    async def clock_was_set(self, step: Micros, at: Micros, since: Micros) -> None:
        """step: by so much, forward or back; at: what it shows; since: the same for all who tell of it."""
        ...


class Pulse:
    """id: of this process; runner: of its runner directory. back: why it stands back, None while it works."""

    def __init__(self, store: SqlStore, clock: Clock, id: str, runner: str, version: str, told: Told) -> None:
        self._store = store
        self._clock = clock
        self._id = id
        self._runner = runner
        self._version = version
        self._told = told
        self._beaten = clock.monotonic()
        self._steps = Steps(store, clock, id)
        self._begun = False
        self._stopped: tuple[Micros, Micros] | None = None
        self._noticed: Micros | None = None
        self._changed = asyncio.Event()
        self.back: Text | None = None

    @property
    def beating(self) -> bool:
        """The database can be written, as far as anybody in this process knows."""
        return self._store.away.since is None

    @property
    def doubts(self) -> bool:
        """The database is, or was just now, away, or the clock was set, and those who should know are not told yet."""
        return not self.beating or self._store.away.over is not None or self._steps.open

    async def run(self) -> None:
        """For ever."""
        with self._store.away.still.watched():
            while True:
                await self.beat()
                await self._clock.sleep(EVERY if self.beating else AGAIN)

    async def beat(self) -> None:
        """Once. A database that is away is noted, and told about when it is back."""
        began = self._clock.now()
        try:
            self._miss(await self._judge())
            await self._tell()
        except StoreAway as error:
            self._store.away.failed(began)  # which who only reads does not say
            if self._noticed is None:
                self._noticed = self._store.away.since  # perhaps from what somebody else noticed before
                log("the database is away", level="error", reason=error.for_log())
        else:
            self._noticed = self._stopped = None
            self._beaten = self._clock.monotonic()

    async def end(self) -> None:
        """This process ends; nobody has to wait for it. StoreAway."""
        async with self._store.begin() as tx:
            await replicas.forget(tx, self._id)
            await tx.set_turn(ALIVE, tx.now)

    async def stands_back(self) -> None:
        """Returns once this process has to stand back."""
        await self._until(lambda: self.back is not None)

    async def may_work(self) -> None:
        """Returns once this process may work."""
        await self._until(lambda: self.back is None)

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():
            self._changed.clear()
            await self._changed.wait()

    async def _judge(self) -> Micros:
        """Whether this process may work; when anybody's pulse was seen last, 0 if never, or by a clock that was set since."""
        async with self._store.read() as reads:
            schema = await replicas.schema(reads)
            last = max(await replicas.last(reads), await reads.turn(ALIVE))
        if schema != HEAD:
            self._stand(_moved_on(schema))
            return last
        was_set = await self._look()
        async with self._store.begin() as tx:
            await replicas.beat(tx, self._id, self._runner, self._version, tx.now, DAY)
            others = await replicas.living(tx, tx.now - LIVING)
        newest = max((other.version for other in others), key=_order)
        self._stand(_newer(newest, self._version) if _order(newest) > _order(self._version) else None)
        return 0 if was_set else last

    async def _look(self) -> bool:
        """Whether the clock was set. It is told before anybody sees us live by it: so it is not forgotten if we die."""
        await self._steps.look()
        step = self._steps.untold
        if step:
            log("the clock was set", level="warning", seconds=step / SECOND)
            await self._told.clock_was_set(step, self._clock.now(), self._steps.since)
            self._steps.told()
        return step != 0

    def _miss(self, last: Micros) -> None:
        """Nobody had a pulse for long: this process is new, or it was stopped in the middle."""
        now, known = self._clock.now(), self._stopped is not None or self._store.away.over is not None
        away = not self._begun or self._clock.monotonic() - self._beaten > LONG / SECOND
        if away and not known and last and now - last > LONG:
            self._stopped = last, now
        self._begun = True

    async def _tell(self) -> None:
        if self._stopped is not None:
            log("Tocsin was not running", level="warning", seconds=(self._stopped[1] - self._stopped[0]) / SECOND)
            await self._told.was_stopped(*self._stopped)
        await self._tell_of_the_database()

    async def _tell_of_the_database(self) -> None:
        over = self._store.away.over
        if over is not None:
            await self._told.database_was_away(*over)
            self._store.away.told(over[1])
        began, ended = over or (self._noticed, self._clock.now())
        if began is not None:
            log("the database is back", seconds=(ended - began) / SECOND)

    def _stand(self, back: Text | None) -> None:
        if (back is None) != (self.back is None):
            self._changed.set()
            if back is None:
                log("goes on", level="warning")
            else:
                log("stands back", level="error", reason=render(back, English()))
        self.back = back


def _moved_on(schema: str) -> Text:
    return t(
        "Another version of Tocsin has brought the database to schema {schema}; this one needs {ours}. It stands back:"
        " start the new version in its place.",
        schema=schema,
        ours=HEAD,
    )


def _newer(newest: str, ours: str) -> Text:
    return t(
        "Tocsin {newest} works on this database. This one is {ours} and stands back: start the new version in its place.",
        newest=newest,
        ours=ours,
    )


def _order(version: str) -> tuple[int, ...]:
    """1.10 comes after 1.9; what stands behind the numbers (1.2.0.dev1) does not count."""
    return tuple(int(part) for part in takewhile(str.isdigit, version.split(".")))
