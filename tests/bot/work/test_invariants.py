"""Whatever is enqueued and whatever becomes of it: every effect ends, in order, and nothing happens that should not."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Effect, GiveUp, Outcome, Retry, Unknown
from tests.bot.work.world import MakeEngine, World, effect

OUTCOMES: list[Outcome] = [
    GiveUp("no"),
    Retry(0, "no"),
    Retry(0, "no", ambiguous=True),
    Retry(7, "later", counted=False),
    Retry(9, "ratelimited", limited=("some.method",)),
    Unknown("who knows"),
]


@dataclass(frozen=True)
class Wish:
    lane: int
    kind: str
    after: tuple[int, ...]
    coalesce: bool
    outcomes: tuple[int, ...]


wishes = st.builds(
    Wish,
    lane=st.integers(0, 2),
    kind=st.sampled_from(["plain", "thrice", "action.start", "say"]),
    after=st.lists(st.integers(0, 9), max_size=2).map(tuple),
    coalesce=st.booleans(),
    outcomes=st.lists(st.integers(0, len(OUTCOMES) - 1), max_size=3).map(tuple),
)


def made(batches: list[list[Wish]]) -> list[list[Effect]]:
    """Effects of the wishes: e0, e1 …; each comes after some that were wished for before."""
    number = 0
    effects: list[list[Effect]] = []
    for batch in batches:
        effects.append([])
        for wish in batch:
            after = tuple(sorted({f"e{n % number}" for n in wish.after})) if number else ()
            coalesce = f"state{wish.lane}" if wish.coalesce and wish.kind == "plain" else ""
            lane = f"lane{wish.lane}"
            effects[-1].append(effect(f"e{number}", wish.kind, lane, after=after, coalesce=coalesce))
            number += 1
    return effects


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(wishes, max_size=5), max_size=4))
async def test_every_effect_ends_as_it_should(
    engine: MakeEngine, copy_of: Callable[[], str], batches: list[list[Wish]]
) -> None:
    world = await World(copy_of(), engine).open()
    world.hurry()
    effects = made(batches)
    for number, wish in enumerate(wish for batch in batches for wish in batch):
        world.outside.answers[f"e{number}"] = [OUTCOMES[n] for n in wish.outcomes]
    for batch in effects:
        await world.put(*batch)
        await world.clock.forward(3)
    await world.clock.forward("1h")
    rows = await world.rows()
    await world.close()
    check_ends(rows, [one for batch in effects for one in batch])
    check_order(rows, world.outside.keys)


def check_ends(rows: dict, effects: list[Effect]) -> None:  # type: ignore[type-arg]
    assert {row["status"] for row in rows.values()} <= {"done", "failed", "skipped", "unknown", "folded"}
    for one in effects:
        row = rows[one.key]
        befores = [rows[rows[key]["folded_into"] or key] for key in one.after]
        if row["status"] == "done":
            assert all(before["status"] == "done" and before["ended_at"] <= row["started_at"] for before in befores)
        if row["status"] == "skipped" and row["error"].split()[0] in {before["key"] for before in befores}:
            assert any(before["status"] in ("failed", "unknown", "skipped") for before in befores)
        if row["status"] == "folded":
            assert rows[row["folded_into"]]["status"] != "folded"
        assert row["status"] != "unknown" or row["kind"] == "action.start"


def check_order(rows: dict, calls: list[str]) -> None:  # type: ignore[type-arg]
    """First calls within a lane come in the order of their numbers; nothing is called that did not begin."""
    for lane in {row["lane"] for row in rows.values()}:
        numbers = [rows[key]["seq"] for key in dict.fromkeys(calls) if rows[key]["lane"] == lane]
        assert numbers == sorted(numbers)
    took_in = {row["folded_into"] for row in rows.values()}
    for key, row in rows.items():
        if row["status"] == "skipped" and key in took_in:
            continue  # it may have been put off by a call before it took in what cannot happen any more
        assert (key in calls) == (row["status"] not in ("skipped", "folded")), key
