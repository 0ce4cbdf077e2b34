"""Effects on their way out: begun, ended, put back under a fence; what comes after what."""

import asyncio

from bot.ports import Effect
from storage import claims
from storage.claims import Held
from storage.store import SqlStore


def say(key: str, **more) -> Effect:  # type: ignore[no-untyped-def]
    return Effect(key, "say", "talk", "org", **more)


async def held(store: SqlStore, key: str) -> Held:
    from storage.sql import Sql

    async with store.read() as reads:
        row = await reads.row(Sql("SELECT * FROM effect WHERE key = :key"), key=key)
        assert row is not None
        return claims.held_of(row)


async def test_only_who_began_it_ends_it(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.enqueue([say("a", args={"n": 1}, priority=7)])
        await claims.begin(tx, "a", 3)
    one = await held(store, "a")
    assert (one.effect.args, one.effect.priority, one.status, one.attempts) == ({"n": 1}, 7, "started", 1)
    async with store.begin() as tx:
        assert not await claims.settle(tx, one, 2, "done", {}, None, False)
        assert not await claims.put_back(tx, one, 2, 0, False, True, "")
        assert await claims.settle(tx, one, 3, "done", {"ts": "1"}, None, False)
        assert not await claims.settle(tx, one, 3, "done", {}, None, False)
        assert not await claims.decided(tx, "a", 3)


async def test_a_try_that_does_not_count_is_taken_back(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.enqueue([say("a")])
        for counted in (True, False, True):
            await claims.begin(tx, "a", 1)
            assert await claims.put_back(tx, await _as_is(tx, "a"), 1, 5, True, counted, "later")
    one = await held(store, "a")
    assert (one.status, one.attempts, one.again, one.effect.not_before) == ("planned", 2, True, 5)


async def test_what_is_being_settled_is_waited_for(store: SqlStore) -> None:
    """Else: I see `started` and sleep; it ends without having seen that I wait; nobody wakes me."""
    async with store.begin() as tx:
        await tx.enqueue([say("a"), Effect("b", "say", "people", "org", after=("a",))])
        await claims.begin(tx, "a", 1)
    one, settled = await held(store, "a"), asyncio.Event()

    async def look() -> dict[str, str]:
        await settled.wait()
        async with store.begin() as tx:
            return await claims.before(tx, "b")

    async def settle() -> None:
        async with store.begin() as tx:
            await claims.settle(tx, one, 1, "done", {}, None, False)
            settled.set()
            await asyncio.sleep(0.1)  # noqa: TID251
            assert await claims.dependants(tx, "a") == ["people"]

    _, seen = await asyncio.gather(settle(), look())
    assert seen == {"a": "done"}


async def _as_is(tx, key: str) -> Held:  # type: ignore[no-untyped-def]
    from storage.sql import Sql

    return claims.held_of(await tx.row(Sql("SELECT * FROM effect WHERE key = :key"), key=key))
