"""Replicas for tests: one alone, and several on one database in one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, LiteralString

from bot.ports import Call, Clock, Done, Ids, LaneRunner, Outcome, Tasks
from bot.work.jobs import Jobs
from bot.work.postgres import Replica
from storage.bounded import connect
from storage.postgres import Postgres
from storage.store import SqlStore
from tests.bot.work.world import World
from tests.postgres import retire
from tests.waiting import looks


def lone_replica(store: SqlStore, clock: Clock, ids: Ids, tasks: Tasks, worker: LaneRunner) -> Replica:
    """The only replica there is: all that were there before have been dead for a while."""
    assert isinstance(store.database, Postgres)
    retire(store.database.url)
    return Replica(store, clock, ids, tasks, worker)


async def doze(world: World) -> Callable[[], None]:
    """This replica sleeps for a while by now: no heartbeat, no new job, only its calls are under way. Gives what wakes it."""
    manager = manager_of(world)
    heartbeat, fetch = manager.update_heartbeat, manager.fetch_job

    async def nothing(*args: object, **named: object) -> None:
        pass

    def awake() -> None:
        manager.update_heartbeat, manager.fetch_job = heartbeat, fetch  # type: ignore[method-assign]

    manager.update_heartbeat = manager.fetch_job = nothing  # type: ignore[method-assign]
    retire(world.url)
    return awake


def manager_of(world: World) -> Jobs:
    assert isinstance(world.engine, Replica)
    return world.engine._jobs


async def ask(url: str, query: LiteralString, *params: object) -> list[dict[str, Any]]:
    """The rows of a statement, in a transaction of its own."""
    async with await connect(url) as connection:
        return await (await connection.execute(query, params)).fetchall()


async def jobs(url: str) -> list[tuple[str, str]]:
    """Lane and status of all jobs, oldest first."""
    return [(row["lock"], row["status"]) for row in await ask(url, "SELECT * FROM procrastinate_jobs ORDER BY id")]


async def beside(world: World) -> World:
    """Another replica on the database of this one, with the same clock and the same outside."""
    other = World(world.url, Replica, world.clock)
    other.outside = world.outside
    other.handlers = world.handlers
    world.others.append(await other.open())
    return other


@asynccontextmanager
async def running(*worlds: World) -> AsyncIterator[None]:
    """The engines run by themselves. Our clock stands still, so nothing is promoted, swept or taken over after the start."""
    stop = asyncio.Event()
    tasks = []
    for world in worlds:
        world.clock.release(world.engine)
        tasks.append(world.tasks.start(world.engine.run(stop), "engine"))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait(tasks, timeout=5)
        await worlds[0].clock.forward(10)  # what hangs is cut off
        await asyncio.gather(*tasks)
        for world in worlds:
            world.clock.drive(world.engine)


async def until(world: World, *keys: str, status: str = "done", step: float = 0.0) -> None:
    """Wait (in real time) until these effects have this status. step: seconds that our clock moves each time we look."""
    async for _ in looks():
        if step:
            await world.clock.forward(step)
        rows = await world.rows()
        if all(key in rows and rows[key]["status"] == status for key in keys):
            return
    raise AssertionError({key: rows[key]["status"] for key in keys})


class Gate:
    """A call that waits until it is let through; `entered` tells how often it was made."""

    def __init__(self) -> None:
        self.entered = 0
        self.open = asyncio.Event()

    async def __call__(self, call: Call) -> Outcome:
        self.entered += 1
        await self.open.wait()
        return Done()

    async def reached(self, times: int = 1) -> None:
        async for _ in looks():
            if self.entered >= times:
                return
        raise AssertionError(f"entered {self.entered} times")
