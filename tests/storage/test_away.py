"""F9, F10 on SQLite: a file that is locked, full, read-only or moved is away for who writes, and well again without a restart."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from bot.domain.events import Noted
from bot.errors import StoreAway
from bot.ports import Viewer
from storage.opening import open_store
from storage.sqlite import READERS, Sqlite
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock, FakeIds
from tests.storage.making import note, open_incident


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = await open_store(f"sqlite:///{tmp_path / 'tocsin.db'}", FakeClock(), FakeIds())
    yield opened
    await opened.close()


def _asks(store: SqlStore, before: str, after: str) -> Iterator[None]:
    """Say this to the writing connection before and after the block."""
    assert isinstance(store.database, Sqlite)
    assert store.database._writer is not None
    opened = store.database._writer._opened
    assert opened is not None
    opened.execute(before)
    yield
    opened.execute(after)


@contextmanager
def read_only(store: SqlStore, path: Path) -> Iterator[None]:
    yield from _asks(store, "PRAGMA query_only = 1", "PRAGMA query_only = 0")


@contextmanager
def full(store: SqlStore, path: Path) -> Iterator[None]:
    yield from _asks(store, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000000")


@contextmanager
def locked(store: SqlStore, path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


TROUBLES = [read_only, full, pytest.param(locked, marks=pytest.mark.slow)]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_it_is_away_for_who_writes_and_well_again(
    file: SqlStore, tmp_path: Path, trouble: Callable[[SqlStore, Path], AbstractContextManager[None]]
) -> None:
    number = await open_incident(file)
    with trouble(file, tmp_path / "tocsin.db"):
        for _ in range(1 if trouble is locked else 3):
            with pytest.raises(StoreAway):
                await note(file, number, "lost " * 5_000)
        assert file.away.since == NINE
        async with file.read() as reads:
            assert await reads.people() == {}, "who reads is not held up"
    await note(file, number, "found " * 5_000)
    assert file.away.since is None
    async with file.read() as reads:
        said = [event.payload for event in await reads.timeline(number, Viewer("bot", all=True))]
    assert [payload for payload in said if isinstance(payload, Noted)] == [Noted("found " * 5_000)]


@contextmanager
def moved(path: Path) -> Iterator[None]:
    aside = path.rename(path.with_name("aside"))
    yield
    aside.rename(path)


@contextmanager
def another(path: Path) -> Iterator[None]:
    aside = path.rename(path.with_name("aside"))
    path.touch()
    yield
    aside.rename(path)


@pytest.mark.parametrize("trouble", [moved, another])
async def test_a_file_that_was_moved_away_takes_nothing_along(
    file: SqlStore, tmp_path: Path, trouble: Callable[[Path], AbstractContextManager[None]]
) -> None:
    """What is written into it would not be there at the next start. Put back, it goes on."""
    number = await open_incident(file)
    with trouble(tmp_path / "tocsin.db"):
        with pytest.raises(StoreAway):
            await note(file, number, "lost")
        await asyncio.gather(*[_read(file) for _ in range(READERS)], return_exceptions=True)
    await note(file, number, "found")
    await asyncio.gather(*[_read(file) for _ in range(READERS)], return_exceptions=True)
    async with file.read() as reads:
        said = [event.payload for event in await reads.timeline(number, Viewer("bot", all=True))]
    assert [payload for payload in said if isinstance(payload, Noted)] == [Noted("found")]


async def _read(store: SqlStore) -> None:
    async with store.read() as reads:
        await reads.people()
