"""Whatever is done to the recorded events, the proof names the first row that it touched."""

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import Noted, PlanAttached
from bot.ports import PlanText
from runbooks.parse import sha_of
from storage.audit import Verified, verified
from storage.chain import Broken
from storage.opening import open_store
from storage.sql import Sql
from storage.store import SqlStore
from storage.tables import event
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import ANA, drafts, note, open_incident

NO_WORDS = Sql("DELETE FROM event_body WHERE seq = 2")
NO_TRACE = [
    Sql(f"DELETE FROM {table} WHERE {column} = {value}")
    for table, column, value in (
        ("event", "stream", "'inc:2'"),
        ("event_body", "stream", "'inc:2'"),
        ("stream", "stream", "'inc:2'"),
        ("incident_state", "number", "2"),
        ("incident_facts", "number", "2"),
    )
]
NO_HEAD = Sql("DELETE FROM stream WHERE stream = 'inc:1'")
HEAD_BACK = Sql("UPDATE stream SET seq = 1 WHERE stream = 'inc:1'")
LENGTH = 7
COLUMNS = [column.name for column in event.c]
UNDER = Sql(
    f"INSERT INTO event SELECT {', '.join('-1' if name == 'seq' else name for name in COLUMNS)} FROM event WHERE seq = 1"
)


async def _change(store: SqlStore, *statements: Sql) -> None:
    async with store.begin() as tx:
        for statement in statements:
            await tx.change(statement)


async def test_a_whole_database_verifies(store: SqlStore) -> None:
    await open_incident(store, Noted("one"))
    await open_incident(store)
    async with store.begin() as tx:
        await tx.append("org", drafts(Noted("started")), ANA)
    assert await verified(store) == Verified(3, 4, 0, ())
    await _change(store, NO_WORDS)
    assert await verified(store) == Verified(3, 4, 1, ())


async def test_an_incident_without_a_trace_is_missed(store: SqlStore) -> None:
    for _ in range(3):
        await open_incident(store)
    await _change(store, *NO_TRACE)
    assert (await verified(store)).broken == (Broken("inc:2", 1, "gone"),)


async def test_the_head_must_be_there_and_say_how_long_it_is(store: SqlStore) -> None:
    await open_incident(store, Noted("one"))
    await _change(store, HEAD_BACK)
    assert (await verified(store)).broken == (Broken("inc:1", 3, "head"),)
    await _change(store, NO_HEAD)
    assert (await verified(store)).broken == (Broken("inc:1", 3, "head"),)


async def test_a_row_before_the_first_is_seen(store: SqlStore) -> None:
    await open_incident(store, Noted("one"))
    await _change(store, UNDER)
    assert (await verified(store)).broken == (Broken("inc:1", 1, "order"),)


async def test_a_bot_may_go_on_meanwhile(store: SqlStore) -> None:
    await open_incident(store)

    async def write() -> None:
        for n in range(20):
            await note(store, 1, f"note {n}")

    async def look() -> None:
        for _ in range(5):
            assert (await verified(store)).broken == ()

    await asyncio.gather(write(), look())


FLIPPED = st.tuples(st.just("flip"), st.integers(1, LENGTH), st.sampled_from(COLUMNS))
REMOVED = st.tuples(st.just("remove"), st.integers(1, LENGTH), st.just(""))
SWAPPED = st.tuples(st.just("swap"), st.integers(1, LENGTH - 1), st.integers(1, LENGTH))


