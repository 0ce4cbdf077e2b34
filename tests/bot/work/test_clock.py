"""The clock is set back by an hour: what waits only for a limit or a retry goes on, what was promised for a moment keeps it."""

from bot.ports import Retry
from bot.work.due import set_back
from bot.work.effects import URGENT
from tests.bot.work.world import World, effect
from tests.fakes import NINE

HOUR = 3600


async def test_limits_are_not_used_up_for_an_hour(world: World) -> None:
    world.outside.answers["c0"] = [Retry(3000, "ratelimited", limited=("conversations.create",))]
    await world.put(*[effect(f"c{n}", "channel", f"lane{n}", priority=URGENT) for n in range(8)])
    await world.clock.rest()
    assert len(world.outside.calls) < 8
    world.clock.jump(-HOUR)
    await set_back(world.store)
    await world.clock.forward("2m")
    assert set(await world.status(*[f"c{n}" for n in range(8)])) == {"done"}


async def test_a_retry_is_not_waited_for_an_hour(world: World) -> None:
    world.outside.answers["a"] = [Retry(10, "500"), Retry(10, "500")]
    await world.put(effect("a"), effect("b"))
    await world.clock.rest()
    world.clock.jump(-HOUR)
    await set_back(world.store)
    await world.clock.forward("30s")
    assert await world.status("a", "b") == ["done", "done"]


async def test_a_promise_keeps_its_moment(world: World) -> None:
    await world.put(effect("due", "clock.update", "clock", not_before=NINE + 60_000_000))
    world.clock.jump(-HOUR)
    await set_back(world.store)
    await world.clock.forward(HOUR)
    assert world.reacted == []
    await world.clock.forward("61s")
    assert [key for key, _ in world.reacted] == ["due"]


async def test_the_sweep_goes_on(world: World) -> None:
    await world.engine.tick(world.clock.now())
    world.clock.jump(-HOUR)
    engine, world.store.engine = world.store.engine, None
    await world.put(effect("a"))  # and nobody is woken
    world.store.engine = engine
    await world.clock.forward(11)
    await world.engine.tick(world.clock.now())
    assert await world.status("a") == ["done"]
