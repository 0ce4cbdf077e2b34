"""Replicas come and go: who dies is taken over once, who only slept does no harm, and who fails begins again."""

import asyncio
from typing import Any, cast

import psycopg
import pytest

from bot.work.postgres import Replica
from tests.bot.work.replicas import Gate, ask, beside, doze, jobs, manager_of, running, until
from tests.bot.work.test_recovery import Crash, Slack, dies_after, end_of, live
from tests.bot.work.world import MakeEngine, World, effect
from tests.postgres import Server
from tests.waiting import looks

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]


def failures(world: World) -> int:
    return cast(Replica, world.engine).failures


async def forget_workers(url: str) -> None:
    """As a replica that starts does with rows it takes for dead."""
    await ask(url, "DELETE FROM procrastinate_workers RETURNING id")


async def test_who_died_is_taken_over_with_a_new_job(world: World) -> None:
    """Also while a newer wake of the same lane waits; and the zombie's end touches nothing of its successor's."""
    other, zombie, heir = await beside(world), Gate(), Gate()
    world.outside.answers["a"] = [zombie, heir]
    async with running(world):
        await world.put(effect("a"))
        await zombie.reached()
        await world.put(effect("b"))
        assert await jobs(world.url) == [("talk", "doing"), ("talk", "todo")]
        awake = await doze(world)
        ticking = other.tasks.start(other.engine.tick(other.clock.now()), "tick")
        await heir.reached()
        assert await jobs(world.url) == [("talk", "failed"), ("talk", "doing")]
        zombie.open.set()
        awake()
        await world.put(effect("elsewhere", lane="card"))  # the zombie's worker lives on
        await until(world, "elsewhere")
        await asyncio.sleep(0.2)  # noqa: TID251
        assert await jobs(world.url) == [("talk", "failed"), ("talk", "doing")]
        heir.open.set()
        await ticking
    assert [(call.effect.key, call.again) for call in world.outside.calls] == [
        ("a", False),
        ("a", True),
        ("elsewhere", False),
        ("b", False),
    ]
    assert (await world.rows())["a"]["again"] == 1
    assert failures(world) == 0


async def test_many_take_over_once(world: World) -> None:
    others = [await beside(world) for _ in range(3)]
    gates = [Gate() for _ in range(4)]
    for n, gate in enumerate(gates):
        world.outside.answers[f"a{n}"] = [gate]
    async with running(world):
        await world.put(*[effect(f"a{n}", lane=f"lane{n}") for n in range(4)])
        await asyncio.gather(*[gate.reached() for gate in gates])
        await doze(world)
        await asyncio.gather(*[other.engine.tick(other.clock.now()) for other in others])
        await until(world, "a0", "a1", "a2", "a3")
        for gate in gates:
            gate.open.set()
    assert len(world.outside.calls) == 8
    assert [status for _, status in await jobs(world.url)] == ["failed"] * 4


async def test_a_replica_does_not_take_over_from_itself(world: World) -> None:
    """After a pause its own heartbeat is old, too, and its calls are still under way."""
    gate = Gate()
    world.outside.answers["a"] = [gate]
    async with running(world):
        await world.put(effect("a"))
        await gate.reached()
        await doze(world)
        await world.clock.forward(4)
        await asyncio.sleep(0.2)  # noqa: TID251
        assert await jobs(world.url) == [("talk", "doing")]
        gate.open.set()
        await until(world, "a")
    assert [call.again for call in world.outside.calls] == [False]


