"""A schema that is not this program's is not touched and not read; of several that bring it up to date, one does it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import StartError
from storage import migrations
from storage.condition import condition
from storage.opening import open_store
from tests.fakes import FakeClock, FakeIds
from tests.postgres import Server
from tests.storage.places import Place, change, place

__all__ = ["place"]
FOREIGN = {
    "newer": ("9999", "newer Tocsin"),
    "half a copy": (migrations.COPYING, "did not end"),
}


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize(("revision", "said"), FOREIGN.values(), ids=FOREIGN.keys())
async def test_what_another_version_wrote_is_refused(database_url: str, revision: str, said: str, write: bool) -> None:
    change(database_url, f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(StartError, match=said):
        await open_store(database_url, FakeClock(), FakeIds(), write=write)
    with pytest.raises(StartError, match=said):
        await condition(database_url)


async def test_an_older_schema_is_not_read(database_url: str) -> None:
    change(database_url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StartError, match=f"schema 0001, this Tocsin needs {migrations.HEAD}: run `tocsin db upgrade`"):
        await open_store(database_url, FakeClock(), FakeIds(), write=False)
    assert (await condition(database_url)).schema == "0001"


async def test_a_database_without_tables_is_not_read(place: Place) -> None:
    with pytest.raises(StartError, match="nothing yet"):
        await open_store(place("postgresql", "empty"), FakeClock(), FakeIds(), write=False)


def test_replicas_that_start_at_once_make_one_schema(postgres: Server) -> None:
    url = postgres.url(postgres.create())
    together = threading.Barrier(3)

    def start() -> str:
        together.wait()
        return migrations.upgrade(url)

    with ThreadPoolExecutor(3) as pool:
        found = [job.result() for job in [pool.submit(start) for _ in range(3)]]
    assert sorted(found) == ["", migrations.HEAD, migrations.HEAD]
