"""Whose clock shows another time than those of the other replicas: who stands back, who goes on, and whose timers are moved."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.terms import SECOND
from bot.work.agreement import Agreement
from storage import replicas
from storage.opening import open_store
from tests.bot.work.beating import World, why, world
from tests.fakes import FakeIds

__all__ = ["world"]


class Pair:
    """Two processes, each on a machine of its own."""

    def __init__(self, one: World, two: World) -> None:
        self.one, self.two = one, two
        self.mine, self.its = one.pulse("p1"), two.pulse("p2")

    async def beat(self, both: bool = True) -> None:
        for place in (self.one, self.two):
            await place.clock.forward(5)
        await self.mine.beat()
        if both:
            await self.its.beat()


@pytest.fixture
async def pair(world: World, database_url: str) -> AsyncIterator[Pair]:
    other = World()
    other.store = await open_store(database_url, other.clock, FakeIds())
    made = Pair(world, other)
    await made.beat()
    await made.beat()
    yield made
    await other.store.close()


SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
EITHER_WAY = pytest.mark.parametrize("step", [3600, -3600])


@pytest.mark.slow
@SERVER
@EITHER_WAY
async def test_who_alone_has_another_clock_stands_back(pair: Pair, step: int) -> None:
    """By it people would be late, or early, for everybody. It goes on when its clock is right again."""
    pair.one.clock.jump(step)
    assert (pair.mine.doubts, pair.mine.rests, pair.mine.back) == (True, True, None), "even before its next beat"
    await pair.beat()
    assert pair.mine.rests, "until it is known what the others' show"
    await pair.beat()
    assert (pair.mine.back is not None, pair.its.back) == (True, None)
    assert "the other replicas were not. It stands back until they agree" in why(pair.mine)
    await pair.beat()
    assert pair.mine.back is not None
    assert await pair.two.living() == ["p1", "p2"], "its runs are nobody else's"
    pair.one.clock.jump(-step)
    await pair.beat()
    assert (why(pair.mine), pair.mine.rests) == ("", False)
    assert pair.one.steps == [(step, False), (-step, False)]
    assert pair.two.steps == []


@pytest.mark.slow
@SERVER
@EITHER_WAY
@pytest.mark.parametrize("later", [0, 1, 3])
async def test_what_is_set_for_all_keeps_nobody_back(pair: Pair, step: int, later: int) -> None:
    """At once, or one after the other. The timers are moved once."""
    pair.one.clock.jump(step)
    for _ in range(later):
        await pair.beat()
    pair.two.clock.jump(step)
    for _ in range(2):
        await pair.beat()
    assert (pair.mine.rests, pair.its.rests) == (False, False)
    told = [*pair.one.steps, *pair.two.steps]
    assert sorted(told) == [(step, False), (step, True)]


@pytest.mark.slow
@SERVER
@EITHER_WAY
async def test_what_was_set_for_all_unnoticed_hides_nobody(pair: Pair, step: int) -> None:
    """Too little to be looked into; who alone is set afterwards stands back all the same."""
    for place in (pair.one, pair.two):
        place.clock.jump(30)
    await pair.beat()
    pair.one.clock.jump(step)
    await pair.beat()
    await pair.beat()
    assert (pair.mine.back is not None, pair.its.back) == (True, None)


@pytest.mark.slow
@SERVER
async def test_who_is_left_alone_with_another_clock_goes_by_it(pair: Pair) -> None:
    pair.one.clock.jump(3600)
    await pair.beat()
    await pair.beat()
    assert pair.mine.back is not None
    await pair.its.end()
    for _ in range(4):
        await pair.beat(both=False)
    assert not pair.mine.rests
    assert pair.one.steps == [(3600, False), (3600, True)], "the timers are moved now"


@pytest.mark.slow
@SERVER
async def test_who_begins_with_a_clock_of_its_own_stands_back(pair: Pair) -> None:
    """The server's clock shows who is right. It does not say, either, that Tocsin was not running."""
    async with pair.one.store.read() as reads:
        server = await replicas.server_time(reads)
    for place in (pair.one, pair.two):
        place.clock.jump((server - place.clock.now()) / SECOND)
    await pair.its.beat()
    pair.one.clock.jump(7200)
    late = pair.one.pulse("p3")
    await late.beat()
    assert "was set forward by" in why(late)
    assert "p3" in await pair.two.living()
    for _ in range(4):
        await pair.two.clock.forward(5)
        await pair.one.clock.forward(5)
        await pair.its.beat()
        await late.beat()
    assert late.back is not None
    assert (pair.one.stopped, pair.one.steps) == ([], [])
    pair.one.clock.jump(-7200)
    await late.beat()
    assert (why(late), pair.one.stopped) == ("", [])


@pytest.mark.slow
@SERVER
async def test_a_server_with_a_clock_of_its_own_keeps_nobody_back(pair: Pair) -> None:
    late = pair.one.pulse("p3")
    await late.beat()
    assert not late.rests


async def test_it_is_doubted_until_it_is_told(world: World) -> None:
    """Nobody is judged by a clock that was set before the timers are moved, also while they are."""
    clocks = Agreement(world.store, world.clock, "p1")
    await clocks.look()
    world.clock.jump(3600)
    await clocks.look()
    assert (clocks.open, clocks.untold, clocks.alone) == (True, 3600 * SECOND, True)
    clocks.told()
    assert not clocks.open


async def test_what_could_not_be_told_is_told_later_and_once(world: World) -> None:
    mine = world.pulse()
    await mine.beat()
    world.clock.jump(3600)
    world.breaks = True
    for _ in range(2):
        await mine.beat()
        assert mine.doubts
    world.breaks = False
    await mine.beat()
    await mine.beat()
    assert not mine.doubts
    assert world.steps == [(3600, True)]
