"""The pulse: who lives, who stands back, and what is told when the database was away."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.terms import DAY, SECOND, Micros
from bot.errors import StoreAway
from bot.text import PlainShow, render
from bot.work.pulse import LIVING, Pulse
from storage import replicas
from storage.opening import open_store
from storage.sql import Sql
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock, FakeIds


class World:
    """A database that can be away, and processes on it. told: when it was away, as people are told; stopped: when nobody ran;
    steps: of the clock, and whether nobody else lived."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.away = False
        self.told: list[tuple[float, float]] = []
        self.stopped: list[tuple[float, float]] = []
        self.steps: list[tuple[int, bool]] = []
        self.breaks = False
        self.store: SqlStore

    def watch(self, moment: str) -> None:
        if self.away and moment in ("begin", "read"):
            raise StoreAway("away")

    def pulse(self, id: str = "p1", version: str = "1.2.0", runner: str = "r1") -> Pulse:
        return Pulse(self.store, self.clock, id, runner, version, self)

    async def database_was_away(self, began: Micros, ended: Micros) -> None:
        if self.away or self.breaks:
            raise StoreAway("away")
        self.told.append(((began - NINE) / SECOND, (ended - NINE) / SECOND))

    async def was_stopped(self, began: Micros, ended: Micros) -> None:
        if self.breaks:
            raise StoreAway("away")
        self.stopped.append(((began - NINE) / SECOND, (ended - NINE) / SECOND))

    async def clock_was_set(self, step: Micros, at: Micros, alone: bool) -> None:
        self.steps.append((step // SECOND, alone))

    async def living(self) -> list[str]:
        async with self.store.read() as reads:
            return [found.id for found in await replicas.living(reads, self.clock.now() - LIVING)]

    async def set_schema(self, revision: str) -> None:
        async with self.store.begin() as tx:
            await tx.change(Sql("UPDATE alembic_version SET version_num = :to"), to=revision)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    made = World()
    made.store = await open_store(database_url, made.clock, FakeIds(), watch=made.watch)
    yield made
    await made.store.close()


def why(pulse: Pulse) -> str:
    return render(pulse.back, PlainShow()) if pulse.back else ""


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


class Pair:
    """Two processes, each on a machine of its own."""

    def __init__(self, one: World, two: World) -> None:
        self.one, self.two = one, two
        self.mine, self.its = one.pulse("p1"), two.pulse("p2")

    async def beat(self, both: bool = True) -> None:
        for world in (self.one, self.two):
            await world.clock.forward(5)
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
