"""The pulse tells when the clock was set, and when nobody was running."""

import pytest

from tests.bot.work.test_pulse import World, world

__all__ = ["world"]


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
    assert world.steps == ([(step, True)] if abs(step) > 60 else [])


@pytest.mark.parametrize("step", [-3600, 3600])
async def test_a_clock_that_was_set_where_another_process_lives(world: World, step: int) -> None:
    """Timers go by the clock of the other one, as long as it lives."""
    mine, other = world.pulse("p1"), world.pulse("p2")
    await other.beat()
    await mine.beat()
    world.clock.jump(step)
    await mine.beat()
    assert world.steps == [(step, False)]


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
