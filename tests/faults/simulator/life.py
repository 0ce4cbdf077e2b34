"""One life of the program: it may die, or stand still and go on later, at whatever it awaits next."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.clock import KeptTasks
from bot.ports import Clock
from tests.dying import Died


class Life:
    """points: awaits of ports and commits so far; dies_at, stands_at: the point at which it dies, or stands
    still; over: set when it has done either.
    """

    def __init__(self, number: int, said: Callable[[str], None]) -> None:
        self.number = number
        self.points = 0
        self.dies_at: int | None = None
        self.stands_at: int | None = None
        self.dead = False
        self.over = asyncio.Event()
        self.tasks = KeptTasks()
        self._said = said
        self._standing: asyncio.Future[None] | None = None

    def alive(self) -> None:
        """Died: the process is gone, and does nothing more."""
        if self.dead:
            raise Died

    def point(self, what: str) -> None:
        """Something that the program awaits, or a commit."""
        self.alive()
        self.points += 1
        if self.points == self.dies_at:
            self.die(what)
            raise Died

    def die(self, what: str) -> None:
        self.dead = True
        self.over.set()
        self._said(f"bot {self.number} dies at {what}")

    async def outside(self, what: str) -> None:
        """A point outside of any transaction: here it may also stand still."""
        self.point(what)
        if self.stands_at is not None and self.points >= self.stands_at:
            self.stands_at = None
            self.over.set()
            self._standing = asyncio.get_running_loop().create_future()
            self._said(f"bot {self.number} stands still at {what}")
        if self._standing is not None:
            await asyncio.wait({self._standing})
        self.alive()

    def goes_on(self) -> None:
        if self._standing is not None:
            self._said(f"bot {self.number} goes on")
            self._standing.set_result(None)
            self._standing = None

    async def end(self) -> None:
        """Nothing of it is left."""
        self.dead = True
        self.goes_on()
        await self.tasks.stop()


class LivingClock(Clock):
    """The clock as a life sees it: time goes on while it stands still."""

    def __init__(self, life: Life, clock: Clock) -> None:
        self._life, self._clock = life, clock

    def now(self) -> int:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        await self._life.outside("a sleep")

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        done = await self._clock.wait(future, seconds)
        await self._life.outside("a wait")
        return done or future.done()