def _spoil(connection: sqlite3.Connection, how: str, seq: int, what: str | int) -> int:
    """Change the chain of INC-1; the first row that is not right any more."""
    if how == "remove":
        connection.execute("DELETE FROM event WHERE stream = 'inc:1' AND seq = ?", (seq,))
        return seq
    if how == "swap":
        other = int(what) if int(what) != seq else LENGTH
        for old, new in ((seq, 99), (other, seq), (99, other)):
            connection.execute("UPDATE event SET seq = ? WHERE stream = 'inc:1' AND seq = ?", (new, old))
        return min(seq, other)
    if how == "bytes":
        connection.execute(f"UPDATE event SET data = {what} WHERE stream = 'inc:1' AND seq = ?", (seq,))
        return seq
    if how == "words":
        connection.execute(f"UPDATE event_body SET body = {what} WHERE stream = 'inc:1' AND seq = ?", (seq,))
        return seq
    flipped = f"CASE typeof({what}) WHEN 'integer' THEN {what} + 1000 ELSE {what} || 'x' END"
    connection.execute(f"UPDATE event SET {what} = {flipped} WHERE stream = 'inc:1' AND seq = ?", (seq,))
    return seq


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(spoiling=FLIPPED | REMOVED | SWAPPED, page=st.integers(1, LENGTH + 1))
def test_any_change_is_found_where_it_is(templates: dict[str, str], spoiling: tuple[str, int, str], page: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(templates["sqlite"], f"{folder}/tocsin.db"))
        asyncio.run(_found(path, spoiling, page))


async def _found(path: Path, spoiling: tuple[str, int, str], page: int) -> None:
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    await open_incident(store, *(Noted(f"note {n}") for n in range(LENGTH - 1)))
    assert (await verified(store)).broken == ()
    with closing(sqlite3.connect(path)) as connection:
        first = _spoil(connection, *spoiling)
        connection.commit()
    wrong = (await verified(store, page)).broken
    assert [bad.seq for bad in wrong if bad.stream == "inc:1"] == [first]
    await store.close()


@pytest.mark.parametrize("how", ["bytes", "words"])
@pytest.mark.parametrize("what", ["x'ff00'", "CAST(x'ff00' AS TEXT)", "17"])
@pytest.mark.parametrize("page", [1, LENGTH + 1])
async def test_what_is_no_text_any_more_is_named_too(
    templates: dict[str, str], tmp_path: Path, how: str, what: str, page: int
) -> None:
    path = Path(shutil.copy(templates["sqlite"], tmp_path / "tocsin.db"))
    await _found(path, (how, 3, what), page)


async def test_a_text_that_was_pinned_and_is_another_now_is_named(store: SqlStore) -> None:
    """Of a plan or a policy; and a plan that was walked and is gone."""
    sha = sha_of("# Text\n")
    async with store.begin() as tx:
        await tx.save([PlanText(sha, "db", "db.md", "# Text\n")])
    await open_incident(store, PlanAttached(1, "db", sha, "matched"))
    assert (await verified(store)).texts == ()
    await _change(store, Sql("UPDATE plan_revision SET body = 'another'"))
    assert (await verified(store)).texts == (sha,)
    await _change(store, Sql("DELETE FROM plan_revision"))
    assert (await verified(store)).texts == (sha,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET stream = CAST(stream AS BLOB) WHERE seq = 2",
        "UPDATE event SET stream = x'ff00' WHERE seq = 2",
        "UPDATE stream SET stream = x'ff00'",
        "UPDATE plan_revision SET sha = CAST(sha AS BLOB)",
        "UPDATE plan_revision SET sha = x'ff00'",
    ],
)
async def test_names_that_are_none_are_told(templates: dict[str, str], tmp_path: Path, change: str) -> None:
    """SQLite takes bytes wherever a text is meant."""
    path = Path(shutil.copy(templates["sqlite"], tmp_path / "tocsin.db"))
    store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
    sha = sha_of("# Text\n")
    async with store.begin() as tx:
        await tx.save([PlanText(sha, "db", "db.md", "# Text\n")])
    await open_incident(store, PlanAttached(1, "db", sha, "matched"))
    assert (await verified(store)).broken == ()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    found = await verified(store)
    assert found.broken or found.texts
    assert all(isinstance(one.stream, str) for one in found.broken)
    await store.close()
