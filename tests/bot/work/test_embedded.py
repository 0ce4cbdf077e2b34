"""The engine: timers, schedules, the sweep, lanes that raise, stopping."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.ports import Call, Done, Engine, Outcome
from bot.work.due import plan_schedules
from bot.work.embedded import Embedded
from storage import timers
from tests.bot.work.world import MakeEngine, World, effect
from tests.fakes import NINE
from tests.waiting import looks

alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what only this engine promises."""


async def test_a_decision_is_made_when_it_is_due(world: World) -> None:
    due = NINE + 600_000_000
    await world.put(effect("late", "clock.update", "clock", not_before=due))
    await world.put(effect("early", "clock.update", "clock", not_before=due - 1))
    await world.clock.forward("599s")
    assert world.reacted == []
    await world.clock.forward("1s")
    assert [key for key, _ in world.reacted] == ["early", "late"]
    assert await world.status("early", "late") == ["done", "done"]
    assert world.outside.calls == []


@pytest.mark.slow
async def test_a_decision_that_raises_comes_again_and_holds_its_lane_no_longer_than_that(world: World) -> None:
    tries = []

    async def broken(tx, effect_, events):  # type: ignore[no-untyped-def]
        tries.append(world.clock.now())
        raise RuntimeError("a mistake in a rule")

    world.react["clock.update"] = broken
    await world.put(effect("bad", "clock.update", "clock"), effect("good", "clock.role", "clock"))
    await world.clock.rest()
    assert await world.status("bad", "good") == ["planned", "done"]
    await world.clock.forward("2h")
    assert len(tries) == 12
    assert await world.status("bad") == ["failed"]


async def test_timers_survive_the_process(database_url: str, engine: MakeEngine) -> None:
    before = await World(database_url, engine).open()
    await before.put(effect("due", "clock.update", "clock", not_before=NINE + 60_000_000))
    await before.close()
    after = await World(database_url, engine, before.clock).open()
    await after.clock.forward("61s")
    assert [key for key, _ in after.reacted] == ["due"]
    await after.close()


async def test_a_schedule_runs_once_for_many_ticks_at_once(world: World) -> None:
    await plan_schedules(world.store, {"digest": ("0 10 * * *", "UTC")})
    await world.clock.forward("59m")
    assert world.reacted == []
    world.clock.jump("1m")
    await asyncio.gather(*[world.engine.tick(world.clock.now()) for _ in range(8)])
    assert [key for key, _ in world.reacted] == [f"schedule:digest:{NINE + 3_600_000_000}"]


async def test_a_schedule_is_caught_up_once_after_downtime(world: World) -> None:
    await plan_schedules(world.store, {"digest": ("0 * * * *", "UTC")})
    world.clock.jump("10h")
    await world.clock.rest()
    assert len(world.reacted) == 1
    await plan_schedules(world.store, {"digest": ("0 * * * *", "UTC")})  # a restart: unchanged
    await world.clock.forward("1h")
    assert len(world.reacted) == 2


async def test_schedules_come_and_go_with_their_lines(world: World) -> None:
    await plan_schedules(world.store, {"a": ("0 * * * *", "UTC"), "b": ("0 9 30 2 *", "UTC")})
    await plan_schedules(world.store, {"a": ("30 * * * *", "UTC"), "c": ("0 0 * * *", "UTC")})
    async with world.store.read() as reads:
        found = {schedule.name: schedule.next_due for schedule in await timers.schedules(reads)}
    assert found == {"a": NINE + 1_800_000_000, "c": NINE + 15 * 3_600_000_000}


async def test_the_sweep_finds_what_nobody_woke(world: World) -> None:
    await world.clock.rest()
    world.store.engine = None
    await world.put(effect("lost"))
    world.store.engine = world.engine
    await world.clock.rest()
    assert await world.status("lost") == ["planned"]
    await world.clock.forward(11)
    await world.clock.rest()
    assert await world.status("lost") == ["done"]


@alone
async def test_a_lane_that_raises_is_begun_again_later_and_counted(world: World) -> None:
    assert isinstance(world.engine, Embedded)
    run_lane, raised = world.worker.run_lane, 0

    async def raise_twice(lane, engine, go_on):  # type: ignore[no-untyped-def]
        nonlocal raised
        if raised < 2:
            raised += 1
            raise OSError("no space left on device")
        await run_lane(lane, engine, go_on)

    world.worker.run_lane = raise_twice  # type: ignore[method-assign,assignment]
    await world.put(effect("a"))
    await world.clock.rest()
    assert await world.status("a") == ["planned"]
    await world.clock.forward(10)
    assert await world.status("a") == ["done"]
    assert world.engine.failures == 2


