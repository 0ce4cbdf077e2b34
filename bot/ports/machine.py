"""Time, chance and background work: what a test moves."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from bot.domain.terms import Micros


class Clock(Protocol):
    """Time. Rows are due by `now()`; lengths within one process are measured by `monotonic()`."""

    def now(self) -> Micros:
        """Microseconds since 1970-01-01T00:00Z."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        """True as soon as the future is done, False after `seconds`; the future is never cancelled."""
        ...


class Ids(Protocol):
    """Chance."""

    def new(self) -> str:
        """32 hex digits nobody has seen."""
        ...

    def token(self) -> str:
        """A secret of 256 bits, safe in a URL."""
        ...

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        ...


class Tasks(Protocol):
    """Background work that is not forgotten."""

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]": ...

    async def stop(self) -> None:
        """Cancel what still runs and wait for it."""
        ...
