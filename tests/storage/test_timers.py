"""Timers and schedules: due by our clock, taken once."""

import asyncio

from storage import timers
from storage.store import SqlStore
from storage.timers import Schedule
from tests.fakes import NINE

DAILY = Schedule("digest", "0 9 * * *", "UTC", NINE + 50)


async def test_a_timer_is_replaced_by_its_key_and_taken_once(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await timers.first(tx) is None
        await timers.put(tx, "a", "x", NINE + 5)
        await timers.put(tx, "a", "x", NINE + 20)
        await timers.put(tx, "a", "y", NINE + 10)
        await timers.put(tx, "b", "x", NINE + 10)
        assert await timers.first(tx) == NINE + 10
        assert not await timers.any_due(tx, NINE + 9)
        assert await timers.any_due(tx, NINE + 10)
        assert await timers.take_due(tx, NINE + 15) == ["a", "b"]
        assert await timers.take_due(tx, NINE + 15) == []
        assert await timers.first(tx) == NINE + 20


async def test_a_turn_of_a_schedule_is_taken_by_one(store: SqlStore) -> None:
    async with store.begin() as tx:
        await timers.plan(tx, DAILY)
        assert await timers.schedules(tx) == [DAILY]
        assert await timers.first(tx) == NINE + 50

    async def take() -> bool:
        async with store.begin() as tx:
            return await timers.claim(tx, DAILY, NINE + 90)

    assert sorted(await asyncio.gather(*[take() for _ in range(4)])) == [False, False, False, True]
    async with store.begin() as tx:
        assert (await timers.schedules(tx))[0].next_due == NINE + 90
        await timers.drop(tx, "digest")
        assert await timers.schedules(tx) == []
