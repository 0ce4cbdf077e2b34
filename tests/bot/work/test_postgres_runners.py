"""Lanes of attempts wait for the replica that has the attempt's runner directory, as long as it lives; who rests begins nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.domain.terms import SECOND
from bot.ports import AttemptRow, Call, Clock, Done, Engine, Ids, LaneRunner, Outcome, Tasks
from bot.work.postgres import Replica
from bot.work.worker import Worker
from storage import replicas
from storage.replicas import SILENT
from storage.store import SqlStore
from tests.bot.work.replicas import ask, until
from tests.bot.work.world import MakeEngine, World, effect

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]


class Resting:
    """Whether the replicas made with it rest."""

    def __init__(self) -> None:
        self.now = False

    def __call__(self) -> bool:
        return self.now


def maker(runner: str, rests: Callable[[], bool] = lambda: False) -> MakeEngine:
    def made(store: SqlStore, clock: Clock, ids: Ids, tasks: Tasks, worker: Worker) -> Replica:
        return Replica(store, clock, ids, tasks, worker, runner, rests)

    return made


@asynccontextmanager
async def beside(world: World, make_engine: MakeEngine) -> AsyncIterator[World]:
    """Another replica, which works when the test says so."""
    made = World(world.url, make_engine, world.clock)
    made.outside, made.handlers = world.outside, world.handlers
    await made.open()
    world.clock.release(made.engine)
    yield made
    world.clock.drive(made.engine)
    await made.close()


@pytest.fixture
async def other(world: World) -> AsyncIterator[World]:
    """The replica with the runner directory r2."""
    async with beside(world, maker("r2")) as made:
        yield made


async def seen(world: World, runner: str) -> None:
    async with world.store.begin() as tx:
        await replicas.beat(tx, runner, runner, "1.0.0", tx.now, tx.now)


async def attempt(world: World, id: str, runner: str) -> None:
    """An attempt of this runner, with something to do in its lane and in another."""
    async with world.store.begin() as tx:
        await tx.save([AttemptRow(id, "inc:1", runner, "starting", {})])
        await tx.enqueue([effect(id, lane=f"run:{id}"), effect(f"beside {id}", lane=f"talk {id}")])


async def queues(world: World) -> dict[str, str]:
    return {row["lock"]: row["queue_name"] for row in await ask(world.url, "SELECT * FROM procrastinate_jobs")}


async def test_an_attempt_waits_for_its_runner(world: World, other: World) -> None:
    await seen(world, "r2")
    await attempt(world, "a1", "r2")
    await world.clock.forward(1)
    assert await world.status("a1", "beside a1") == ["planned", "done"]
    assert await queues(world) == {"run:a1": "tocsin:r2"}
    await other.engine.tick(world.clock.now())
    assert await world.status("a1") == ["done"]


async def test_nobody_waits_for_a_runner_that_was_never_seen(world: World, other: World) -> None:
    await attempt(world, "a1", "r3")
    await world.clock.forward(1)
    assert await world.status("a1", "beside a1") == ["done", "done"]


async def test_who_falls_silent_is_waited_for_a_minute(world: World, other: World) -> None:
    await seen(world, "r2")
    await attempt(world, "a1", "r2")
    await world.clock.forward((SILENT - SECOND) / SECOND)
    await world.engine.tick(world.clock.now())
    assert await world.status("a1") == ["planned"]
    await world.clock.forward(5)
    await world.engine.tick(world.clock.now())
    await until(world, "a1", step=1)


async def test_what_died_with_its_replica_is_taken_over_by_who_has_the_directory(world: World, other: World) -> None:
    """A process that was started again on the same directory; others look after the rest."""
    await seen(world, "r2")
    await attempt(world, "a1", "r2")
    await ask(world.url, "UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'run:a1' RETURNING id")
    await world.clock.forward(4)
    assert await world.status("a1", "beside a1") == ["planned", "done"]
    assert (await queues(world))["run:a1"] == "tocsin:r2"
    await other.engine.tick(world.clock.now())
    assert await world.status("a1") == ["done"]


async def test_who_begins_to_rest_when_it_has_a_job_begins_nothing(world: World) -> None:
    """The job was asked for before, and came after: whoever does not rest goes on."""
    resting = Resting()

    class Waits(LaneRunner):
        async def run_lane(self, lane: str, engine: Engine, go_on: Callable[[], bool] = lambda: True) -> None:
            resting.now = True
            await world.worker.run_lane(lane, engine, go_on)

    def waits(store: SqlStore, clock: Clock, ids: Ids, tasks: Tasks, worker: Worker) -> Replica:
        return Replica(store, clock, ids, tasks, Waits(), "r9", resting)

    async with beside(world, waits) as here:
        world.clock.release(world.engine)
        await world.put(effect("first"))
        await here.engine.tick(world.clock.now())
        assert resting.now
        assert await world.status("first") == ["planned"]
        world.clock.drive(world.engine)
        await world.clock.rest()
        assert await world.status("first") == ["done"]


async def test_who_rests_begins_nothing_and_ends_what_it_does(world: World) -> None:
    resting = Resting()

    async def rests(call: Call) -> Outcome:
        resting.now = True
        return Done()

    world.outside.answers["first"] = [rests]
    async with beside(world, maker("r9", resting)) as here:
        world.clock.release(world.engine)
        await world.put(effect("first"), effect("second"))
        await here.engine.tick(world.clock.now())
        assert await world.status("first", "second") == ["done", "planned"]
        await world.put(effect("third", lane="card"))
        await here.engine.tick(world.clock.now() + SECOND)
        assert world.outside.keys == ["first"]
        world.clock.drive(world.engine)
        await world.clock.forward(11)
        assert await world.status("first", "second", "third") == ["done"] * 3
