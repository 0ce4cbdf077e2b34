"""Effects on their way in: order, keys, what waits for what, one waiting row per state."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Effect
from storage.store import SqlStore
from tests.fakes import NINE

STREAM = "inc:1"


def say(key: str, lane: str = "talk", **more: Any) -> Effect:
    return Effect(key, "say", lane, STREAM, {"n": key}, **more)


def show(key: str, **more: Any) -> Effect:
    return Effect(key, "show", "card", STREAM, {"n": key}, coalesce="card", **more)


async def put(store: SqlStore, *effects: Effect) -> None:
    async with store.begin() as tx:
        await tx.enqueue(effects)


async def stored(store: SqlStore) -> dict[str, dict[str, Any]]:
    async with store.read() as reads:
        return {row["key"]: dict(row) for row in await reads.effects(STREAM)}


async def waits(store: SqlStore, key: str) -> list[str]:
    from storage.sql import Sql

    async with store.read() as reads:
        rows = await reads.rows(Sql("SELECT after_key FROM effect_after WHERE effect = :key ORDER BY 1"), key=key)
        return [row["after_key"] for row in rows]


async def test_order_is_as_given_in_each_lane(store: SqlStore) -> None:
    await put(store, say("a"), say("x", "other"), say("b"))
    await put(store, say("c"))
    rows = await stored(store)
    assert [rows[key]["seq"] for key in "abc"] == [1, 2, 3]
    assert rows["x"]["seq"] == 1
    assert rows["a"]["policy"] == "reconcile"
    assert rows["a"]["created_at"] == NINE


async def test_a_key_that_is_there_is_left_alone(store: SqlStore) -> None:
    await put(store, say("a"))
    await put(store, replace(say("a"), args={"n": "changed"}), replace(say("a"), args={"n": "again"}), say("b"))
    rows = await stored(store)
    assert rows.keys() == {"a", "b"}
    assert rows["a"]["args"] == {"n": "a"}


async def test_nothing_is_nothing(store: SqlStore) -> None:
    await put(store)
    assert await stored(store) == {}


async def test_what_comes_after_something_names_what_is_there(store: SqlStore) -> None:
    await put(store, say("a"), say("b", after=("a",)))
    await put(store, say("c", after=("a", "b")))
    assert await waits(store, "c") == ["a", "b"]
    with pytest.raises(ValueError, match="d waits for e, which nobody enqueued before it"):
        await put(store, say("d", after=("e",)), say("e"))
    assert "e" not in await stored(store)


async def test_a_newer_state_folds_into_the_one_that_waits(store: SqlStore) -> None:
    await put(store, say("channel", "other"), say("first", "card"))
    await put(store, show("one", priority=50))
    await put(store, say("between", "card"))
    await put(store, show("two", priority=20, after=("channel",), expires_at=NINE + 5))
    rows = await stored(store)
    assert (rows["two"]["status"], rows["two"]["folded_into"], rows["two"]["error"]) == ("folded", "one", "newer")
    one = rows["one"]
    assert (one["status"], one["seq"], one["priority"], one["expires_at"]) == ("planned", 2, 20, NINE + 5)
    assert one["args"] == {"n": "two"}


async def test_states_of_one_batch_fold_too(store: SqlStore) -> None:
    await put(store, show("one", priority=50), say("between", "card"), show("two", priority=20), show("three"))
    rows = await stored(store)
    assert {key: row["status"] for key, row in rows.items()} == {
        "one": "planned",
        "between": "planned",
        "two": "folded",
        "three": "folded",
    }
    assert (rows["one"]["priority"], rows["one"]["args"]) == (20, {"n": "three"})


async def test_a_folded_state_waits_only_for_what_is_older(store: SqlStore) -> None:
    """Else the older row could wait for something that stands behind it."""
    await put(store, say("channel", "other"))
    async with store.begin() as tx:
        tx.now += 1
        await tx.enqueue([show("one")])
    async with store.begin() as tx:
        tx.now += 2
        await tx.enqueue([say("behind", "card"), show("two", after=("channel", "behind"))])
    assert await waits(store, "one") == ["channel"]


async def test_one_state_has_one_lane(store: SqlStore) -> None:
    await put(store, show("one"))
    with pytest.raises(ValueError, match="card waits in lane card and came again in lane talk"):
        await put(store, replace(show("two"), lane="talk"))


async def test_what_is_under_way_takes_nothing_in(store: SqlStore) -> None:
    from storage import claims

    await put(store, show("one"))
    async with store.begin() as tx:
        await claims.begin(tx, "one", 1)
    await put(store, show("two"))
    assert (await stored(store))["two"]["status"] == "planned"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(1, 9)), max_size=4), max_size=5
    )
)
async def test_one_row_waits_per_state_with_the_highest_priority(
    store: SqlStore, batches: list[list[tuple[str, bool, int]]]
) -> None:
    from storage.sql import Sql

    async with store.begin() as tx:
        await tx.change(Sql("DELETE FROM effect"))
    best: dict[str, int] = {}
    count = 0
    for batch in batches:
        effects = []
        for lane, coalesced, priority in batch:
            count += 1
            coalesce = f"state:{lane}" if coalesced else ""
            effects.append(Effect(f"e{count}", "show", lane, STREAM, {}, priority, coalesce=coalesce))
            if coalesced:
                best[coalesce] = min(best.get(coalesce, 99), priority)
        await put(store, *effects)
    rows = await stored(store)
    waiting = [row for row in rows.values() if row["status"] == "planned" and row["coalesce_key"]]
    assert {row["coalesce_key"]: row["priority"] for row in waiting} == best
    assert len(rows) == count
    for row in rows.values():
        if row["status"] == "folded":
            assert rows[row["folded_into"]]["status"] == "planned"
