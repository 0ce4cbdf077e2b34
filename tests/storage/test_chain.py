"""The chain of hashes: what it proves, and that it names the first bad row."""

import hashlib

import pytest

from bot.domain.events import Noted
from storage.audit import broken
from storage.chain import Broken, canonical
from storage.sql import Sql
from storage.store import SqlStore
from tests.storage.making import note, open_incident


def _every(text: str) -> Sql:
    return Sql(text)


async def _broken(store: SqlStore) -> list[Broken]:
    async with store.read() as reads:
        return await broken(reads)


async def test_what_was_written_verifies(store: SqlStore) -> None:
    first = await open_incident(store, Noted("one"), Noted("two"))
    await open_incident(store)
    await note(store, first, "three")
    assert await _broken(store) == []


async def test_the_chain_is_what_the_page_says(store: SqlStore) -> None:
    await open_incident(store, Noted("ü"))
    async with store.read() as reads:
        rows = await reads.rows(Sql("SELECT * FROM event WHERE stream = 'inc:1' ORDER BY seq"))
        bodies = await reads.rows(Sql("SELECT * FROM event_body WHERE stream = 'inc:1' ORDER BY seq"))
    prev = ""
    for row, body in zip(rows, bodies, strict=True):
        hashed = {name: row[name] for name in row if name not in ("prev", "hash")}
        assert row["prev"] == prev
        assert row["hash"] == hashlib.sha256(prev.encode() + canonical(hashed).encode()).hexdigest()
        assert row["body_hash"] == hashlib.sha256((body["salt"] + body["body"]).encode()).hexdigest()
        prev = row["hash"]
    assert bodies[1]["body"] == '{"text":"ü"}'


TAMPERING = {
    "a code changed": ("UPDATE event SET data = '[]' WHERE seq = 2", Broken("inc:1", 2, "hash")),
    "a time changed": ("UPDATE event SET occurred_at = 5 WHERE seq = 3", Broken("inc:1", 3, "hash")),
    "words changed": ("""UPDATE event_body SET body = '{"text":"no"}' WHERE seq = 3""", Broken("inc:1", 3, "body")),
    "one taken out": ("DELETE FROM event WHERE seq = 2", Broken("inc:1", 2, "order")),
    "the last taken out": ("DELETE FROM event WHERE seq = 4", Broken("inc:1", 4, "head")),
    "relinked": ("UPDATE event SET prev = 'x' WHERE seq = 3", Broken("inc:1", 3, "prev")),
}


@pytest.mark.parametrize(("statement", "found"), TAMPERING.values(), ids=TAMPERING.keys())
async def test_the_first_bad_row_is_named(store: SqlStore, statement: str, found: Broken) -> None:
    await open_incident(store, Noted("one"), Noted("two"), Noted("three"))
    async with store.begin() as tx:
        await tx.change(_every(statement))
    assert await _broken(store) == [found]


async def test_words_can_be_deleted(store: SqlStore) -> None:
    await open_incident(store, Noted("a secret"))
    async with store.begin() as tx:
        await tx.change(_every("DELETE FROM event_body"))
    assert await _broken(store) == []
