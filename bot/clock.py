"""The machine's time and chance: the only file that asks for them."""

import asyncio
import secrets
import time
from collections.abc import Coroutine
from typing import Any

from bot.ports import Clock, Ids, Tasks


class SystemClock(Clock):
    """The wall clock and the monotonic clock of this machine."""

    def now(self) -> int:
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        done, _ = await asyncio.wait({future}, timeout=seconds)
        return bool(done)


class RandomIds(Ids):
    """Chance from the operating system."""

    def new(self) -> str:
        return secrets.token_hex(16)

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def jitter(self) -> float:
        return secrets.randbelow(1_000_000) / 1_000_000


class KeptTasks(Tasks):
    """Background tasks that are kept alive until they end and whose failure is told to `failed`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.failures: list[BaseException] = []

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(error)
            task.get_loop().call_exception_handler({"message": f"task {task.get_name()} failed", "exception": error})

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
