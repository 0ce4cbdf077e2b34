"""How lives end: killed at any await or commit, or stopped for a while and going on when another has taken over."""

import asyncio

from tests.faults.simulator.life import Life
from tests.faults.simulator.world import World

REACH = (20, 120, 500)
"""Points within which a life ends, counted from when it is decided: early ends hit the recovery from the one before."""


async def fate(world: World, ends: int) -> None:
    """So many lives end, each at a point that is decided when it begins; the next begins some time after it."""
    for _ in range(ends):
        if world.peaceful:
            return
        stands = world.chance.random() < 0.25
        life, at = world.life, world.life.points + world.chance.randint(1, world.chance.choice(REACH))
        if stands:
            life.stands_at = at
        else:
            life.dies_at = at
        await life.over.wait()
        await (_taken_over(world, life) if stands and not life.dead else _killed(world))


async def _killed(world: World) -> None:
    await world.bury()
    await world.clock.sleep(world.chance.choice((0.0, 1.0, world.chance.uniform(0.0, 120.0))))
    world.begin()


async def _taken_over(world: World, life: Life) -> None:
    """It stands still; another begins, with a runner directory of its own; then it goes on, and ends as it is told to."""
    stop = world.stop
    await world.clock.sleep(world.chance.uniform(10.0, 60.0))
    world.runner = world.folder / f"runner{len(world.lives)}"
    world.begin()
    await world.clock.sleep(world.chance.uniform(0.0, 60.0))
    stop.set()
    life.goes_on()
    await world.clock.sleep(10.0)
    await life.end()


async def peace(world: World, fates: "asyncio.Task[None]") -> None:
    """No more ends; what stands still is taken over and goes on, what is dead has a successor."""
    world.peaceful = True
    if world.life.over.is_set():
        await fates
    world.life.dies_at = world.life.stands_at = None
    fates.cancel()
    await asyncio.gather(fates, return_exceptions=True)
