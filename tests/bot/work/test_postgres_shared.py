"""What replicas share by rows: a moment that is due is one moment, and a limit is one limit, whoever calls."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.domain.terms import MINUTE, Micros
from bot.ports import Effect, Retry
from bot.work.due import plan_schedules
from bot.work.effects import PAGE, URGENT
from bot.work.postgres import Replica
from tests.bot.work.world import Outside, World, effect
from tests.fakes import NINE

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]
CREATE = "conversations.create"


class Pair:
    """Two replicas on one database, each with an outside of its own; both tick at the same moment."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        self.clock = worlds[0].clock

    async def next_due(self) -> Micros | None:
        return await self.worlds[0].engine.next_due()

    async def tick(self, now: Micros) -> None:
        await asyncio.gather(*[world.engine.tick(now) for world in self.worlds])

    @property
    def moments(self) -> list[Micros]:
        """Of all calls of both."""
        return sorted(at for world in self.worlds for at in world.outside.moments)

    def reacted(self) -> list[str]:
        """Keys of all decisions of both."""
        return sorted(key for world in self.worlds for key, _ in world.reacted)


@pytest.fixture
async def pair(world: World) -> AsyncIterator[Pair]:
    other = World(world.url, Replica, world.clock)
    other.outside = Outside(world.clock)
    other.handlers = dict.fromkeys(world.handlers, other.outside.handle)
    world.others.append(await other.open())
    made = Pair((world, other))
    for each in made.worlds:
        world.clock.release(each.engine)
    world.clock.drive(made)
    yield made
    world.clock.release(made)
    for each in made.worlds:
        world.clock.drive(each.engine)


async def test_a_schedule_is_one_for_both(pair: Pair) -> None:
    """Both start with the same line, at the same moment; each turn is had once, and what was missed is caught up once."""
    await asyncio.gather(*[plan_schedules(each.store, {"digest": ("0 * * * *", "UTC")}) for each in pair.worlds])
    await pair.clock.forward("3h")
    turns = [f"schedule:digest:{NINE + hour * 60 * MINUTE}" for hour in (1, 2, 3)]
    assert pair.reacted() == turns
    pair.clock.jump("10h")
    await pair.clock.rest()
    await pair.clock.rest()
    assert len(pair.reacted()) == 4


async def test_a_timer_is_due_once(pair: Pair) -> None:
    due = [effect(f"due{n:02}", "clock.update", f"clock{n}", not_before=NINE + MINUTE) for n in range(20)]
    await pair.worlds[0].put(*due)
    await pair.clock.forward("59s")
    assert pair.reacted() == []
    await pair.clock.forward("2s")
    assert pair.reacted() == [each.key for each in due]


async def test_both_keep_one_limit(pair: Pair) -> None:
    """Twenty a minute for both together, the burst included."""
    await asyncio.gather(*[each.put(*channels(f"{n}:", 15)) for n, each in enumerate(pair.worlds)])
    await pair.clock.forward("3m")
    assert len(pair.moments) == 30
    assert [sum(at == NINE for at in pair.moments), pair.moments[-1] - NINE] == [5, 25 * 4_000_000]
    assert all(sum(first <= at < first + MINUTE for at in pair.moments) <= 20 for first in pair.moments)


async def test_what_one_has_used_up_the_other_does_not_have(pair: Pair) -> None:
    one, two = pair.worlds
    pair.clock.release(pair)
    await one.put(*channels("one ", 5))
    await one.engine.tick(pair.clock.now())
    assert len(one.outside.calls) == 5
    await two.put(*channels("two ", 1))
    await two.engine.tick(pair.clock.now())
    assert two.outside.keys == []
    pair.clock.drive(pair)
    await pair.clock.forward("10s")
    assert pair.moments == [NINE] * 5 + [NINE + 4_000_000]


async def test_a_429_that_one_gets_holds_for_both(pair: Pair) -> None:
    one, two = pair.worlds
    pair.clock.release(pair)
    one.outside.answers["a"] = [Retry(30, "ratelimited", limited=(CREATE,))]
    await one.put(effect("a", "channel", "a"))
    await one.engine.tick(pair.clock.now())
    assert one.outside.keys == ["a"]
    await two.put(effect("b", "channel", "b", priority=PAGE), effect("free", lane="c"))
    await two.engine.tick(pair.clock.now())
    assert two.outside.keys == ["free"], "whoever was not told waits, too"
    pair.clock.drive(pair)
    await pair.clock.forward("29s")
    assert len(pair.moments) == 2
    await pair.clock.forward("20s")
    assert min(at for at in pair.moments[2:]) == NINE + 30_000_000
    assert await one.status("a", "b") == ["done", "done"]


def channels(name: str, count: int) -> list[Effect]:
    return [effect(f"{name}{n}", "channel", f"lane {name}{n}", priority=URGENT) for n in range(count)]
