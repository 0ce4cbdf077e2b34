"""Runs counted, places taken, breakers."""

import asyncio

from bot.ports import AttemptRow, Held
from storage.store import SqlStore
from tests.fakes import NINE


async def test_runs_are_counted_since_a_moment(store: SqlStore) -> None:
    async with store.begin() as tx:
        for at in (3, 1, 2, 2):
            await tx.count_run("restart:gw-3", at)
        await tx.count_run("other", 9)
        assert await tx.count_runs("restart:gw-3", 2) == [2, 2, 3]
        assert await tx.count_runs("nothing", 0) == []


async def test_a_place_is_taken_by_as_many_as_there_are(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.take_lock("gw", "a1", 2)
        assert await tx.take_lock("gw", "a2", 2)
        assert not await tx.take_lock("gw", "a3", 2)
        order = {"limits": {"reach": {"target": "gw-1"}}}
        await tx.save([AttemptRow("a1", "inc:7", "here", "starting", order)])
        assert await tx.held() == [Held("gw", "a1", "inc:7", "gw-1")]
        assert await tx.take_lock("gw", "a1", 2), "who holds it holds it"
        await tx.free_lock("a1")
        assert await tx.held() == []
        assert await tx.take_lock("gw", "a3", 2)


async def test_two_who_ask_at_once_do_not_both_get_the_last_place(store: SqlStore) -> None:
    async def ask(holder: str) -> bool:
        async with store.begin() as tx:
            return await tx.take_lock("gw", holder, 1)

    assert sum(await asyncio.gather(*(ask(f"a{n}") for n in range(6)))) == 1


async def test_a_breaker_remembers_when_it_opened_and_who_closed_it(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.breaker("restart") is None
        await tx.set_breaker("restart", "open", "")
        assert await tx.breaker("restart") == {"state": "open", "opened_at": NINE, "closed_by": ""}
        await tx.set_breaker("restart", "closed", "U1")
        assert await tx.breaker("restart") == {"state": "closed", "opened_at": NINE, "closed_by": "U1"}
