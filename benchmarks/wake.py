"""From the commit that asks for something to be done to the call of what does it, on each of the two engines."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.engines import machinery, new_file
from benchmarks.postgres import Postgres
from bot.clock import SystemClock
from bot.ports import Call, Done, Effect, Outcome
from storage.store import SqlStore

KIND = "action.verify"
"""A kind without a rate limit."""
LANES = 8
BETWEEN = 0.02
"""Seconds between two wakes, so that each finds the engine at rest."""
LONGEST = 30.0

Wakes = tuple[float, ...]
"""ms from the end of the commit to the call, sorted."""


@dataclass
class _Handler:
    """Says when it was called."""

    called: "asyncio.Future[float]"

    async def __call__(self, call: Call) -> Outcome:
        self.called.set_result(perf_counter())
        return Done()


async def measured(folder: Path, server: Postgres | None, times: int) -> Mapping[str, Wakes]:
    """Engine → how long so many wakes took, one after the other."""
    found = {"embedded": await _on(new_file(folder), times)}
    if server is not None:
        found["postgresql"] = await _on(server.fresh(), times)
    return found


async def _on(url: str, times: int) -> Wakes:
    handler, stop = _Handler(asyncio.get_running_loop().create_future()), asyncio.Event()
    async with machinery(url, {KIND: handler}) as machine:
        running = machine.tasks.start(machine.engine.run(stop), "engine")
        await _once(machine.store, handler, 0)
        took = [await _once(machine.store, handler, n) for n in range(1, times + 1)]
        stop.set()
        await running
    return tuple(sorted(took))


async def _once(store: SqlStore, handler: _Handler, n: int) -> float:
    await SystemClock().sleep(BETWEEN)
    handler.called = asyncio.get_running_loop().create_future()
    async with store.begin() as tx:
        await tx.enqueue([Effect(f"wake:{n}", KIND, f"run:{n % LANES}", "org")])
    committed = perf_counter()
    async with asyncio.timeout(LONGEST):
        return (await handler.called - committed) * 1000
