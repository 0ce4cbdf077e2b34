"""What only a server does: it goes away and comes back, and transactions wait for each other."""

import asyncio
from collections.abc import AsyncIterator
from typing import LiteralString

import psycopg
import pytest

from bot.errors import StoreAway
from storage.alerts import ALERTS
from storage.database import Deadlock
from storage.opening import open_store
from storage.sql import Sql
from storage.store import SqlStore
from tests.fakes import FakeClock, FakeIds
from tests.postgres import Server
from tests.storage.making import note, open_incident


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.url(postgres.create())


@pytest.fixture
async def server_store(url: str) -> AsyncIterator[SqlStore]:
    opened = await open_store(url, FakeClock(), FakeIds())
    yield opened
    await opened.close()


def _cut(postgres: Server) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


async def test_a_cut_connection_is_away_and_the_next_works(server_store: SqlStore, postgres: Server) -> None:
    number = await open_incident(server_store)

    async def cut_half_way() -> None:
        async with server_store.begin() as tx:
            await tx.lock(number)
            await asyncio.to_thread(_cut, postgres)
            await tx.next_number()

    with pytest.raises(StoreAway):
        await cut_half_way()
    await note(server_store, number, "back")


async def test_idle_connections_that_were_cut_are_not_noticed(server_store: SqlStore, postgres: Server) -> None:
    number = await open_incident(server_store)
    await asyncio.to_thread(_cut, postgres)
    await note(server_store, number, "still there")


async def test_a_deadlock_has_a_name(server_store: SqlStore) -> None:
    first, second = await open_incident(server_store), await open_incident(server_store)
    held = asyncio.Barrier(2)

    async def take(one: int, other: int) -> None:
        async with server_store.begin() as tx:
            await tx.lock(one)
            await held.wait()
            await tx.lock(other)

    found = await asyncio.gather(take(first, second), take(second, first), return_exceptions=True)
    assert sorted(str(type(outcome).__name__) for outcome in found) == ["Deadlock", "NoneType"]
    assert any(isinstance(outcome, Deadlock) for outcome in found)


def _alter(url: str, change: LiteralString) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change)


async def test_tables_that_were_altered_beside_us_are_no_lasting_trouble(server_store: SqlStore, url: str) -> None:
    """Otherwise each connection says for ever that its "cached plan must not change result type"."""
    number = await open_incident(server_store)
    everything = Sql("SELECT * FROM effect WHERE stream = :stream")
    for _ in range(10):
        async with server_store.read() as reads:
            await reads.rows(everything, stream=f"inc:{number}")
    await asyncio.to_thread(_alter, url, "ALTER TABLE effect ADD COLUMN extra int")
    with pytest.raises(Deadlock):
        async with server_store.read() as reads:
            await reads.rows(everything, stream=f"inc:{number}")
    async with server_store.read() as reads:
        await reads.rows(everything, stream=f"inc:{number}")


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE effect RENAME TO gone",
        "DROP TABLE effect CASCADE",
        "ALTER TABLE effect RENAME COLUMN key TO name",
        "ALTER TABLE effect DROP CONSTRAINT effect_pkey CASCADE",
    ],
)
async def test_tables_that_are_not_as_we_know_them_count_as_away(
    server_store: SqlStore, url: str, change: LiteralString
) -> None:
    """While somebody restores beside us, or a newer version has changed them and our next pulse has not told us yet."""
    await asyncio.to_thread(_alter, url, change)
    with pytest.raises(StoreAway):
        async with server_store.begin() as tx:
            await tx.rows(Sql("INSERT INTO effect (key) VALUES ('x') ON CONFLICT (key) DO NOTHING RETURNING key"))


async def test_what_comes_back_after_the_end_is_closed(server_store: SqlStore) -> None:
    async with server_store.read() as reads:
        connection = reads.driver_connection
        await server_store.close()
    assert connection.closed


FULL = Sql("""
INSERT INTO alert SELECT 'alertmanager', 'f' || n, 'real', 'firing', 0, NULL, 'g', 'sev2', 's', 't', '', '', 0, '', 0, 0, 1
FROM generate_series(1, 60000) n
""")


async def test_lookups_that_were_planned_when_nothing_was_there_stay_quick_in_a_storm(
    server_store: SqlStore, postgres: Server
) -> None:
    """Otherwise the last takes over twenty seconds, so that the server gives it up."""
    many = {"source": "alertmanager", "kind": "real", "keys": [f"f{n}" for n in range(1, 8001)]}
    async with server_store.begin() as tx:
        for _ in range(15):
            assert not await tx.rows(ALERTS, **many)
        await tx.change(FULL)
        assert len(await tx.rows(ALERTS, **many)) == 8000
