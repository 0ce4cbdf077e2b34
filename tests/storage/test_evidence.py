"""Copies of files: whole or not there, the same bytes once."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from bot.ports import TooLarge
from storage.evidence import PARTIAL, Folder, copied
from tests.fakes import FakeClock, FakeIds

SHA = sha256(b"one two").hexdigest()


async def pieces(*parts: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if error:
        raise error


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "evidence", FakeClock(), FakeIds())


def there(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir())


async def test_a_copy_is_named_by_its_bytes_and_read_by_nobody_else(folder: Folder) -> None:
    for _ in range(2):
        assert await folder.keep(pieces(b"one", b" two"), 7) == (SHA, 7)
    assert there(folder) == [SHA]
    path = folder.path / SHA
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one two", 0o600)
    assert folder.path.stat().st_mode & 0o777 == 0o700


async def test_what_is_too_large_or_breaks_off_leaves_nothing(folder: Folder) -> None:
    with pytest.raises(TooLarge):
        await folder.keep(pieces(b"one", b" two"), 6)
    with pytest.raises(OSError, match="gone"):
        await folder.keep(pieces(b"one", error=OSError("gone")), 6)
    assert there(folder) == []


async def test_its_age_is_told_by_our_clock(folder: Folder, tmp_path: Path) -> None:
    clock = FakeClock()
    mine = Folder(tmp_path / "mine", clock, FakeIds())
    assert await mine.age(SHA) is None
    await mine.keep(pieces(b"one two"), 7)
    await clock.forward("5m")
    assert await mine.age(SHA) == 300.0
    await mine.keep(pieces(b"one two"), 7)
    assert await mine.age(SHA) == 0.0, "the same bytes came again"
    await mine.drop(SHA)
    await mine.drop(SHA)
    assert await mine.age(SHA) is None


async def test_what_a_fallen_process_left_is_swept_after_an_hour(tmp_path: Path) -> None:
    clock = FakeClock()
    mine = Folder(tmp_path, clock, FakeIds())
    stopped = mine.keep(pieces(b"one", error=KeyboardInterrupt()), 7)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        await stopped
    left = tmp_path / f"x{PARTIAL}"
    left.write_bytes(b"half")
    mine._touch(left)
    await mine.keep(pieces(b"one two"), 7)
    assert left.exists(), "another replica may be writing it"
    await clock.forward("61m")
    await mine.keep(pieces(b"one two"), 7)
    assert not left.exists()


def test_a_backup_copies_what_is_missing(tmp_path: Path) -> None:
    source, target = tmp_path / "evidence", tmp_path / "b.evidence"
    assert copied(source, target) == 0
    assert not target.exists()
    source.mkdir()
    for name in (SHA, "ff", f"half{PARTIAL}"):
        (source / name).write_bytes(name.encode())
    assert copied(source, target) == 2
    (target / SHA).write_bytes(b"as it is")
    assert copied(source, target) == 0
    assert sorted(path.name for path in target.iterdir()) == sorted([SHA, "ff"])
    assert (target / SHA).read_bytes() == b"as it is"
