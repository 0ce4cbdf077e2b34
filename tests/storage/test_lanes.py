"""Lanes: numbers, fences, what is next."""

import asyncio

import pytest

from bot.ports import Effect
from storage import claims, lanes
from storage.store import SqlStore
from tests.fakes import NINE


def timer(key: str, at: int) -> Effect:
    return Effect(key, "clock.update", "clock", "org", not_before=at)


async def test_numbers_go_on(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await lanes.numbers(tx, "talk", 3) == 1
        assert await lanes.numbers(tx, "talk", 1) == 4
        assert await lanes.numbers(tx, "other", 0) == 1


async def test_a_run_raises_the_fence(store: SqlStore) -> None:
    async with store.begin() as tx:
        await lanes.numbers(tx, "talk", 1)
        first = await lanes.take(tx, "talk")
        assert await lanes.mine(tx, "talk", first)
        second = await lanes.take(tx, "talk")
        assert second > first
        assert not await lanes.mine(tx, "talk", first)
        assert await lanes.mine(tx, "talk", second)


async def test_a_lane_nobody_filled_cannot_be_run(store: SqlStore) -> None:
    async with store.begin() as tx:
        with pytest.raises(AssertionError, match="nothing was ever put into lane talk"):
            await lanes.take(tx, "talk")


async def test_the_head_is_the_first_and_for_timers_the_earliest(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.enqueue([Effect("b", "say", "talk", "org", not_before=NINE + 9), Effect("a", "say", "talk", "org")])
        await tx.enqueue([timer("late", NINE + 9), timer("early", NINE + 5), timer("same", NINE + 5)])
        assert [row["key"] for lane in ("talk", "clock") if (row := await lanes.head(tx, lane))] == ["b", "early"]
        assert await lanes.head(tx, "empty") is None
        assert await lanes.unfinished(tx) == ["clock", "talk"]
        assert await lanes.due(tx, NINE) == []  # in `talk` a could go, and stands behind b
        assert await lanes.due(tx, NINE + 5) == ["clock"]
        assert await lanes.due(tx, NINE + 9) == ["clock", "talk"]


async def test_a_lane_whose_next_waits_for_others_is_not_due(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.enqueue([Effect("c", "say", "card", "org"), Effect("a", "say", "talk", "org", after=("c",))])
        assert await lanes.due(tx, NINE) == ["card"]
        await claims.begin(tx, "c", await lanes.take(tx, "card"))
        assert await lanes.due(tx, NINE) == ["card"]  # whoever began it may be gone
        await claims.drop(tx, "a", "expired", "")
        await tx.enqueue([Effect("b", "say", "talk", "org")])
        assert await lanes.due(tx, NINE) == ["card", "talk"]


async def test_locking_in_order_never_deadlocks(store: SqlStore) -> None:
    """Everybody who fills lanes and settles in one of them locks all of them first, sorted."""
    names = [f"lane{n}" for n in range(6)]

    async def settle(n: int) -> None:
        for turn in range(4):
            async with store.begin() as tx:
                tx.holds.add(names[n])
                others = [names[(n + 1 + turn) % 6], names[(n + 4) % 6]]
                await tx.enqueue([Effect(f"{n}:{turn}:{lane}", "say", lane, "org") for lane in others])
                await lanes.numbers(tx, names[n], 0)

    await asyncio.gather(*[settle(n) for n in range(6)])
    async with store.read() as reads:
        assert len(await reads.effects("org")) == 42
