"""How lives end: killed at any await or commit, or stopped for a while and going on when another has taken over."""

import asyncio

from tests.faults.simulator.life import OUTSIDE, PLACES, End, Life, Place
from tests.faults.simulator.weather import Chance
from tests.faults.simulator.world import World

REACH: dict[Place, int] = {"slack": 8, "machine": 2, "commit": 30, "statement": 300, "transaction": 60, "time": 30}
"""Within how many points of its place a life ends, counted from when it is decided."""
OFTEN: dict[Place, int] = {"slack": 4, "machine": 3, "commit": 2, "statement": 1, "transaction": 1, "time": 1}
"""How often a place is chosen, beside the others: what Slack and the machine were asked cannot be taken back."""
LATER = ((0.0, 0.0), (0.0, 20.0), (0.0, 300.0), (0.0, 600.0))
"""Seconds from the beginning of a life until its end is decided: early ends hit the recovery from the one before, late ones
what people and the machine do."""
PATIENCE = 120.0
"""Seconds after which another place is chosen: not every life calls the machine, say."""


async def fate(world: World, ends: int) -> None:
    """So many lives end, each at a point that is decided after a while; the next begins some time after it."""
    for _ in range(ends):
        await world.clock.sleep(world.chance.uniform(*world.chance.choice(LATER)))
        life = world.life
        while not life.over.is_set():
            if world.peaceful:
                return
            life.end_at = _end(world.chance)
            await world.clock.wait(asyncio.ensure_future(life.over.wait()), PATIENCE)  # noqa: TID251
        await (_killed(world) if life.dead else _taken_over(world, life))


def _end(chance: Chance) -> End:
    stands = chance.random() < 0.25
    places = OUTSIDE if stands else PLACES
    (place,) = chance.choices(places, [OFTEN[one] for one in places])
    return End("stands still" if stands else "dies", place, chance.randint(1, REACH[place]))


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
    world.life.end_at = None
    fates.cancel()
    await asyncio.gather(fates, return_exceptions=True)
