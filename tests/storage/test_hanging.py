"""A server that hangs: whoever waits for it is told in time, and when it goes on, so does everybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest

from bot.errors import StartError, StoreAway, StoreUnsure
from storage import migrations
from storage.bounded import ABANDONED, Connection, connect
from storage.database import BOUND
from storage.opening import open_store
from storage.postgres import MOST
from storage.store import SqlStore
from tests.fakes import FakeClock, FakeIds
from tests.postgres import Server
from tests.storage.making import note, open_incident
from tests.waiting import looks

pytestmark = pytest.mark.slow
SLACK = 1.5
"""Seconds that a busy machine may add."""


@pytest.fixture
async def server_store(postgres: Server) -> AsyncIterator[SqlStore]:
    opened = await open_store(postgres.url(postgres.create()), FakeClock(), FakeIds())
    yield opened
    await opened.close()


async def taken(work: Callable[[], Awaitable[Any]], error: type[Exception]) -> float:
    """Seconds until it failed."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(error):
        await work()
    return loop.time() - began


@pytest.mark.parametrize("write", [True, False])
async def test_who_opens_it_is_told_in_time(postgres: Server, write: bool) -> None:
    url = postgres.url(postgres.create())
    with postgres.hanging():
        assert await taken(lambda: open_store(url, FakeClock(), FakeIds(), write=write), StartError) < BOUND + SLACK


async def test_who_changes_the_schema_is_waited_for_by_those_alone_who_do_so_too(postgres: Server) -> None:
    url = postgres.url(postgres.create())
    await (await open_store(url, FakeClock(), FakeIds())).close()
    with psycopg.connect(url) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({migrations.KEY})")
        with pytest.raises(StartError, match="for 1 s"), migrations.changing(url, turns=1):
            pass
        await (await open_store(url, FakeClock(), FakeIds())).close()
    with migrations.changing(url, turns=1) as connection:
        assert migrations.revision_of(connection) == migrations.HEAD


@pytest.mark.parametrize("idle", [0, 1, MOST])
async def test_who_begins_is_told_in_time(server_store: SqlStore, postgres: Server, idle: int) -> None:
    """However many connections hang: with none, one is made, and that hangs, too."""
    number = await open_incident(server_store)
    await server_store.database.close()
    gate = asyncio.Barrier(max(1, idle))

    async def hold() -> None:
        async with server_store.read() as reads:
            await gate.wait()
            await reads.people()

    await asyncio.gather(*[hold() for _ in range(idle)])
    with postgres.hanging():
        assert await taken(lambda: note(server_store, number, "lost"), StoreAway) < BOUND + SLACK
    await note(server_store, number, "back")


async def test_who_is_half_way_is_told_in_time_and_nothing_is_left(server_store: SqlStore, postgres: Server) -> None:
    number = await open_incident(server_store)

    async def half_way() -> None:
        async with server_store.begin() as tx:
            await tx.next_number()
            with postgres.hanging():
                await tx.next_number()

    assert await taken(half_way, StoreAway) < BOUND + SLACK
    async with server_store.begin() as tx:
        assert await tx.next_number() == number + 1
    await note(server_store, number, "back")


async def test_a_commit_without_an_answer_is_unsure(server_store: SqlStore, postgres: Server) -> None:
    """It may have happened; nothing else that fails is."""
    hanging = postgres.hanging()

    async def unsure() -> None:
        async with server_store.begin() as tx:
            await tx.next_number()
            tx.before_commit(stop)

    async def stop() -> None:
        hanging.__enter__()

    try:
        assert await taken(unsure, StoreUnsure) < BOUND + SLACK
    finally:
        hanging.__exit__(None, None, None)


async def test_who_is_cancelled_while_it_hangs_ends_soon(server_store: SqlStore, postgres: Server) -> None:
    number = await open_incident(server_store)
    with postgres.hanging():
        loop = asyncio.get_running_loop()
        task = loop.create_task(note(server_store, number, "lost"))
        await asyncio.wait({task}, timeout=0.5)
        began = loop.time()
        task.cancel()
        await asyncio.wait({task})
        assert loop.time() - began < 2 * BOUND
    await note(server_store, number, "back")


async def test_a_transaction_that_was_left_alone_holds_nobody_up(server_store: SqlStore, postgres: Server) -> None:
    """As of a process that was stopped in the middle of one: the server takes it back."""
    number = await open_incident(server_store)

    async def abandoned() -> None:
        async with server_store.begin() as tx:
            await tx.lock(number)
            await asyncio.sleep(ABANDONED + SLACK)  # noqa: TID251
            await tx.next_number()

    left = asyncio.get_running_loop().create_task(abandoned())
    await asyncio.wait({left}, timeout=0.2)
    assert await taken(lambda: note(server_store, number, "too early"), StoreAway) < BOUND
    await asyncio.sleep(ABANDONED - BOUND + SLACK)  # noqa: TID251
    await note(server_store, number, "in time")
    with pytest.raises(StoreAway):
        await left
    await note(server_store, number, "still well")


async def test_a_server_that_only_reads_is_away_and_is_asked_anew(server_store: SqlStore, postgres: Server) -> None:
    """After a failover the old primary may still answer."""
    number = await open_incident(server_store)
    async with await connect(postgres.url("postgres")) as connection:
        await connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        await connection.execute("SELECT pg_reload_conf()")
        await postgres_says(postgres, "on")
        with pytest.raises(StoreAway):
            await note(server_store, number, "lost")
        assert await sessions(connection) == 0, "nobody asks the old one again"
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
        await connection.execute("SELECT pg_reload_conf()")
        await postgres_says(postgres, "off")
    await note(server_store, number, "back")


async def sessions(connection: Connection) -> int:
    """Other connections that are idle."""
    question = "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'idle' AND pid <> pg_backend_pid()"
    async for _ in looks():
        rows = await (await connection.execute(question)).fetchall()
        if rows[0]["n"] == 0:
            break
    return int(rows[0]["n"])


async def postgres_says(postgres: Server, wanted: str) -> None:
    async for _ in looks():
        async with await connect(postgres.url("postgres")) as connection:
            rows = await (await connection.execute("SHOW default_transaction_read_only")).fetchall()
        if rows[0]["default_transaction_read_only"] == wanted:
            return
    raise AssertionError(f"it is not {wanted}")


async def test_what_the_address_says_goes_first(postgres: Server) -> None:
    url = postgres.url("postgres") + "&options=-c%20statement_timeout%3D123&keepalives_idle=7"
    async with await connect(url) as connection:
        rows = await (await connection.execute("SHOW statement_timeout")).fetchall()
        assert rows == [{"statement_timeout": "123ms"}]
        rows = await (await connection.execute("SHOW timezone")).fetchall()
        assert rows == [{"TimeZone": "UTC"}]
        assert connection.info.get_parameters()["keepalives_idle"] == "7"
