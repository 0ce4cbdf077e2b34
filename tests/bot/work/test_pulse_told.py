"""The pulse tells when the database was away, when the clock was set, and when nobody was running."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest

from bot.domain.terms import SECOND
from bot.errors import StoreAway
from storage.database import BOUND, Committed, Database, Script, T, Wire
from tests.bot.work.beating import World, world
from tests.fakes import FakeClock

__all__ = ["world"]


class Held(Database):
    """Another process holds the one writer until a moment. Who asks waits for it, and is sent away after BOUND."""

    shared = False

    def __init__(self, real: Database, clock: FakeClock) -> None:
        self._real, self._clock = real, clock
        self.until = clock.now()

    @asynccontextmanager
    async def transaction(self, committed: Committed) -> AsyncIterator[Wire]:
        left = (self.until - self._clock.now()) / SECOND
        await self._clock.forward(max(0.0, min(left, BOUND)))
        if left > BOUND:
            raise StoreAway("the database is locked")
        async with self._real.transaction(committed) as wire:
            yield wire

    def snapshot(self) -> AbstractAsyncContextManager[Wire]:
        return self._real.snapshot()

    async def run(self, script: Script[T], committed: Committed) -> T:
        async with self.transaction(committed) as wire:
            return await script(wire)

    async def close(self) -> None:
        await self._real.close()


@pytest.mark.parametrize("length", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("between", [False, True])
async def test_whoever_was_refused_reads_from_when_to_when(world: World, length: float, between: bool) -> None:
    """It counts from where the one who was refused began to wait; also if somebody else's commit comes before the beat."""
    clock = world.clock
    world.store.database = held = Held(world.store.database, clock)
    mine = world.pulse()
    await mine.beat()
    assert mine.beating
    await clock.forward(2)
    held.until = clock.now() + round(length * SECOND)
    with pytest.raises(StoreAway):
        await commit(world)  # an alert: its sender was told to come again
    assert not mine.beating
    while between and not mine.beating:
        with suppress(StoreAway):
            await commit(world)
    for _ in range(3):
        assert mine.doubts == (not world.told), "timers wait for the word"
        await mine.beat()
        await clock.forward(1)
    assert world.told == [(2.0, 2.0 + length)]
    assert mine.beating
    assert not mine.doubts


async def test_who_waited_beside_others_that_were_served_was_not_kept_by_the_database(world: World) -> None:
    """A transaction that waits for others gives up after 5 s; what they committed meanwhile shows that all is well."""
    mine = world.pulse()
    with suppress(StoreAway):
        async with world.store.begin():
            await world.clock.forward(4)
            world.store.away.committed(world.clock.now())  # somebody else's
            await world.clock.forward(2)
            raise StoreAway("a lock was not free in time")
    assert not mine.beating
    await mine.beat()
    assert mine.beating
    assert world.told == []


async def commit(world: World) -> None:
    async with world.store.begin():
        pass


@pytest.mark.parametrize("step", [-3600, -61, -59, 0, 59, 61, 3600])
async def test_a_clock_that_was_set_is_noticed_once(world: World, step: int) -> None:
    """And until those who should know are told, nobody is judged."""
    mine = world.pulse()
    await mine.beat()
    await world.clock.forward(5)
    assert not mine.doubts
    world.clock.jump(step)
    assert mine.doubts == (abs(step) > 60)
    for _ in range(3):
        await mine.beat()
        assert not mine.doubts
        await world.clock.forward(5)
    assert world.steps == ([step] if abs(step) > 60 else [])


@pytest.mark.parametrize("step", [-3600, 3600])
async def test_of_a_clock_that_two_go_by_people_are_told_once(world: World, step: int) -> None:
    mine, other = world.pulse("p1"), world.pulse("p2")
    await other.beat()
    await mine.beat()
    world.clock.jump(step)
    await mine.beat()
    await other.beat()
    assert world.steps == [step]
    await world.clock.forward(61)
    world.clock.jump(step)
    await other.beat()
    assert world.steps == [step, step]
    assert world.stopped == [], "nobody can say how long, by a clock that was set"


async def test_nobody_was_running(world: World) -> None:
    """Also if the process before ended in order; a minute is no word worth; who was told once is not told again."""
    first = world.pulse("p1")
    await first.beat()
    await first.end()
    await world.clock.forward(60)
    await (second := world.pulse("p2")).beat()
    assert world.stopped == []
    await second.end()
    await world.clock.forward(61)
    world.breaks = True
    third = world.pulse("p3")
    await third.beat()
    assert third.doubts
    world.breaks = False
    await world.clock.forward(1)
    await third.beat()
    await third.beat()
    assert world.stopped == [(60.0, 121.0)]
    assert world.told == []
    assert not third.doubts


async def test_a_process_that_was_stopped_in_the_middle(world: World) -> None:
    """A machine that stood still, as its own clock tells; not if another process went on meanwhile."""
    mine, other = world.pulse("p1"), world.pulse("p2")
    await mine.beat()
    await world.clock.forward(100)
    await mine.beat()
    assert world.stopped == [(0.0, 100.0)]
    await world.clock.forward(90)
    await other.beat()
    await world.clock.forward(10)
    await mine.beat()
    assert world.stopped == [(0.0, 100.0), (100.0, 190.0)]
