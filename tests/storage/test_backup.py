"""A backup is one moment of a database in use."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.ports import PlanText
from storage.backup import backup
from storage.opening import open_store
from storage.store import SqlStore
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import BOT, note
from tests.storage.places import files, path, read_all

__all__ = ["path"]
MANY = 600


async def _opened(path: Path, write: bool = True) -> SqlStore:
    return await open_store(f"sqlite:///{path}", FakeClock(), FakeIds(), write=write)


async def test_a_backup_beside_a_writer_is_one_moment(path: Path, tmp_path: Path) -> None:
    store = await _opened(path)
    written = 0
    for n in range(4):
        making = asyncio.ensure_future(asyncio.to_thread(backup, path, tmp_path / f"{n}.db", step=1))  # noqa: TID251
        while not making.done():
            await note(store, 1, f"meanwhile {written}")
            written += 1
        found = await making
        assert found.incidents == 3
        assert found.events <= len(read_all(f"sqlite:///{path}")["event"])
        beside = await _opened(tmp_path / f"{n}.db", write=False)
        async with beside.read() as reads:
            assert len(await reads.timeline(1, BOT)) + 8 == found.events
            incident = await reads.incident(1, BOT)
            assert incident is not None
            assert incident.seq + 8 == found.events
        await beside.close()
    assert written
    await note(store, 1, "still there")
    await store.close()
    assert files(tmp_path) == {"0.db", "1.db", "2.db", "3.db"}


async def test_a_backup_ends_though_somebody_writes_all_the_time(path: Path, tmp_path: Path) -> None:
    """SQLite begins anew when the file changes under it, unless it is held to one moment."""
    store = await _opened(path)
    async with store.begin() as tx:
        await tx.save([PlanText("cd" * 32, "big", "big.md", "x" * 20_000_000)])
    making = asyncio.ensure_future(asyncio.to_thread(backup, path, tmp_path / "b.db", step=1))  # noqa: TID251
    written = 0
    while not making.done() and written < MANY:
        await note(store, 1, f"meanwhile {written}")
        written += 1
    await making
    assert written < MANY
    await store.close()


SHARED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:  # where SQLite's readers hold their locks, see its pager's notes
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
        print("free")
    except OSError:
        print("held")
"""


async def test_a_backup_leaves_sqlites_locks_where_they_are(path: Path, tmp_path: Path) -> None:
    """The bot's connections and the backup's are in one process here, the worst case."""

    def look() -> str:
        command = [sys.executable, "-c", SHARED, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert look() == "free"
    store = await _opened(path)
    await note(store, 1, "a lock")
    assert look() == "held"
    await asyncio.to_thread(backup, path, tmp_path / "b.db")
    assert look() == "held"
    await store.close()
    assert look() == "free"


def test_a_backup_is_one_file_for_us_alone(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    found = backup(path, file)
    assert (found.incidents, found.size) == (3, file.stat().st_size)
    assert file.stat().st_mode & 0o777 == 0o600
    assert files(tmp_path) == {"b.db"}
    assert read_all(f"sqlite:///{file}") == read_all(f"sqlite:///{path}")


def test_what_a_backup_refuses(path: Path, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_bytes(b"precious")
    for source, target, said in (
        (path, tmp_path / "there.db", "overwrites nothing"),
        (path, path, "overwrites nothing"),
        (path, tmp_path / "nowhere" / "b.db", "no backup"),
        (tmp_path / "nothing.db", tmp_path / "b.db", "no backup"),
        (tmp_path / "there.db", tmp_path / "b.db", "cannot be read|no backup"),
    ):
        with pytest.raises(StartError, match=said):
            backup(source, target)
    assert (tmp_path / "there.db").read_bytes() == b"precious"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["live", "there.db"]
