"""How jobs begin and end, and what becomes of that when the database does not answer."""

import asyncio
from typing import LiteralString

import psycopg
import pytest
from procrastinate.jobs import Status

from bot.errors import StoreAway
from bot.work.jobs import Jobs
from bot.work.postgres import Replica
from storage import jobs as stored
from storage import timers
from storage.postgres import Postgres
from storage.sql import Sql
from storage.store import SqlStore
from tests.bot.work.replicas import ask, jobs, manager_of
from tests.bot.work.world import World, effect
from tests.fakes import FakeClock, FakeIds
from tests.waiting import looks

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

WAITING: LiteralString = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def away(postgres: object) -> Jobs:
    """Jobs in a database that nobody reaches."""
    clock = FakeClock()
    store = SqlStore(Postgres("postgresql:///x?host=/nowhere"), clock, FakeIds())
    return Jobs(store, clock, lambda: True)


async def test_a_database_that_is_away_ends_no_worker(world: World, away: Jobs) -> None:
    await away.update_heartbeat(1)
    assert await away.fetch_job(None, 1) is None
    assert not away.lost
    with pytest.raises(StoreAway):
        await away.register_worker()


async def test_two_jobs_of_a_lane_begun_at_once_end_no_worker(world: World) -> None:
    """A more urgent job of the lane may come in while the other is being taken up elsewhere."""
    manager = manager_of(world)
    worker = await manager.register_worker()
    await world.put(effect("a"))
    async with world.store.begin() as elsewhere:
        await elsewhere.change(Sql("UPDATE procrastinate_jobs SET status = 'doing'"))
        await world.put(effect("urgent", priority=1))
        fetching = world.tasks.start(manager.fetch_job(None, worker), "fetch")
        await asyncio.sleep(0.2)  # noqa: TID251
        assert not fetching.done()  # it waits for the other
    assert await fetching is None
    assert not manager.lost


async def test_a_fetch_whose_answer_is_lost_may_have_given_us_a_job(world: World) -> None:
    manager = manager_of(world)
    await world.put(effect("a"))
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await manager.fetch_job(None, 4711)
    assert manager.lost


async def test_a_job_is_ended_however_long_it_takes(world: World) -> None:
    manager = manager_of(world)
    worker = await manager.register_worker()
    await world.put(effect("a"))
    job = await manager.fetch_job(None, worker)
    assert job is not None
    away = 2
    begin = world.store.begin

    def begin_later():  # type: ignore[no-untyped-def]
        nonlocal away
        away -= 1
        if away >= 0:
            raise StoreAway("not yet")
        return begin()

    world.store.begin = begin_later  # type: ignore[method-assign]
    world.clock.release(world.engine)
    ending = world.tasks.start(manager.finish_job(job, Status.SUCCEEDED, delete_job=True), "end")
    await world.clock.forward(1.5)
    assert await jobs(world.url) == [("talk", "doing")]
    await world.clock.forward(1)
    await ending
    assert await jobs(world.url) == []
    world.clock.drive(world.engine)
    await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)  # somebody else ended it: no harm


async def test_a_job_is_taken_over_once(world: World) -> None:
    await world.put(effect("a"))
    await ask(world.url, "UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    async with world.store.begin() as tx:
        assert await stored.fail(tx, 1)
    async with world.store.begin() as tx:
        assert not await stored.fail(tx, 1)


async def test_who_comes_second_to_a_take_over_wakes_nobody(world: World) -> None:
    """Two replicas see the same dead one; the second waits for the first, and finds nothing left to do."""
    await world.put(effect("a"))
    await ask(world.url, "UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    assert isinstance(world.engine, Replica)
    async with world.store.begin() as first:
        assert await stored.fail(first, 1)
        second = world.tasks.start(world.engine._reap(), "reap")
        async for _ in looks():
            if await ask(world.url, WAITING):
                break
    await second
    assert await jobs(world.url) == [("talk", "failed")]


async def test_who_rests_takes_up_no_job(world: World) -> None:
    """Or it would find its lane, leave it to others, wake it for them, and be the first to hear of that."""
    resting = Jobs(world.store, world.clock, lambda: False, lambda: True)
    worker = await resting.register_worker()
    await world.put(effect("a"))
    assert await resting.fetch_job(None, worker) is None
    assert await jobs(world.url) == [("talk", "todo")]


async def test_of_lanes_that_are_woken_together_the_most_urgent_is_taken_up_first(world: World) -> None:
    """Then they run side by side: which of them calls first is not ours to say."""
    manager = manager_of(world)
    worker = await manager.register_worker()
    await world.put(effect("card", lane="a", priority=40), effect("people", lane="m", priority=60))
    await world.put(effect("run", lane="z", priority=20))
    found = [await manager.fetch_job(None, worker) for _ in range(3)]
    assert [job.lock for job in found if job is not None] == ["z", "a", "m"]


async def test_timers_that_somebody_holds_are_taken_the_next_time(world: World) -> None:
    """Who promotes waits for nobody, so nobody who waits for him can be waited for."""
    async with world.store.begin() as tx:
        await timers.put(tx, "a", "a", 1)
        await timers.put(tx, "b", "b", 1)
    async with world.store.begin() as holding:
        await timers.put(holding, "a", "a", 2)
        async with world.store.begin() as tx:
            assert await timers.take_due(tx, 3) == ["b"]
    async with world.store.begin() as tx:
        assert await timers.take_due(tx, 3) == ["a"]
