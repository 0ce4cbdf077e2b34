"""All replicas go by the clock of the database's server, whatever their machines show. When it is set, people are told once."""

import json
from collections.abc import AsyncIterator
from io import StringIO
from typing import cast

import psycopg
import pytest

from bot import telemetry
from bot.domain.terms import SECOND, Micros
from bot.work.clocks import SharedClock, Steps, begin
from storage.opening import open_store
from storage.session import Session
from tests.bot.work.beating import World, why, world
from tests.fakes import NINE, FakeClock, FakeIds

__all__ = ["world"]
SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
EITHER_WAY = pytest.mark.parametrize("step", [3600, -3600])
NOON: Micros = NINE + 3 * 3600 * SECOND
"""What the server's clock shows at first, and no machine's."""


class ServerClock:
    """A clock of a real server that a test sets: its function is found before the server's own."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}&options=-c%20search_path%3Dpublic,pg_catalog"
        self._plain = url
        self._do("CREATE TABLE shown AS SELECT %s::bigint AS at", NOON)
        self._do(
            "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            " AS 'SELECT timestamptz ''epoch'' + at * interval ''1 microsecond'' FROM public.shown'"
        )

    def jump(self, seconds: float) -> None:
        self._do("UPDATE shown SET at = at + %s", round(seconds * SECOND))

    def _do(self, statement: str, *values: object) -> None:
        with psycopg.connect(self._plain, autocommit=True) as connection:
            connection.execute(statement.encode() % tuple(str(value).encode() for value in values))


class Machine(World):
    """One of the machines, whose own clock (`clock`) is wrong, and a process there."""

    def __init__(self, ahead: float) -> None:
        super().__init__()
        self.clock.jump(ahead)
        self.time = SharedClock(self.clock)

    async def opened(self, url: str, id: str) -> None:
        self.store = await open_store(url, self.time, FakeIds(), watch=self.watch)
        await begin(self.time, self.store)
        self.mine = self.pulse(id)


class Two:
    """Two processes, each on a machine of its own, and the server."""

    def __init__(self, url: str) -> None:
        self.server = ServerClock(url)
        self.one, self.two = Machine(0), Machine(-86_400)
        self.two.since, self.two.steps = self.one.since, self.one.steps

    async def passes(self, seconds: float = 5, *, without: Machine | None = None) -> None:
        """Time, for everybody but one who stands still."""
        self.server.jump(seconds)
        for place in (self.one, self.two):
            if place is not without:
                await place.clock.forward(seconds)

    async def beat(self, *, without: Machine | None = None) -> None:
        await self.passes(without=without)
        for place in (self.one, self.two):
            if place is not without:
                await place.mine.beat()

    @property
    def steps(self) -> list[int]:
        """That anybody told of, each once."""
        return self.one.steps

    @property
    def shown(self) -> list[float]:
        """What Tocsin goes by on each, in seconds since noon."""
        return [round((place.time.now() - NOON) / SECOND, 1) for place in (self.one, self.two)]


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    made = Two(database_url)
    for place, id in ((made.one, "p1"), (made.two, "p2")):
        await place.opened(made.server.url, id)
    await made.beat()
    yield made
    for place in (made.one, made.two):
        await place.store.close()


@pytest.mark.slow
@SERVER
async def test_all_go_by_the_servers_clock(two: Two) -> None:
    """From the first moment on, and whatever happens to those of their machines."""
    assert two.shown == [5.0, 5.0]
    for jump in (3600, -3600, 86_400, 50, 50):
        two.one.clock.jump(jump)
        await two.passes()
        assert two.shown[0] == two.shown[1]
        await two.beat()
    assert two.shown == [55.0, 55.0]
    assert (two.steps, two.one.stopped, two.two.stopped) == ([], [], [])
    assert (why(two.one.mine), why(two.two.mine)) == ("", "")
    assert await two.two.living() == ["p1", "p2"]


@pytest.mark.slow
@SERVER
@EITHER_WAY
async def test_a_server_that_is_set_is_told_of_once(two: Two, step: int) -> None:
    """After steps that were too small to be looked at, too; by who sees it first, and before anybody sees him live by it."""
    for jump in (30, 50):
        two.server.jump(jump)
        await two.beat()
    two.server.jump(step)
    two.one.breaks = True
    await two.one.mine.beat()
    assert (two.one.mine.doubts, two.steps) == (True, [])
    await two.passes(1)
    await two.two.mine.beat()
    two.one.breaks = False
    await two.beat()
    assert (two.steps, two.one.mine.doubts, two.two.mine.doubts) == ([step], False, False)
    assert two.shown == [5.0 + 30 + 5 + 50 + 5 + step + 1 + 5] * 2
    assert (two.one.stopped, two.two.stopped) == ([], [])
    two.server.jump(-step)
    await two.beat()
    assert two.steps == [step, -step], "the next time is another one"


@pytest.mark.slow
@SERVER
async def test_who_stood_still_alone_tells_nothing(two: Two) -> None:
    """A machine that was suspended: its clocks stood still, those of the others did not."""
    for _ in range(20):
        await two.beat(without=two.one)
    assert two.shown == [5.0, 105.0]
    await two.beat()
    assert (two.steps, two.one.stopped, two.shown) == ([], [], [110.0, 110.0])


@pytest.mark.slow
@SERVER
async def test_who_stood_still_and_nobody_lived_tells_it(two: Two) -> None:
    await two.two.mine.end()
    await two.passes(3600, without=two.one)
    await two.one.mine.beat()
    assert two.steps == [3600]


class Slow:
    """A server whose answer comes after as many seconds as it takes."""

    def __init__(self, clock: FakeClock, takes: float, ahead: float) -> None:
        self._clock = clock
        self._takes = takes
        self._ahead = ahead

    async def row(self, sql: object) -> dict[str, Micros]:
        await self._clock.forward(self._takes / 2)
        shown = self._clock.now() + round(self._ahead * SECOND)
        await self._clock.forward(self._takes / 2)
        return {"now": shown}


@pytest.mark.parametrize(
    ("takes", "ahead", "by"),
    [(0, 0.25, 0), (0, 0.3, 0.3), (0, -0.3, -0.3), (4, 2.2, 0), (4, 2.3, 2.3), (4, -7200, -7200), (0, 86_400, 86_400)],
)
async def test_what_takes_long_is_less_sure(takes: float, ahead: float, by: float) -> None:
    """Nobody goes by a difference that may only be the time that the answer took."""
    clock = FakeClock()
    shared = SharedClock(clock)
    await shared.ask(cast("Session", Slow(clock, takes, ahead)))
    assert shared.now() - clock.now() == by * SECOND
    await clock.forward(10)
    assert (shared.now() - clock.now(), shared.monotonic()) == (by * SECOND, clock.monotonic())


async def test_people_are_told_that_the_machines_clock_is_another() -> None:
    """Once, until it is right again."""
    out, clock = StringIO(), FakeClock()
    telemetry.configure("json", "warning", stream=out)
    shared = SharedClock(clock)
    for ahead in (0, 59, 61, 61, 3600, 0, -61):
        await shared.ask(cast("Session", Slow(clock, 0, ahead)))
    assert [json.loads(line)["ahead"] for line in out.getvalue().splitlines()] == [-61.0, 61.0]


async def test_it_is_doubted_until_it_is_told(world: World) -> None:
    """Nobody is judged by a clock that was set before the timers are moved, also while they are."""
    steps = Steps(world.store, world.clock, "p1")
    await steps.look()
    world.clock.jump(3600)
    assert steps.open
    await steps.look()
    assert (steps.open, steps.untold) == (True, 3600 * SECOND)
    steps.told()
    assert not steps.open


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
    assert world.steps == [3600]
