"""Time, chance and background work for the workspace: it imports nothing of ours, so it says itself what it needs."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol


class Clock(Protocol):
    """Time that a test can move."""

    def now(self) -> int:
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
        """A secret, safe in a URL."""
        ...


class Background:
    """Work that goes on beside the requests. It is kept until it ends; a failure is told to the loop, never lost."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": f"{task.get_name()} failed", "exception": error})

    async def stop(self) -> None:
        """Cancel what still runs and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
