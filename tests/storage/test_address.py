"""Addresses of PostgreSQL: all that libpq reads is taken, and nothing that may be a part of a password is repeated."""

import socket
from urllib.parse import quote

import pytest

from bot.errors import StartError
from storage.address import ENCODED, judge
from storage.opening import open_store
from tests.fakes import FakeClock, FakeIds
from tests.postgres import Server
from tests.storage.making import open_incident

GOOD = [
    "postgresql://u@h1:5431,h2:5430/db?target_session_attrs=read-write",
    "postgresql://u:p%40ss%2Fw%3F%25@h/db",
    "postgresql:///db?host=/run/postgresql&user=x@y",
    "postgresql://u:p:w#d@[::1]:5432",
    "postgresql://",
]
BAD = [
    "postgresql://u:tr@ss@127.0.0.1:1/db",
    "postgresql://u:tr/ss@127.0.0.1/db",
    "postgresql://u:12/trss@127.0.0.1/db",
    "postgresql://u:tr?ss@127.0.0.1/db",
    "postgresql://u:tr/s?s@127.0.0.1/db",
    "postgresql://u:tr%ss@127.0.0.1/db",
    "postgresql://u@h/db?password=12&tr=ss",
]


@pytest.mark.parametrize("url", GOOD)
def test_an_address_that_libpq_reads(url: str) -> None:
    judge(url)


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("write", [True, False])
async def test_nothing_of_a_password_is_repeated(url: str, write: bool) -> None:
    with pytest.raises(StartError) as found:
        await open_store(url, FakeClock(), FakeIds(), write=write)
    assert str(found.value) == ENCODED
    assert "tr" not in ENCODED.replace("are written", "")


def test_a_parameter_that_nobody_knows_is_named() -> None:
    with pytest.raises(StartError, match=r"a parameter that libpq does not know: pasword\.$"):
        judge("postgresql://u@h/db?pasword=trss")


@pytest.mark.slow
async def test_the_first_of_two_hosts_is_not_there(postgres: Server) -> None:
    """Each has a port of its own."""
    there, name = quote(str(postgres.folder), safe=""), postgres.create()
    url = f"postgresql://tocsin@%2Fnowhere:5431,{there}:5432/{name}?target_session_attrs=read-write"
    store = await open_store(url, FakeClock(), FakeIds())
    assert await open_incident(store) == 1
    await store.close()
    await (await open_store(url, FakeClock(), FakeIds(), write=False)).close()


@pytest.mark.slow
async def test_a_first_host_that_hangs_leaves_time_for_the_second(postgres: Server) -> None:
    """A machine that swallows everything: within the 5 s after which the database counts as away."""
    there, name = quote(str(postgres.folder), safe=""), postgres.create()
    await (await open_store(postgres.url(name), FakeClock(), FakeIds())).close()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections (the kernel does) and says nothing
        url = f"postgresql://tocsin@127.0.0.1:{silent.getsockname()[1]},{there}:5432/{name}"
        store = await open_store(url, FakeClock(), FakeIds(), write=False)
        async with store.read() as reads:
            assert await reads.people() == {}
        await store.close()
