"""A copy is made of a database that nobody uses, into one that nobody uses."""

import asyncio
import os
from typing import Any

import psycopg
import pytest

from bot.clock import SystemClock
from bot.errors import StartError
from storage.opening import open_store
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import open_incident
from tests.storage.places import Place, across, copied, file_of, fill, place, read_all, refused

pytestmark = pytest.mark.slow

__all__ = ["place"]


@across
async def test_nobody_else_may_use_either(place: Place, old: str, new: str) -> None:
    source, target = place(old, "source"), place(new, "target")
    await fill(source)
    for held in (source, target):
        store = await open_store(held, FakeClock(), FakeIds())
        async with store.read() as reads:
            assert await reads.people() is not None
        said = await refused(source, target)
        assert "in use by process" in said or "in use (server process" in said
        if held.startswith("sqlite"):
            assert str(os.getpid()) in said
        await store.close()
    await copied(source, target)


async def test_a_bot_that_begins_on_the_source_meanwhile_is_noticed(place: Place) -> None:
    source, target = place("postgresql", "source"), place("sqlite", "target")
    await fill(source)
    begun = []

    async def begin() -> None:
        store = await open_store(source, FakeClock(), FakeIds())
        await open_incident(store)
        begun.append(store)

    def told(table: str, rows: int) -> None:
        if table == "event":
            thread = asyncio.get_running_loop().create_task(begin())
            waiting.append(thread)

    waiting: list[Any] = []
    said = await refused(source, target, told)
    await asyncio.gather(*waiting)
    await begun[0].close()
    assert "in use" in said
    assert file_of(target).exists()
    with pytest.raises(StartError, match="did not end"):
        await open_store(target, FakeClock(), FakeIds())


@pytest.mark.parametrize("at_work", [True, False], ids=["at work", "killed just now"])
async def test_a_bot_with_a_role_of_its_own_is_noticed(place: Place, at_work: bool) -> None:
    """Its sessions are hidden from other roles; that it says every few seconds that it lives is not."""
    source, target = place("postgresql", "source"), place("sqlite", "target")
    await fill(source)
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS bot")
        connection.execute("CREATE ROLE bot LOGIN SUPERUSER")
    async with await psycopg.AsyncConnection.connect(source.replace("user=tocsin", "user=bot"), autocommit=True) as bot:

        async def beat() -> None:
            row = ("r1", "here", "1.0.0", SystemClock().now())
            await bot.execute("DELETE FROM replica")
            await bot.execute("INSERT INTO replica (id, runner, version, seen_at) VALUES (%s, %s, %s, %s)", row)

        async def live() -> None:
            while True:
                await beat()
                await SystemClock().sleep(0.3)

        await beat()
        living = asyncio.get_running_loop().create_task(live()) if at_work else None
        try:
            if at_work:
                assert "at work in the source" in await refused(source, target, watched=2.0)
            else:
                await copied(source, target, watched=2.0)
                assert read_all(target) == read_all(source)
        finally:
            if living:
                living.cancel()


async def test_a_source_that_is_not_there_leaves_nothing_behind(place: Place) -> None:
    source = file_of(place("sqlite", "source")).with_name("nothing.db")
    assert "There is no database" in await refused(f"sqlite:///{source}", place("sqlite", "target"))
    assert list(source.parent.glob(f"{source.name}*")) == []
