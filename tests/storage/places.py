"""Databases to copy between, filled with something of every sort, and read as they are."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.clock import SystemClock
from bot.domain.events import Acknowledged, Noted
from bot.domain.transcript import Line
from bot.errors import StartError
from bot.ports import Effect, MessageAt
from bot.ports.rows import AttemptRow, Person, PlanText, TokenRow
from runbooks.parse import sha_of
from storage.copy import WATCHED, Copied, copy, untold
from storage.opening import open_store
from storage.tables import metadata
from tests.fakes import FakeClock, FakeIds
from tests.postgres import Fresh, Server
from tests.storage.making import note, open_incident

Rows = dict[str, list[tuple[Any, ...]]]
"""Table → its rows, sorted."""

Place = Callable[[str, str], str]
"""(sort, name) → the URL of a database; one called "source" has its tables already, the others have nothing."""

across = pytest.mark.parametrize(("old", "new"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
"""From each sort into the other."""


async def copied(
    source: str,
    target: str,
    told: Callable[[str, int], None] = untold,
    anyway: bool = False,
    watched: float = WATCHED,
) -> Copied:
    """`tocsin db copy`, by the real clock."""
    return await copy(source, target, SystemClock(), FakeIds(), told, anyway, watched=watched)


async def refused(source: str, target: str, told: Callable[[str, int], None] = untold, watched: float = WATCHED) -> str:
    """Why it is not copied: one line."""
    with pytest.raises(StartError) as refusal:
        await copied(source, target, told, watched=watched)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


@pytest.fixture
def place(request: pytest.FixtureRequest, templates: dict[str, str], tmp_path: Path) -> Place:
    def at(sort: str, name: str) -> str:
        folder = tmp_path / f"{sort}-{name}"
        folder.mkdir(exist_ok=True)
        if name == "source":
            return Fresh(sort, request)(folder)
        if sort == "sqlite":
            return f"sqlite:///{folder / 'tocsin.db'}"
        server: Server = request.getfixturevalue("postgres")
        return server.url(server.create())

    return at


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with something in it, not in use."""
    (tmp_path / "live").mkdir()
    await fill(f"sqlite:///{tmp_path / 'live' / 'tocsin.db'}")
    return tmp_path / "live" / "tocsin.db"


def files(folder: Path) -> set[str]:
    """The names of the files in a folder."""
    return {file.name for file in folder.iterdir() if file.is_file()}


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def fill(url: str, incidents: int = 3) -> None:
    """Incidents (one of them private), effects that wait, people, posts, a plan, an attempt, locks, timers."""
    store = await open_store(url, FakeClock(), FakeIds())
    for number in range(1, incidents + 1):
        await open_incident(store, Noted("ü „x“ \\ \n"), Acknowledged(), private=number == 2)
        await note(store, number, f"note {number}")
    async with store.begin() as tx:
        await tx.save([Person("U1", "Ana"), PlanText(sha_of("# Text\n"), "db", "db.md", "# Text\n")])
        await tx.save([MessageAt("inc:1:card", "inc:1", "card", "C1", "1.2"), AttemptRow("a1", "inc:1", "r", "s", {})])
        await tx.save([TokenRow("t1", "U1", "act", "ab" * 32, 5), TokenRow("t2", "U1", "act", "cd" * 32, 6, 7)])
        await tx.save(
            [
                Line("C1", "5.1", 1, "", 5, "U1", "the standby is fine"),
                Line("C1", "6.1", 1, "5.1", 6, "U1", "", 7, True),
            ]
        )
        await tx.enqueue([Effect("k1", "show", "lane", "inc:1"), Effect("k2", "show", "lane", "inc:1", after=("k1",))])
        assert await tx.take_lock("key", "holder", 2)
        await tx.count_run("key", 5)
        await tx.set_breaker("plan", "open", "U1")
        assert await tx.answered("input") is None
    await store.close()


def read_all(url: str) -> Rows:
    """Every row of our tables, past all code of storage."""
    connect: Any = psycopg.connect if url.startswith("postgresql") else lambda u: sqlite3.connect(file_of(u))
    with closing(connect(url)) as connection:
        return {
            table.name: sorted(
                connection.execute(f"SELECT {', '.join(c.name for c in table.c)} FROM {table.name}").fetchall(),
                key=repr,
            )
            for table in metadata.sorted_tables
        }


def change(url: str, *statements: str) -> None:
    """Do something to a database behind the program's back."""
    connect: Any = psycopg.connect if url.startswith("postgresql") else lambda u: sqlite3.connect(file_of(u))
    with closing(connect(url)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
