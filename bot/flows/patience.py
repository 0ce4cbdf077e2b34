"""How long somebody is kept waiting: one alarm for all of them, because one for each costs more than what they wait for."""

import asyncio
from collections import deque
from typing import Any

from bot.errors import StoreAway
from bot.ports import Clock, Tasks


class Patience:
    """Answers that are waited for no longer than so many seconds; then they are StoreAway."""

    def __init__(self, clock: Clock, tasks: Tasks, seconds: float) -> None:
        self._clock = clock
        self._tasks = tasks
        self._seconds = seconds
        self._open: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._awake = False

    def watch(self, answer: "asyncio.Future[Any]") -> None:
        """From now on."""
        while self._open and self._open[0][1].done():
            self._open.popleft()
        self._open.append((self._clock.monotonic() + self._seconds, answer))
        if not self._awake:
            self._awake = True
            self._tasks.start(self._work(), "patience")

    async def _work(self) -> None:
        try:
            while self._open:
                due, answer = self._open[0]
                if not answer.done() and (wait := due - self._clock.monotonic()) > 0:
                    await self._clock.sleep(wait)
                    continue
                self._open.popleft()
                if not answer.done():
                    answer.set_exception(StoreAway("no commit in time"))
        finally:
            self._awake = False
