"""A copy is the same database elsewhere, or a target that says that it is not."""

import asyncio
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Integer, Table

from bot.clock import SystemClock
from bot.errors import StartError
from storage.audit import broken
from storage.copy import copy
from storage.opening import open_store
from storage.rebuild import differing
from storage.tables import metadata
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import open_incident
from tests.storage.places import Place, across, change, copied, file_of, fill, place, read_all, refused

pytestmark = pytest.mark.slow

__all__ = ["place"]
PAIRS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite"), ("postgresql", "postgresql")]
both_ways = pytest.mark.parametrize(("old", "new"), PAIRS)


@both_ways
async def test_everything_is_there_and_verifies(place: Place, old: str, new: str) -> None:
    source, target = place(old, "source"), place(new, "target")
    await fill(source)
    before = read_all(source)
    found = await copied(source, target)
    assert read_all(target) == read_all(source) == before
    assert found.rows == {name: len(rows) for name, rows in before.items()}
    assert {"event", "event_body", "insider", "effect", "effect_after", "lock", "breaker", "serial"} <= {
        name for name, rows in before.items() if rows
    }
    store = await open_store(target, FakeClock(), FakeIds())
    async with store.read() as reads:
        assert await broken(reads) == []
        assert await differing(reads) == []
    assert await open_incident(store) == 4
    await store.close()


@across
async def test_a_target_with_something_in_it_is_left_alone(place: Place, old: str, new: str) -> None:
    source, target = place(old, "source"), place(new, "target")
    await fill(source)
    await fill(target, 2)
    before = read_all(target)
    assert "not empty" in await refused(source, target)
    assert read_all(target) == before
    await (await open_store(target, FakeClock(), FakeIds())).close()


class Cut(Exception):
    """The copy ends here, as if its process had been killed."""


class Cutting:
    """Lets a copy live for `left` commits."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, table: str, rows: int) -> None:
        self.left -= 1
        if not self.left:
            raise Cut


@pytest.mark.parametrize(("old", "new"), [PAIRS[0], pytest.param(*PAIRS[1], marks=pytest.mark.slow)])
async def test_a_copy_cut_short_at_any_commit_says_so_and_can_begin_again(place: Place, old: str, new: str) -> None:
    source, target = place(old, "source"), place(new, "target")
    await fill(source)
    cuts = 0
    while True:
        try:
            await copied(source, target, Cutting(cuts + 1))
            break
        except Cut:
            cuts += 1
        with pytest.raises(StartError, match="did not end") as refusal:
            await open_store(target, FakeClock(), FakeIds(), write=bool(cuts % 2))
        assert "\n" not in str(refusal.value)
    assert cuts == sum(1 for rows in read_all(source).values() if rows) > 10
    assert read_all(target) == read_all(source)


async def test_what_was_written_is_compared_with_what_was_read(place: Place) -> None:
    """Somebody writes into the target, past every lock, while it is filled."""
    source, target = place("sqlite", "source"), place("postgresql", "target")
    await fill(source)

    def meddle(table: str, rows: int) -> None:
        if table == "person":
            change(target, "UPDATE person SET name = 'Eve'")

    assert "not like its source (person)" in await refused(source, target, meddle)
    with pytest.raises(StartError, match="did not end"):
        await open_store(target, FakeClock(), FakeIds())


@pytest.mark.parametrize("new", ["sqlite", "postgresql"])
async def test_a_chain_that_does_not_verify_is_copied_only_on_demand(place: Place, new: str) -> None:
    source, target = place("sqlite", "source"), place(new, "target")
    await fill(source)
    change(source, "UPDATE event SET data = '[]' WHERE stream = 'inc:1' AND seq = 2")
    assert "inc:1, event 2, hash" in await refused(source, target)
    await (await open_store(target, FakeClock(), FakeIds())).close()
    found = await copied(source, target, anyway=True)
    assert [(bad.stream, bad.seq, bad.why) for bad in found.broken] == [("inc:1", 2, "hash")]
    assert read_all(target) == read_all(source)


async def test_sources_that_cannot_be_copied(place: Place, tmp_path: Path) -> None:
    target = place("sqlite", "target")
    assert "no database" in await refused(f"sqlite:///{tmp_path / 'nothing.db'}", target)
    assert "sqlite:///path or postgresql" in await refused("mysql://x", target)
    assert "nothing yet" in await refused(place("postgresql", "empty"), target)
    (tmp_path / "garbage.db").write_bytes(b"not a database at all " * 500)
    assert "damaged" in await refused(f"sqlite:///{tmp_path / 'garbage.db'}", target)
    source = place("sqlite", "source")
    await fill(source)
    beside = f"sqlite:///{tmp_path}/../{tmp_path.name}/{file_of(source).relative_to(tmp_path)}"
    assert "the same database" in await refused(source, beside)
    assert "cannot be used" in await refused(source, f"postgresql:///x?host={tmp_path}")
    change(source, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer Tocsin" in await refused(source, target)
    assert not file_of(target).exists()


async def test_a_nul_in_a_text_is_named(place: Place) -> None:
    source, target = place("sqlite", "source"), place("postgresql", "target")
    await fill(source)
    change(source, "UPDATE person SET zone = 'a' || char(0) || 'b'")
    assert "NUL character stands in person, row 'U1'" in await refused(source, target)
    await copied(source, place("sqlite", "target"))


def _values(column: Column[Any]) -> st.SearchStrategy[Any]:
    if isinstance(column.type, BigInteger):
        plain: st.SearchStrategy[Any] = st.integers(-(2**63), 2**63 - 1)
    elif isinstance(column.type, Integer):
        plain = st.integers(0, 1)
    else:
        plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    return st.none() | plain if column.nullable else plain


def _row(table: Table) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(*(_values(column) for column in table.c))


def _rows(table: Table) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    keys = [i for i, column in enumerate(table.c) if column.primary_key]
    return st.lists(_row(table), max_size=5, unique_by=lambda row: tuple(row[i] for i in keys))


@settings(max_examples=12, deadline=None)
@given(
    rows=st.fixed_dictionaries({table.name: _rows(table) for table in metadata.sorted_tables}), page=st.integers(1, 4)
)
def test_any_rows_come_over(templates: dict[str, str], rows: dict[str, list[tuple[Any, ...]]], page: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"sqlite:///{folder}/source.db", f"sqlite:///{folder}/target.db"
        for name in ("source", "target"):
            shutil.copy(templates["sqlite"], f"{folder}/{name}.db")
        with sqlite3.connect(f"{folder}/source.db") as connection:
            for name, found in rows.items():
                for row in found:
                    connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        connection.close()
        asyncio.run(copy(source, target, SystemClock(), FakeIds(), anyway=True, page=page))
        assert read_all(target) == read_all(source)
