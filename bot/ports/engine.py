"""Who wakes the worker."""

import asyncio
from collections.abc import Callable
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

    async def next_due(self) -> Micros | None:
        """The next moment at which `tick` has something to do, None if it waits for others."""
        ...

    async def tick(self, now: Micros) -> None:
        """Promote what is due at `now`, sweep, and run the lanes until they rest (tests drive time with it)."""
        ...


class LaneRunner(Protocol):
    """The worker, as an engine sees it. go_on: False once nothing new may begin."""

    async def run_lane(self, lane: str, engine: Engine, go_on: Callable[[], bool] = ...) -> None: ...
