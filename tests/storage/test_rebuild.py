"""Derived rows are what the events say; what says something else is named and made anew."""

import asyncio

import pytest

from bot.domain.events import Acknowledged, Noted, RoleOffered, RolePassed
from bot.domain.terms import COMMANDER
from storage.audit import verified
from storage.chain import Broken
from storage.rebuild import Difference, Rebuilt, differing, rebuild
from storage.store import SqlStore
from storage.tables import metadata
from tests.storage.making import ANA, drafts, note, open_incident
from tests.storage.places import change, read_all

DERIVED = ("incident_state", "incident_facts", "insider")


async def _fill(store: SqlStore) -> None:
    await open_incident(store, Noted("one"), Acknowledged())
    await open_incident(store, Noted("two"), private=True)
    async with store.begin() as tx:
        await tx.lock(2)
        await tx.append("inc:2", drafts(RoleOffered(COMMANDER, "U7", "on call")), ANA)
    async with store.begin() as tx:
        await tx.lock(2)
        await tx.append("inc:2", drafts(RolePassed(COMMANDER, "U7")), ANA)
    await open_incident(store)


async def _differing(store: SqlStore) -> list[int]:
    async with store.read() as reads:
        return await differing(reads)


async def test_nothing_differs_and_nothing_is_written(store: SqlStore, database_url: str) -> None:
    await _fill(store)
    before = read_all(database_url)
    assert await _differing(store) == []
    assert await rebuild(store) == Rebuilt(3, (), ())
    assert read_all(database_url) == before


SPOILT = {
    "a status": ("UPDATE incident_state SET status = 'x' WHERE number = 1", Difference(1, ("incident_state.status",))),
    "a state": ("UPDATE incident_state SET state = '{}' WHERE number = 2", Difference(2, ("incident_state.state",))),
    "open or not": (
        "UPDATE incident_state SET is_open = 0 WHERE number = 3",
        Difference(3, ("incident_state.is_open",)),
    ),
    "no state": ("DELETE FROM incident_state WHERE number = 3", Difference(3, ("incident_state",))),
    "facts": ("UPDATE incident_facts SET private = 0 WHERE number = 2", Difference(2, ("incident_facts.private",))),
    "no facts": ("DELETE FROM incident_facts WHERE number = 1", Difference(1, ("incident_facts",))),
    "a stranger": ("INSERT INTO insider (number, person) VALUES (2, 'U9')", Difference(2, ("insider",))),
    "somebody let out": ("DELETE FROM insider WHERE person = 'U1'", Difference(2, ("insider",))),
    "in no private one": ("INSERT INTO insider (number, person) VALUES (1, 'U9')", Difference(1, ("insider",))),
    "of nothing": ("INSERT INTO insider (number, person) VALUES (9, 'U9')", Difference(9, ("no events",))),
}


@pytest.mark.parametrize(("statement", "difference"), SPOILT.values(), ids=SPOILT.keys())
async def test_what_differs_is_named_and_made_anew(
    store: SqlStore, database_url: str, statement: str, difference: Difference
) -> None:
    await _fill(store)
    before = read_all(database_url)
    change(database_url, statement)
    assert read_all(database_url) != before
    assert await _differing(store) == [difference.number]
    assert await rebuild(store) == Rebuilt(3, (difference,), ())
    assert read_all(database_url) == before


async def test_all_of_it_can_be_lost(store: SqlStore, database_url: str) -> None:
    """But for one who was asked and declined: an insider once is one for good."""
    await _fill(store)
    before = read_all(database_url)
    assert (2, "U7") in before["insider"]
    change(database_url, *(f"DELETE FROM {table}" for table in DERIVED))
    found = await rebuild(store)
    assert [difference.number for difference in found.differences] == [1, 2, 3]
    assert read_all(database_url) == before


async def test_a_chain_that_does_not_verify_is_left_alone(store: SqlStore, database_url: str) -> None:
    await _fill(store)
    change(
        database_url,
        "UPDATE event SET data = '[]' WHERE stream = 'inc:1' AND seq = 3",
        "DELETE FROM event WHERE stream = 'inc:2' AND seq = 4",
        "UPDATE incident_state SET status = 'x'",
    )
    before = read_all(database_url)
    found = await rebuild(store)
    assert found.broken == (Broken("inc:1", 3, "hash"), Broken("inc:2", 4, "head")) == (await verified(store)).broken
    assert found.differences == (Difference(3, ("incident_state.status",)),)
    after = read_all(database_url)
    assert [row for row in after["incident_state"] if row[0] != 3] == [
        row for row in before["incident_state"] if row[0] != 3
    ]
    assert {table.name for table in metadata.sorted_tables if after[table.name] != before[table.name]} == {
        "incident_state"
    }


async def test_a_bot_may_go_on_meanwhile(store: SqlStore, database_url: str) -> None:
    for _ in range(12):
        await open_incident(store)
    change(database_url, "UPDATE incident_state SET status = 'x' WHERE number = 12")

    async def write() -> None:
        for n in range(24):
            await note(store, n % 12 + 1, f"note {n}")

    (found, *_) = await asyncio.gather(rebuild(store), write())
    assert found.broken == ()
    assert {difference.number for difference in found.differences} <= {12}
    assert await _differing(store) == []
