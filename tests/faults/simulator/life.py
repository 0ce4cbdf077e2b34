"""One life of the program: it may die, or stand still and go on later, at whatever it awaits next."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.clock import KeptTasks
from bot.ports import Clock
from tests.dying import Died

Place = Literal["slack", "machine", "commit", "statement", "transaction", "time"]
"""Where a life can end: before or after a call of Slack's or of the machine's, a commit; at a statement; at the beginning or end
of a transaction; when time has passed."""
PLACES: tuple[Place, ...] = get_args(Place)
OUTSIDE: tuple[Place, ...] = ("slack", "machine", "transaction", "time")
"""Where it may also stand still: nothing is open."""


@dataclass
class End:
    """Death, or a standstill, at the `left`-th point of this place from now on."""

    how: Literal["dies", "stands still"]
    place: Place
    left: int


class Life:
    """end: what is to come, if it is decided; over: set when it has come; ended: how and where, "" so far."""

    def __init__(self, number: int, said: Callable[[str], None]) -> None:
        self.number = number
        self.end_at: End | None = None
        self.ended = ""
        self.dead = False
        self.over = asyncio.Event()
        self.tasks = KeptTasks()
        self._said = said
        self._standing: asyncio.Future[None] | None = None

    def alive(self) -> None:
        """Died: the process is gone, and does nothing more."""
        if self.dead:
            raise Died

    def point(self, place: Place, what: str) -> None:
        """Something that the program awaits, or a commit."""
        self.alive()
        end = self.end_at
        if end is None or end.place != place:
            return
        end.left -= 1
        if end.left == 0:
            self.end_at = None
            self._ends(end, what)

    def _ends(self, end: End, what: str) -> None:
        self.ended = f"{end.how}: {end.place}"
        self.over.set()
        self._said(f"bot {self.number} {end.how} at {what}")
        if end.how == "dies":
            self.dead = True
            raise Died
        self._standing = asyncio.get_running_loop().create_future()

    async def outside(self, place: Place, what: str) -> None:
        """A point outside of any transaction: here it may also stand still."""
        self.point(place, what)
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
        await self._life.outside("time", "a sleep")

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        done = await self._clock.wait(future, seconds)
        await self._life.outside("time", "a wait")
        return done or future.done()
