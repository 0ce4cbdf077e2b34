"""A database is opened by one process, never half, never silently anew."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StartError, StoreAway
from storage.opening import open_store
from storage.sql import Sql
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import BOT, open_incident

_PRAGMA_FULL, _PRAGMA_ROOM = Sql("PRAGMA max_page_count = 1"), Sql("PRAGMA max_page_count = 1000000")


async def _refused(path: Path, write: bool = True) -> str:
    with pytest.raises(StartError) as refusal:
        await open_store(f"sqlite:///{path}", FakeClock(), FakeIds(), write=write)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def test_a_second_opening_names_the_pid(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    assert f"process {os.getpid()}" in await _refused(path)
    await store.close()
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    await store.close()


async def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    """And the files beside it, as long as it is open. One that was there keeps the mode that somebody gave it."""
    path = tmp_path / "tocsin.db"
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    await open_incident(store)
    modes = [os.stat(f"{path}{end}").st_mode & 0o777 for end in ("", "-shm", "-wal", ".lock")]
    assert modes == [0o600] * 4
    await store.close()
    os.chmod(path, 0o640)
    await (await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())).close()
    assert os.stat(path).st_mode & 0o777 == 0o640


HOLDER = """
import sys
from pathlib import Path
from storage.pidlock import PidLock
held = PidLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


async def test_another_process_holds_it_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "tocsin.db.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: ASYNC220
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert f"process {other.pid}" in await _refused(path)
        other.kill()
    await (await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())).close()


async def test_reading_beside_a_running_bot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    store = await open_store(url, FakeClock(), FakeIds())
    await open_incident(store)
    beside = await open_store(url, FakeClock(), FakeIds(), write=False)
    async with beside.read() as reads:
        assert len(await reads.incidents(BOT)) == 1
    await beside.close()
    await store.close()
    assert "no database" in await _refused(tmp_path / "other.db", write=False)


async def _with_data(path: Path) -> None:
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    for _ in range(30):
        await open_incident(store)
    await store.close()


@pytest.mark.parametrize("damage", ["garbage", "truncated", "page", "empty"])
async def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "tocsin.db"
    await _with_data(path)
    data = path.read_bytes()
    middle = len(data) // 2 // 4096 * 4096
    path.write_bytes(
        {
            "garbage": b"not a database at all " * 500,
            "truncated": data[:middle],
            "page": data[:middle] + os.urandom(8192) + data[middle + 8192 :],
            "empty": b"",
        }[damage]
    )
    before = path.read_bytes()
    assert str(path) in await _refused(path)
    assert path.read_bytes() == before


async def test_a_lost_file_is_not_replaced_while_its_wal_is_there(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    path.with_name("tocsin.db-wal").write_bytes(b"something")
    assert "-wal" in await _refused(path)
    assert not path.exists()


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be written" in await _refused(tmp_path / "nowhere" / "tocsin.db")


async def test_an_address_of_no_database(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="sqlite:///"):
        await open_store("mysql://x", FakeClock(), FakeIds())
    with pytest.raises(StartError, match="PostgreSQL cannot be used"):
        await open_store(f"postgresql:///x?host={tmp_path}", FakeClock(), FakeIds())


@pytest.mark.slow
async def test_a_database_held_by_somebody_else_is_away(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreAway):
        await open_incident(store)
    holder.execute("ROLLBACK")
    assert await open_incident(store) == 1
    holder.close()
    await store.close()


async def test_a_full_disk_is_away_and_comes_back(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'tocsin.db'}", FakeClock(), FakeIds())
    async with store.begin() as tx:
        await tx.change(_PRAGMA_FULL)
    all_of_them = await asyncio.gather(*(open_incident(store) for _ in range(200)), return_exceptions=True)
    assert {type(one) for one in all_of_them} <= {int, StoreAway}
    assert isinstance(all_of_them[-1], StoreAway)
    async with store.begin() as tx:
        await tx.change(_PRAGMA_ROOM)
    assert await open_incident(store)
    await store.close()


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is a folder"):
        await open_store(f"sqlite:///{tmp_path}", FakeClock(), FakeIds())
