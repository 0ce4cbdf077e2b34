"""One run: a seed decides what people and senders do, what goes wrong, and when the program dies.

.venv/bin/python -m tests.faults.simulator 4711            this very run again, with everything that happened in it
.venv/bin/python -m tests.faults.simulator 1 1000          a thousand runs; those that fail are told in the end
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.workspace.errors import CannotDo
from storage.sql import Sql
from tests.dying import Died
from tests.faults.simulator.alerts import Senders
from tests.faults.simulator.checks import GONE, violations
from tests.faults.simulator.ears import listening
from tests.faults.simulator.fate import fate, peace
from tests.faults.simulator.people import People
from tests.faults.simulator.virtual import VirtualLoop
from tests.faults.simulator.weather import Chance
from tests.faults.simulator.world import World

COMMAND = ".venv/bin/python -m tests.faults.simulator"
REST = 30.0
LONGEST = 200
"""Looks, REST seconds apart, until everything must have come to rest."""
WAITING = Sql(
    "SELECT key FROM effect WHERE status IN ('planned', 'started') AND (kind NOT LIKE 'clock.%' OR not_before <= :now)"
)
EVENTS = Sql("SELECT kind, COUNT(*) AS times FROM event GROUP BY kind")


@dataclass
class Report:
    """What a run showed. trouble, events: how often what went wrong, and what happened; ends:
    how and where lives ended; seconds: of the run's own time."""

    seed: int
    violations: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    trouble: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    lives: int = 0
    ends: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        told = "\n  ".join(self.violations)
        return f"seed {self.seed}: {COMMAND} {self.seed}\n  {told}\n" + "\n".join(self.trace)


def run(seed: int) -> Report:
    """The same for the same seed."""
    with (
        listening() as ears,
        tempfile.TemporaryDirectory(prefix="tocsin-run-") as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        report = runner.run(_run(Path(folder), seed))
        report.violations += ears.wrong
        return report


async def _run(folder: Path, seed: int) -> Report:
    chance = Chance(seed)
    world = World(folder, chance)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: _raised(world, context))
    senders, people = Senders(world), People(world)
    report = Report(seed, trace=world.trace)
    world.begin()
    fates = asyncio.create_task(fate(world, chance.choice((0, 1, 2, 4))))  # noqa: TID251
    try:
        await _inputs(world, senders, people)
        await _heal(world, senders, fates)
        report.violations = await violations(world, senders, people)
        report.events = await _events(world)
    finally:
        await world.close()
    report.trouble, report.lives = world.weather.trouble, len(world.lives)
    report.ends = [life.ended for life in world.lives if life.ended]
    report.seconds = world.clock.monotonic()
    return report


def _raised(world: World, context: dict[str, Any]) -> None:
    """A background task failed; of the dead nobody says ill."""
    error = context.get("exception")
    if not isinstance(error, Died):
        world.wrong.append(f"{context['message']}: {error!r}")


async def _inputs(world: World, senders: Senders, people: People) -> None:
    """From 6 to 20 things that people and senders do, some of them at once, with time between them."""
    chance = world.chance
    await senders.act()
    for _ in range(chance.randint(6, 20)):
        await world.clock.sleep(chance.choice((0.0, 0.2, 3.0, chance.expovariate(1 / 30), chance.expovariate(1 / 300))))
        acts = (senders.act, people.goes_on, people.act, people.both, world.slack_goes)
        await _together(world, chance.choices(acts, (4, 8, 6, 3, 1))[0], people)


async def _together(world: World, act: Callable[[], Awaitable[None]], people: People) -> None:
    acts = [act()] + ([people.act()] if world.chance.random() < 0.15 else [])
    for failed in await asyncio.gather(*acts, return_exceptions=True):
        if isinstance(failed, BaseException) and not isinstance(failed, CannotDo):
            raise failed


async def _heal(world: World, senders: Senders, fates: "asyncio.Task[None]") -> None:
    """Nothing goes wrong any more, all alerts end, and time passes until everything rests."""
    world.weather.heal()
    world.said("everything heals")
    await peace(world, fates)
    senders.ends()
    for _ in range(LONGEST):
        await world.clock.sleep(REST)
        if not senders.under_way and not await _waiting(world):
            return
    world.wrong.append(f"it does not come to rest: {await _waiting(world)} {len(senders.under_way)}")


async def _events(world: World) -> dict[str, int]:
    assert world.app is not None
    async with world.app.store.read() as reads:
        return {row["kind"]: row["times"] for row in await reads.rows(EVENTS)}


async def _waiting(world: World) -> list[str]:
    """Keys of what is to happen now."""
    assert world.app is not None
    async with world.app.store.read() as reads:
        gone = {row["key"] for row in await reads.rows(GONE, runner=world.app.desk.runner)}
        return [key for row in await reads.rows(WAITING, now=reads.now) if (key := row["key"]) not in gone]
