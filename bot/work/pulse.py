"""The pulse: this process says every few seconds in the database that it lives, and learns there whether it may go on.

It may not while a newer version of the program lives, or once the database was brought to a schema that it does not know: then it
*stands back*. It takes nothing new, lets its calls end, and says why. A pulse that fails means that the database is away; when it
is back, whoever should know is told from when to when.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import takewhile

from bot.domain.terms import DAY, SECOND, Micros
from bot.errors import StoreAway
from bot.ports import Clock
from bot.telemetry import log
from bot.text import PlainShow, Text, render, t
from storage import replicas
from storage.migrations import HEAD
from storage.store import SqlStore

EVERY, AGAIN = 5.0, 1.0
"""Seconds between two beats, and until the next after one that failed."""
LIVING: Micros = 15 * SECOND
"""Who was seen within this time counts as alive."""
WORTH_A_WORD: Micros = 5 * SECOND
"""A database that was away for less is not talked about: whoever asked it meanwhile was told."""

STEP: Micros = 60 * SECOND
"""A clock that is off by more than this against the time that has passed was set."""

Absent = Callable[[Micros, Micros], Awaitable[None]]
"""(from, until): the database was away."""
SetBack = Callable[[], Awaitable[None]]
"""The clock was set back."""


class Pulse:
    """id: of this process; runner: of its runner directory. back: why it stands back, None while it works."""

    def __init__(
        self, store: SqlStore, clock: Clock, id: str, runner: str, version: str, absent: Absent, set_back: SetBack
    ) -> None:
        self._store = store
        self._clock = clock
        self._id = id
        self._runner = runner
        self._version = version
        self._absent = absent
        self._set_back = set_back
        self._at = clock.now(), clock.monotonic()
        self._away: Micros | None = None
        self._changed = asyncio.Event()
        self.back: Text | None = None

    @property
    def beating(self) -> bool:
        """The last beat came through: the database can be written."""
        return self._away is None

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.beat()
            await self._clock.sleep(EVERY if self.beating else AGAIN)

    async def beat(self) -> None:
        """Once. A database that is away is noted, and told about when it is back."""
        began = self._clock.now()
        try:
            await self._judge()
            await self._watch_the_clock()
            if self._away is not None and self._clock.now() - self._away >= WORTH_A_WORD:
                await self._absent(self._away, self._clock.now())
        except StoreAway as error:
            if self._away is None:
                self._away = self._store.away_since or began  # perhaps somebody else noticed before
                log("the database is away", level="error", reason=error.for_log())
        else:
            if self._away is not None:
                log("the database is back", seconds=(self._clock.now() - self._away) / SECOND)
            self._away = None

    async def end(self) -> None:
        """This process ends; nobody has to wait for it. StoreAway."""
        async with self._store.begin() as tx:
            await replicas.forget(tx, self._id)

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

    async def _judge(self) -> None:
        async with self._store.read() as reads:
            schema = await replicas.schema(reads)
        if schema != HEAD:
            return self._stand(_moved_on(schema))
        async with self._store.begin() as tx:
            await replicas.beat(tx, self._id, self._runner, self._version, tx.now - DAY)
            others = await replicas.living(tx, tx.now - LIVING)
        newest = max((other.version for other in others), key=_order)
        if _order(newest) > _order(self._version):
            return self._stand(_newer(newest, self._version))
        return self._stand(None)

    async def _watch_the_clock(self) -> None:
        """Two clocks that have moved differently: the wall's was set."""
        now, passed = self._clock.now(), self._clock.monotonic()
        step = now - self._at[0] - round((passed - self._at[1]) * SECOND)
        if abs(step) > STEP:
            log("the clock was set", level="warning", seconds=step / SECOND)
        if step < -STEP:
            await self._set_back()
        self._at = now, passed

    def _stand(self, back: Text | None) -> None:
        if (back is None) != (self.back is None):
            self._changed.set()
            if back is None:
                log("goes on", level="warning")
            else:
                log("stands back", level="error", reason=render(back, PlainShow()))
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
