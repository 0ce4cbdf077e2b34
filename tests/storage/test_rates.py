"""Rows of the limits: locked together, blocked for all, never unblocked early."""

from storage import rates
from storage.rates import Rate
from storage.store import SqlStore
from tests.fakes import NINE


async def test_what_is_new_is_free(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await rates.read(tx, ["b", "a", "a"]) == {"a": Rate(0, 0), "b": Rate(0, 0)}


async def test_what_was_taken_and_blocked_stays(store: SqlStore) -> None:
    async with store.begin() as tx:
        await rates.read(tx, ["a"])
        await rates.take(tx, {"a": NINE + 4})
        await rates.block(tx, ["a", "new"], NINE + 30)
        await rates.block(tx, ["a"], NINE + 10)
    async with store.begin() as tx:
        assert await rates.read(tx, ["a", "new"]) == {"a": Rate(NINE + 4, NINE + 30), "new": Rate(0, NINE + 30)}
        await rates.block(tx, ["a"], NINE + 40)
        assert (await rates.read(tx, ["a"]))["a"] == Rate(NINE + 4, NINE + 40)