async def test_jobs_of_a_removed_worker_are_taken_over_at_once(world: World) -> None:
    await ask(world.url, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    await world.put(effect("a"))
    await ask(world.url, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1 RETURNING id")
    await world.engine.tick(world.clock.now())
    assert await world.status("a") == ["planned"]
    await forget_workers(world.url)
    await world.clock.forward(4)
    assert await world.status("a") == ["done"]


async def test_a_worker_whose_row_was_removed_begins_again(world: World) -> None:
    async with running(world):
        await world.put(effect("a"))
        await until(world, "a")
        await forget_workers(world.url)
        await world.put(effect("b"))
        async for _ in looks():
            if failures(world):
                break
        assert failures(world) == 1
        await until(world, "b", step=1)


async def test_a_worker_that_ends_lets_its_lanes_end_at_the_next_effect(world: World) -> None:
    """It has no heartbeat while it waits for them, so they must not go on and on."""
    gate = Gate()
    world.outside.answers["a"] = [gate]
    async with running(world):
        await world.put(effect("a"), effect("b"))
        await gate.reached()
        await forget_workers(world.url)
        await world.put(effect("other", lane="card"))
        async for _ in looks():
            if manager_of(world).lost:
                break
        gate.open.set()
        await until(world, "a")
        assert await world.status("b", "other") == ["planned", "planned"]
        await until(world, "b", "other", step=1)
    assert len(world.outside.calls) == 3


async def test_sleepers_are_not_forgotten_soon(world: World) -> None:
    """A replica that starts leaves the rows of those alone who may only sleep: for a minute, whatever counts as stalled."""
    await ask(
        world.url,
        "INSERT INTO procrastinate_workers (last_heartbeat) SELECT NOW() - n * interval '1 second'"
        " FROM unnest(%s::int[]) n RETURNING id",
        [30, 120],
    )
    await world.put(effect("a"))
    await world.engine.tick(world.clock.now())
    assert len(await ask(world.url, "SELECT id FROM procrastinate_workers")) == 1


async def test_all_connections_are_cut(world: World, postgres: Server) -> None:
    """In the middle of calls: they settle, their jobs end, the next wake is heard."""
    gates = [Gate() for _ in range(3)]
    for n, gate in enumerate(gates):
        world.outside.answers[f"a{n}"] = [gate]
    async with running(world):
        await world.put(*[effect(f"a{n}", lane=f"lane{n}") for n in range(3)])
        await asyncio.gather(*[gate.reached() for gate in gates])
        for gate in gates:
            cut(postgres)
            gate.open.set()
        cut(postgres)
        await until(world, "a0", "a1", "a2", step=0.1)
        await world.put(effect("next"))
        await until(world, "next", step=0.1)
    assert await jobs(world.url) == []
    assert len(world.outside.calls) == 4


def cut(postgres: Server) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


async def test_what_is_stopped_goes_on_elsewhere_at_once(world: World) -> None:
    """Calls that hang are cut off after a while; their lanes need no sweep and nobody's death."""
    other, gate = await beside(world), Gate()
    world.outside.answers["a"] = [gate]
    stop = asyncio.Event()
    world.clock.release(world.engine)
    world.clock.release(other.engine)
    run = world.tasks.start(world.engine.run(stop), "engine")
    await world.put(effect("a"), effect("b"))
    await gate.reached()
    stop.set()
    async for _ in looks():
        await world.clock.forward(1)
        if run.done():
            break
    await run
    assert await jobs(world.url) == [("talk", "todo")]
    assert await ask(world.url, "SELECT id FROM procrastinate_workers") == []
    world.clock.drive(world.engine)
    world.clock.drive(other.engine)
    async with running(other):
        await until(other, "a", "b")


async def test_jobs_that_were_taken_over_are_removed_in_the_end(world: World) -> None:
    await world.put(effect("a"))
    await ask(world.url, "UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    await world.engine.tick(world.clock.now())
    assert await jobs(world.url) == [("talk", "failed")]
    await ask(world.url, "UPDATE procrastinate_events SET at = at - interval '2 hours' RETURNING id")
    await world.clock.forward("11m")
    assert await jobs(world.url) == []


@pytest.mark.parametrize("commit", [3, 7, 12, 18, 25, 33])
async def test_a_crash_after_some_commits(copy_of: Any, engine: MakeEngine, commit: int) -> None:
    """procrastinate swallows what is raised in a job, and its own statements are commits too: the store is dead for both."""
    slack, url = Slack(), copy_of()
    first = World(url, engine)
    with pytest.raises(Crash):
        await live(first, slack, dies_after(commit, at_once=True))
    await live(World(url, engine, first.clock), slack, lambda moment: None)
    ended = await end_of(url, engine, first.clock)
    assert (slack.channels, slack.posts) == (["inc-1"], ["line"])
    assert slack.sent in ([False], [True])
    assert slack.steps <= 1
    assert ended.pop("step") in ("done", "unknown")
    assert set(ended.values()) == {"done"}