async def test_running_and_stopping(world: World) -> None:
    stop = asyncio.Event()
    world.clock.release(world.engine)
    running = world.tasks.start(world.engine.run(stop), "engine")
    await world.put(effect("now"), effect("later", "clock.update", "clock", not_before=NINE + 60_000_000))
    await until(world, "now", "done")
    await world.clock.forward("61s")
    await until(world, "later", "done")
    stop.set()
    await running
    await world.put(effect("after the end"))
    assert await world.status("after the end") == ["planned"]
    world.clock.drive(world.engine)


async def test_stopping_begins_nothing_new_and_cuts_off_what_hangs(world: World) -> None:
    entered = asyncio.Event()

    async def hang(call: Call) -> Outcome:
        entered.set()
        await world.clock.sleep(3600)
        return Done()

    world.outside.answers["hangs"] = [hang]
    stop = asyncio.Event()
    world.clock.release(world.engine)
    running = world.tasks.start(world.engine.run(stop), "engine")
    await world.put(effect("hangs"), effect("behind"))
    await asyncio.wait_for(entered.wait(), 5)  # noqa: TID251
    stop.set()
    await world.clock.rest()
    await world.clock.forward(6)
    await running
    assert await world.status("hangs", "behind") == ["started", "planned"]
    world.clock.drive(world.engine)


async def test_stopping_lets_a_call_end_and_begins_nothing_after_it(world: World) -> None:
    entered = asyncio.Event()

    async def slow(call: Call) -> Outcome:
        entered.set()
        await world.clock.sleep(2)
        return Done()

    world.outside.answers["slow"] = [slow]
    stop = asyncio.Event()
    world.clock.release(world.engine)
    running = world.tasks.start(world.engine.run(stop), "engine")
    await world.put(effect("slow"), effect("behind"))
    await asyncio.wait_for(entered.wait(), 5)  # noqa: TID251
    stop.set()
    await world.clock.forward(2)
    await running
    assert await world.status("slow", "behind") == ["done", "planned"]
    world.clock.drive(world.engine)


@alone
async def test_a_lane_woken_at_its_very_end_runs_once_more(world: World) -> None:
    """What is enqueued after the run's last look and before its end must not be lost."""
    runs = []

    class LastLook:
        async def run_lane(self, lane: str, engine: Engine, go_on: Callable[[], bool] = lambda: True) -> None:
            runs.append(lane)
            if len(runs) == 1:
                async with world.store.begin() as tx:
                    await engine.wake(tx, lane)

    engine = Embedded(world.store, world.clock, world.ids, world.tasks, LastLook())
    async with world.store.begin() as tx:
        await engine.wake(tx, "talk")
    await engine.tick(world.clock.now())
    assert runs == ["talk", "talk"]


@alone
async def test_the_clockwork_goes_on_after_a_failure(world: World) -> None:
    assert isinstance(world.engine, Embedded)
    renamed(world, "schedule", "gone")
    stop = asyncio.Event()
    world.clock.release(world.engine)
    running = world.tasks.start(world.engine.run(stop), "engine")
    async for _ in looks():
        if world.engine.failures:
            break
    for _ in range(300):
        await asyncio.sleep(0)  # noqa: TID251  # it does not fail again at once
    assert world.engine.failures == 1
    renamed(world, "gone", "schedule")
    await world.put(effect("due", "clock.update", "clock", not_before=NINE + 60_000_000))
    await world.clock.forward("2m")
    await until(world, "due", "done")
    stop.set()
    await running
    world.clock.drive(world.engine)


def renamed(world: World, table: str, name: str) -> None:
    """What the clockwork looks at is not there, or there again."""
    with closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")


async def until(world: World, key: str, status: str) -> None:
    async for _ in looks(pause=0.01):
        if await world.status(key) == [status]:
            return
        await world.clock.forward(0.25)
    raise AssertionError(f"{key} did not become {status}: {await world.rows()}")


@alone
async def test_of_lanes_that_are_woken_together_the_most_urgent_goes_first(world: World) -> None:
    await world.clock.rest()  # what is there at the start is found by name
    card, run = effect("card", lane="a", priority=40), effect("run", lane="z", priority=20)
    await world.put(card, effect("people", lane="m", priority=60), run)
    await world.clock.rest()
    assert world.outside.keys == ["run", "card", "people"]
