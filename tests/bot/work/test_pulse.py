"""The pulse: who lives, who stands back, and what is told when the database was away."""

import pytest

from bot.domain.terms import DAY, SECOND
from bot.work.clocks import LIVING
from tests.bot.work.beating import World, why, world
from tests.fakes import NINE

__all__ = ["world"]


async def test_who_lives_is_seen_and_who_ends_is_not(world: World) -> None:
    one, two = world.pulse("p1"), world.pulse("p2", runner="r2")
    await one.beat()
    await world.clock.forward(2)
    await two.beat()
    assert await world.living() == ["p1", "p2"]
    async with world.store.read() as reads:
        assert await reads.runner_seen("r1") == NINE
        assert await reads.runner_seen("r2") == NINE + 2 * SECOND
        assert await reads.runner_seen("r3") is None
    await one.end()
    assert await world.living() == ["p2"]
    await world.clock.forward(LIVING / SECOND + 1)
    assert await world.living() == []
    await world.clock.forward(DAY / SECOND)
    await one.beat()
    async with world.store.read() as reads:
        assert await reads.runner_seen("r2") is None, "rows of the dead are removed"


@pytest.mark.parametrize(
    ("ours", "other", "back"),
    [
        ("1.2.0", "1.2.0", False),
        ("1.2.0", "1.2.1", True),
        ("1.9.0", "1.10.0", True),
        ("1.10.0", "1.9.9", False),
        ("1.2.0", "2.0", True),
        ("1.2.0", "1.2.0.dev1", False),
    ],
)
async def test_the_older_version_stands_back(world: World, ours: str, other: str, back: bool) -> None:
    mine, its = world.pulse("p1", ours), world.pulse("p2", other)
    await mine.beat()
    assert mine.back is None
    await its.beat()
    assert its.back is None or not back
    await mine.beat()
    assert (mine.back is not None) == back
    if back:
        assert why(mine) == (
            f"Tocsin {other} works on this database. This one is {ours} and stands back: start the new version in its place."
        )


async def test_who_stood_back_goes_on_when_the_newer_has_gone(world: World) -> None:
    """A deploy that is taken back: at once if the newer one ended well, else when it has not been seen for a while."""
    mine, its = world.pulse("p1", "1.2.0"), world.pulse("p2", "1.3.0")
    await its.beat()
    await mine.beat()
    assert mine.back is not None
    await its.end()
    await mine.beat()
    assert mine.back is None
    await its.beat()
    await mine.beat()
    assert mine.back is not None
    await world.clock.forward(LIVING / SECOND + 1)
    await mine.beat()
    assert mine.back is None


async def test_a_schema_that_moved_on_is_left_alone(world: World) -> None:
    mine = world.pulse()
    await mine.beat()
    seen = NINE
    await world.clock.forward(5)
    await world.set_schema("9999")
    await mine.beat()
    assert why(mine).startswith("Another version of Tocsin has brought the database to schema 9999; this one needs ")
    async with world.store.read() as reads:
        assert await reads.runner_seen("r1") == seen, "nothing is written that might not fit any more"


async def test_an_absence_is_told_once_it_is_over(world: World) -> None:
    mine = world.pulse()
    await mine.beat()
    assert mine.beating
    world.away = True
    for _ in range(4):
        await world.clock.forward(5)
        await mine.beat()
        assert not mine.beating
    world.away = False
    await world.clock.forward(1)
    await mine.beat()
    assert mine.beating
    await mine.beat()
    assert world.told == [(5.0, 21.0)], "from the first beat that failed"


@pytest.mark.parametrize(("away", "told"), [(4.0, 0), (5.0, 1)])
async def test_a_moment_is_not_talked_about(world: World, away: float, told: int) -> None:
    mine = world.pulse()
    world.away = True
    await mine.beat()
    await world.clock.forward(away)
    world.away = False
    await mine.beat()
    assert mine.beating
    assert len(world.told) == told


async def test_a_database_that_goes_away_again_is_told_of_whole(world: World) -> None:
    """While it is told, it breaks off: told at the next time, from the first moment on."""
    mine = world.pulse()
    world.away = True
    await mine.beat()
    await world.clock.forward(30)
    world.away = False
    world.breaks = True
    await mine.beat()
    assert not mine.beating
    world.breaks = False
    await world.clock.forward(10)
    await mine.beat()
    assert world.told == [(0.0, 40.0)]
