"""A restore changes nothing unless what it puts in place is sound, and keeps what was there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StartError
from storage.backup import Contents, backup, restore
from storage.opening import open_store
from storage.pidlock import PidLock
from storage.store import SqlStore
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import open_incident
from tests.storage.places import change, files, path, read_all

__all__ = ["path"]


async def _opened(path: Path, write: bool = True) -> SqlStore:
    return await open_store(f"sqlite:///{path}", FakeClock(), FakeIds(), write=write)


async def _restored(file: Path, path: Path, anyway: bool = False) -> tuple[Contents, Path | None]:
    return await restore(file, path, FakeClock(), FakeIds(), anyway)


async def _refused(file: Path, path: Path) -> str:
    with pytest.raises(StartError) as refusal:
        await _restored(file, path)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


async def test_what_was_backed_up_comes_back_and_the_old_is_kept(path: Path, tmp_path: Path) -> None:
    file, url = tmp_path / "b.db", f"sqlite:///{path}"
    backup(path, file)
    before = read_all(url)
    store = await _opened(path)
    await open_incident(store)
    await store.close()
    later = read_all(url)
    found, aside = await _restored(file, path)
    assert found.incidents == 3
    assert read_all(url) == before == read_all(f"sqlite:///{file}")
    assert aside is not None
    assert read_all(f"sqlite:///{aside}") == later
    _, second = await _restored(file, path)
    assert second != aside
    store = await _opened(path)
    assert await open_incident(store) == 4
    await store.close()


async def test_an_old_database_steps_aside_with_its_wal(path: Path, tmp_path: Path) -> None:
    """As after a crash: what was committed last stands in the -wal only."""
    file, copied = tmp_path / "b.db", tmp_path / "crashed.db"
    backup(path, file)
    store = await _opened(path)
    await open_incident(store)
    for suffix in ("", "-wal"):
        copied.with_name(copied.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    await store.close()
    _, aside = await _restored(file, copied)
    assert len(read_all(f"sqlite:///{copied}")["stream"]) == 3
    assert len(read_all(f"sqlite:///{aside}")["stream"]) == 4


async def test_a_restore_where_there_was_nothing(path: Path, tmp_path: Path) -> None:
    _, aside = await _restored(path, tmp_path / "new.db")
    assert aside is None
    assert read_all(f"sqlite:///{tmp_path / 'new.db'}") == read_all(f"sqlite:///{path}")


def _garbage(file: Path) -> None:
    file.write_bytes(b"not a database at all " * 500)


def _flipped(file: Path) -> None:
    data = file.read_bytes()
    middle = len(data) // 2 // 4096 * 4096
    file.write_bytes(data[:middle] + os.urandom(4096) + data[middle + 4096 :])


def _short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _foreign(file: Path) -> None:
    file.unlink()
    change(f"sqlite:///{file}", "CREATE TABLE other (id)")


def _newer(file: Path) -> None:
    change(f"sqlite:///{file}", "UPDATE alembic_version SET version_num = '9999'")


def _half(file: Path) -> None:
    change(f"sqlite:///{file}", "UPDATE alembic_version SET version_num = 'copying'")


def _tampered(file: Path) -> None:
    change(f"sqlite:///{file}", "UPDATE event SET actor = 'U9' WHERE stream = 'inc:2' AND seq = 3")


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "garbage": (_garbage, "cannot be"),
    "a page flipped": (_flipped, "cannot be"),
    "cut short": (_short, "cannot be"),
    "gone": (Path.unlink, "no backup"),
    "of another program": (_foreign, "no database of Tocsin"),
    "of a newer version": (_newer, "newer Tocsin"),
    "half a copy": (_half, "did not end"),
    "tampered with": (_tampered, "inc:2, event 3, hash"),
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_backup_changes_nothing(path: Path, tmp_path: Path, bad: str) -> None:
    file = tmp_path / "b.db"
    backup(path, file)
    spoil, said = BAD[bad]
    spoil(file)
    before = read_all(f"sqlite:///{path}")
    for there in (path, tmp_path / "new.db"):
        assert said in await _refused(file, there)
    assert read_all(f"sqlite:///{path}") == before
    assert files(path.parent) <= {"tocsin.db", "tocsin.db.lock", "tocsin.db-wal", "tocsin.db-shm"}
    assert files(tmp_path) <= {"b.db", "b.db-wal", "b.db-shm", "new.db.lock"}


async def test_a_tampered_backup_comes_back_on_demand(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "b.db")
    _tampered(tmp_path / "b.db")
    await _restored(tmp_path / "b.db", path, anyway=True)
    assert read_all(f"sqlite:///{path}") == read_all(f"sqlite:///{tmp_path / 'b.db'}")


async def test_a_restore_waits_for_no_running_bot(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "b.db")
    store = await _opened(path)
    assert f"in use by process {os.getpid()}" in await _refused(tmp_path / "b.db", path)
    await store.close()
    assert "in use" not in str((await _restored(tmp_path / "b.db", path))[0])
    PidLock(path.with_name("tocsin.db.lock")).free()


async def test_a_restore_that_died_between_two_names_is_told(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "b.db")
    backup(path, path.with_name("tocsin.db.restoring"))
    os.rename(path, tmp_path / "aside.db")
    with pytest.raises(StartError, match="did not end"):
        await _opened(path)
    await _restored(tmp_path / "b.db", path)
    await (await _opened(path)).close()
