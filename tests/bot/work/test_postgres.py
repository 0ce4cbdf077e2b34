"""Jobs on PostgreSQL: what is spared, what must not be, and the races in which a wake could be lost."""

import asyncio
from contextlib import suppress

import pytest

from bot.errors import StoreAway
from bot.work.effects import PAGE, TALK
from bot.work.postgres import Replica
from storage import claims, lanes
from storage import jobs as stored
from tests.bot.work.replicas import Gate, ask, beside, jobs, running, until
from tests.bot.work.world import World, effect
from tests.postgres import Server
from tests.waiting import looks

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]


async def test_a_wake_is_part_of_the_transaction(world: World) -> None:
    async def fail() -> None:
        async with world.store.begin() as tx:
            await tx.enqueue([effect("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await jobs(world.url) == []
    await world.put(effect("b"))
    assert await jobs(world.url) == [("talk", "todo")]


async def test_one_job_that_waits_is_enough_for_a_lane(world: World) -> None:
    for n in range(5):
        await world.put(effect(f"a{n}"), effect(f"b{n}", lane="card"))
    assert await jobs(world.url) == [("card", "todo"), ("talk", "todo")]
    await world.engine.tick(world.clock.now())
    assert len(world.outside.calls) == 10
    assert await jobs(world.url) == []


async def test_something_urgent_goes_first_with_its_lane(world: World) -> None:
    await world.put(effect("line", lane="talk", priority=TALK))
    await world.put(effect("page", lane="page:ana", priority=PAGE))
    await world.put(effect("urgent line", lane="talk", priority=PAGE), effect("late", lane="talk", priority=TALK))
    rows = await ask(world.url, "SELECT lock, priority FROM procrastinate_jobs ORDER BY id")
    assert [(row["lock"], row["priority"]) for row in rows] == [
        ("talk", -TALK),
        ("page:ana", -PAGE),
        ("talk", -PAGE),
    ]
    await world.engine.tick(world.clock.now())
    assert len(world.outside.calls) == 4


async def test_a_wake_waits_for_nobody_who_holds_the_lane(world: World) -> None:
    """Its job cannot be spared then: the one that waits could have looked before us."""
    await world.put(effect("a"))
    async with world.store.begin() as holding:
        await lanes.numbers(holding, "talk", 0)
        async with world.store.begin() as tx:
            await world.engine.wake(tx, "talk")
    assert await jobs(world.url) == [("talk", "todo")] * 2


async def test_a_spared_wake_is_seen_by_the_job_that_waits(world: World) -> None:
    """The lost wake-up: the job is taken up before the commit that relies on it, and must not look before it."""
    await world.put(effect("first"))
    await world.clock.rest()
    async with world.store.begin() as tx:
        await world.engine.wake(tx, "talk")  # in vain
    async with world.store.begin() as tx:
        await tx.enqueue([effect("second")])
        ticking = world.tasks.start(world.engine.tick(world.clock.now()), "tick")
        async for _ in looks():
            if await jobs(world.url) == [("talk", "doing")]:
                break
        await asyncio.sleep(0.1)  # noqa: TID251
        assert await jobs(world.url) == [("talk", "doing")]  # it waits for us, and looks then
    await ticking
    assert world.outside.keys == ["first", "second"]


async def test_a_job_that_looked_already_is_not_relied_on(world: World) -> None:
    """Our wake asks for waiting jobs once it has the lane: one that was taken up before is none."""
    await world.put(effect("first"))
    async with world.store.begin() as slow:
        before = await stored.wanted(slow, ["talk"])  # holds the lane: nobody has looked yet
    assert before == []
    gate = Gate()
    world.outside.answers["first"] = [gate]
    async with running(world):
        await gate.reached()
        await world.put(effect("second"))
        assert await jobs(world.url) == [("talk", "doing"), ("talk", "todo")]
        gate.open.set()
        await until(world, "second")


async def test_a_dependency_that_ends_at_this_moment_is_waited_for(world: World) -> None:
    """It looked for who comes after it before that was there; who comes after it sees it end, or would sleep."""
    gate = Gate()
    world.outside.answers["before"] = [gate]
    async with running(world):
        await world.put(effect("before", lane="card"))
        await gate.reached()
        async with world.store.begin() as settling:
            held = claims.held_of(await lanes.head(settling, "card") or {})
            fence = (await settling.rows(lanes.TAKE, lane="card"))[0]["fence"] - 1
            assert await claims.settle(settling, held, fence, "done", {}, None, False)
            assert await claims.dependants(settling, "before") == []
            await world.put(effect("after", after=("before",)))
            await asyncio.sleep(0.3)  # noqa: TID251
            assert "after" not in world.outside.keys
        await until(world, "after")  # at once; our clock stands still, nobody sweeps
        gate.open.set()


async def test_no_wake_is_lost_under_load(world: World) -> None:
    """Many producers, two replicas, no sweep: everything is done, in order, with fewer jobs than effects."""
    other = await beside(world)

    async def produce(name: int) -> None:
        for n in range(15):
            some = [effect(f"{name}:{n}:{lane}", lane=f"lane{lane}") for lane in range(3)]
            async for _ in looks():
                with suppress(StoreAway):  # on a busy machine somebody waits too long, and tries again
                    await (world, other)[n % 2].put(*some)
                    break

    async with running(world, other):
        await asyncio.gather(*[produce(name) for name in range(8)])
        rows = await world.rows()
        assert len(rows) == 360
        await until(world, *rows)
    rows = await world.rows()
    for lane in range(3):
        called = [rows[key]["seq"] for key in world.outside.keys if rows[key]["lane"] == f"lane{lane}"]
        assert called == sorted(called)
        assert len(called) == 120
    [row] = await ask(world.url, "SELECT last_value FROM procrastinate_jobs_id_seq")
    assert row["last_value"] < 330


async def test_lanes_that_fill_each_other_do_not_deadlock(world: World, postgres: Server) -> None:
    """Each end enqueues into a lane beside its own, half of them into the one before and half into the next, on two replicas: two
    settle in A and B at once, and each fills the other's."""
    other = await beside(world)

    async def follow(tx, effect_, events):  # type: ignore[no-untyped-def]
        name, step = (int(part) for part in effect_.key.split(":"))
        if step < 12:
            target = (int(effect_.lane.removeprefix("lane")) + (1 if name % 2 else 4)) % 5
            await tx.enqueue([effect(f"{name}:{step + 1}", lane=f"lane{target}")])

    for replica in (world, other):
        replica.react["plain"] = follow
    before = deadlocks(postgres)
    async with running(world, other):
        await world.put(*[effect(f"{name}:0", lane=f"lane{name % 5}") for name in range(20)])
        await until(world, *[f"{name}:12" for name in range(20)])
    assert isinstance(world.engine, Replica)
    assert isinstance(other.engine, Replica)
    assert (world.engine.failures, other.engine.failures) == (0, 0)
    assert deadlocks(postgres) == before
    rows = await world.rows()
    assert {row["status"] for row in rows.values()} == {"done"}
    assert {row["attempts"] for row in rows.values()} == {1}


def deadlocks(server: Server) -> int:
    """How many the server has broken so far."""
    return (server.folder / "log").read_text().count("deadlock detected")


async def test_a_timer_is_promoted_once_by_many(world: World) -> None:
    other = await beside(world)
    due = world.clock.now() + 60_000_000
    await world.put(*[effect(f"c{n}", "clock.update", f"clock{n}", not_before=due) for n in range(20)])
    world.clock.jump("61s")
    await asyncio.gather(*[replica.engine.tick(world.clock.now()) for replica in (world, other) * 3])
    assert sorted([key for key, _ in world.reacted + other.reacted]) == sorted(f"c{n}" for n in range(20))


async def test_a_lane_that_raises_waits_for_the_sweep(world: World) -> None:
    run_lane, raised = world.worker.run_lane, 0

    async def raise_twice(lane, engine, go_on):  # type: ignore[no-untyped-def]
        nonlocal raised
        if raised < 2:
            raised += 1
            raise OSError("no space left on device")
        await run_lane(lane, engine, go_on)

    world.worker.run_lane = raise_twice  # type: ignore[method-assign,assignment]
    await world.put(effect("a"))
    for _ in range(2):
        await world.clock.rest()
        assert await world.status("a") == ["planned"]
        await world.clock.forward(11)
    assert await world.status("a") == ["done"]
    assert isinstance(world.engine, Replica)
    assert world.engine.failures == 2


async def test_the_sweep_leaves_alone_what_waits_for_something_else(world: World) -> None:
    gate = Gate()
    world.outside.answers["slow"] = [gate]
    async with running(world):
        await world.put(effect("slow", lane="card"), effect("line", after=("slow",)))
        await gate.reached()
        await until(world, "slow", status="started")
        await asyncio.sleep(0.2)  # noqa: TID251
        async with world.store.read() as reads:
            assert await stored.idle(reads, reads.now) == []
        gate.open.set()
        await until(world, "slow", "line")
