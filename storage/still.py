"""Whether this process stood still: it was stopped, or kept from running. What broke meanwhile says nothing of others."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.domain.terms import Micros

TICK, LONG = 1.0, 3.0
"""Seconds of real time between two looks, and after which it was no look that came a little late."""


class Standstill:
    """until: when it last began to run again, by the clock; 0 if it never stood still while somebody `watched`."""

    def __init__(self, now: Callable[[], Micros], tick: float = TICK, long: float = LONG) -> None:
        self._now = now
        self._tick = tick
        self._long = long
        self._seen: float | None = None
        self.until: Micros = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Looked at regularly while the block runs."""
        loop = asyncio.get_running_loop()
        handle: asyncio.TimerHandle

        def again() -> None:
            nonlocal handle
            self.look()
            handle = loop.call_later(self._tick, again)

        self._seen = loop.time()
        again()
        try:
            yield
        finally:
            handle.cancel()
            self._seen = None

    def look(self) -> None:
        """Now, for whoever runs before the next regular look."""
        if self._seen is None:
            return
        at = asyncio.get_running_loop().time()
        if at - self._seen > self._long:
            self.until = self._now()
        self._seen = at
