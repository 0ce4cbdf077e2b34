"""Who wakes the worker."""

import asyncio
from typing import Protocol

from bot.domain.terms import Micros
from bot.ports.store import Tx


class Engine(Protocol):
    """Who wakes the worker. The first two act inside the caller's transaction."""

    async def wake(self, tx: Tx, lane: str) -> None: ...
    async def wake_at(self, tx: Tx, lane: str, due: Micros, key: str) -> None: ...
    async def run(self, stop: asyncio.Event) -> None:
        """Wake lanes until `stop` is set."""
        ...

    async def tick(self, now: Micros) -> None:
        """Promote what is due at `now`, sweep, and run the lanes until they rest (tests drive time with it)."""
        ...
