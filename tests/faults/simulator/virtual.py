"""Time that passes only when nobody has anything to do: one thread, no real waiting, the same order in every run."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from bot.ports import Clock, Ids
from tests.fakes import NINE

TICK = 0.000_001
"""Seconds that pass at least while somebody waits: what is left of a limit by rounding would never be over."""


class _Leap(selectors.SelectSelector):
    """Instead of waiting for a moment, makes it now."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everything waits for something that will never happen"
        self.now += max(0.0, timeout)
        return super().select(0)


class _Here(ThreadPoolExecutor):
    """What is to be done in a thread is done here and now: order between threads would be chance that nobody can repeat."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  # it belongs to who waits for it
            done.set_exception(error)
        return done


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is nobody's but its own; also `asyncio.timeout` and `call_later` go by it."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)
        self.set_default_executor(_Here())

    def time(self) -> float:
        return self._leap.now

    async def shutdown_default_executor(self) -> None:
        """It has no threads; to wait for their end would take a thread and real time."""


class VirtualClock(Clock):
    """The port, by the running loop's time. Like SystemClock, which goes by the machine's."""

    def now(self) -> int:
        return NINE + round(self.monotonic() * 1_000_000)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, TICK))  # noqa: TID251

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        done, _ = await asyncio.wait({future}, timeout=seconds)
        return bool(done)


class Numbered(Ids):
    """Ids that count, from `first`, so that no two lives of the program make the same."""

    def __init__(self, first: int, jitter: Callable[[], float]) -> None:
        self._count, self._jitter = first, jitter

    def new(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def token(self) -> str:
        return f"token-{self.new()[-12:]}-{'x' * 29}"

    def jitter(self) -> float:
        return self._jitter()
