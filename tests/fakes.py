"""Fakes of the ports that tests share: time that moves when told, chance that repeats."""

import asyncio
import heapq
import re
from collections.abc import Awaitable
from typing import Any, Protocol

from bot.domain.terms import Micros
from bot.ports import Clock, Ids

NINE: Micros = 1_988_355_600_000_000
"""Monday 2033-01-03, 09:00 UTC: far from the machine's own clock, so that nobody mixes them up."""

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(length: str | float) -> float:
    """`"1h30m"`, `"250ms"` or a number of seconds, as seconds."""
    if not isinstance(length, str):
        return float(length)
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", length)
    assert "".join(a + b for a, b in parts) == length, f"not a length of time: {length}"
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


class Driven(Protocol):
    """Something that waits by rows and not by sleeping: an engine."""

    async def next_due(self) -> Micros | None: ...
    async def tick(self, now: Micros) -> None: ...


class FakeClock(Clock):
    """Time stands still until `forward` moves it; then it stops at every moment somebody waits for, in order.

    drive(engine): its due rows are moments too, and it ticks at each of them. Between two moments the program runs until
    it rests. patience: real seconds after which a tick that waits for time itself (a handler that sleeps) is left
    running.
    """

    def __init__(self, now: Micros = NINE, patience: float = 1.0) -> None:
        self._now = self._start = now
        self._turn = 0
        self._sleepers: list[tuple[Micros, int, asyncio.Future[None]]] = []
        self._driven: list[Driven] = []
        self._asleep = 0
        self._left: set[asyncio.Future[None]] = set()
        self.patience = patience

    def now(self) -> Micros:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start) / 1_000_000

    async def sleep(self, seconds: float) -> None:
        self._asleep += 1
        try:
            await self._until(self._now + round(seconds * 1_000_000))
        finally:
            self._asleep -= 1

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        alarm = self._until(self._now + round(seconds * 1_000_000))
        await asyncio.wait({future, alarm}, return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()
        return future.done()

    def drive(self, engine: Driven) -> None:
        self._driven.append(engine)

    def release(self, engine: Driven) -> None:
        self._driven.remove(engine)

    async def forward(self, length: str | float) -> None:
        """Let time pass: every sleeper and every due row gets its own moment."""
        target = self._now + round(seconds(length) * 1_000_000)
        await self.rest()
        while (due := await self._next()) is not None and due <= target:
            self._now = max(self._now, due)
            self._ring()
            await self.rest()
        self._now = target
        await self.rest()

    async def rest(self) -> None:
        """Let the program run until it has nothing to do at this moment."""
        await _spin()
        for engine in self._driven:
            await self._patiently(engine.tick(self._now))
        await _spin()

    def jump(self, length: str | float) -> None:
        """Move the wall clock without anybody being woken (an NTP step, a laptop that slept)."""
        step = round(seconds(length) * 1_000_000)
        self._start += step
        self._now += step
        self._sleepers = [(due + step, turn, alarm) for due, turn, alarm in self._sleepers]

    def _until(self, due: Micros) -> "asyncio.Future[None]":
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turn += 1
        heapq.heappush(self._sleepers, (due, self._turn, alarm))
        self._ring()
        return alarm

    def _ring(self) -> None:
        while self._sleepers and (self._sleepers[0][0] <= self._now or self._sleepers[0][2].done()):
            alarm = heapq.heappop(self._sleepers)[2]
            if not alarm.done():
                alarm.set_result(None)

    async def _next(self) -> Micros | None:
        self._ring()
        rows = [await engine.next_due() for engine in self._driven]
        return min([due for due in rows if due is not None] + [due for due, _, _ in self._sleepers[:1]], default=None)

    async def _patiently(self, work: Awaitable[None]) -> None:
        """Wait for work, but not for work that waits for us: then time has to go on first."""
        task = asyncio.ensure_future(work)  # noqa: TID251
        for _ in range(80):
            await asyncio.wait({task}, timeout=self.patience)
            if task.done():
                return task.result()
            if self._asleep:
                self._left.add(task)
                return None
        raise AssertionError("the program does not come to rest")


async def _spin() -> None:
    for _ in range(20):
        await asyncio.sleep(0)  # noqa: TID251


class FakeIds(Ids):
    """Chance that is the same in every run: `new()` counts, `jitter()` is the middle, or what a test chooses."""

    def __init__(self, chance: float = 0.5) -> None:
        self._count = 0
        self.chance = chance

    def skip(self) -> None:
        """From now on no id that another process of the test has."""
        self._count += 1 << 40

    def new(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def token(self) -> str:
        return f"token-{self.new()[-8:]}-{'x' * 29}"

    def jitter(self) -> float:
        return self.chance
