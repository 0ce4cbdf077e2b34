"""What one run measures, in which order, and when it has to end."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks import footprint, load, pairs, reaction, servers
from benchmarks.footprint import Footprint
from benchmarks.load import Result
from benchmarks.pairs import Load, Pair, Row
from benchmarks.reaction import Reaction
from benchmarks.servers import Server
from benchmarks.shapes import SHAPES, Shape, smaller
from bot.clock import SystemClock

PER_SECOND = 200
STEADY = Shape("o200", f"open loop, {PER_SECOND} POSTs of 1 alert per second", PER_SECOND * 5, 1)
BURST = Shape("b10k", "all POSTs of 1 alert at once", 10_000, 1)


@dataclass(frozen=True, slots=True)
class Size:
    """rounds: pairs of each load; smaller: by how much its counts are divided; openings: alerts for the reaction.

    rest: seconds until a bot that was started counts as at rest; seconds: after so many no pair is begun any more; loads: names
    of those that are measured, () = all.
    """

    rounds: int
    smaller: int
    openings: int
    rest: float
    seconds: float
    loads: tuple[str, ...] = ()


WHOLE = Size(rounds=3, smaller=1, openings=40, rest=3.0, seconds=290)
QUICK = Size(1, 8, openings=6, rest=0.5, seconds=30, loads=("u1", "u100", "d1", "o200", "b10k"))


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that one run found. seconds: how long it took."""

    rows: tuple[Row, ...]
    reaction: Reaction
    footprint: Footprint
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """One load. slack: "away" (every call is refused) or "there" (a local workspace that answers at once)."""

    shape: Shape
    work: Load
    slack: str = "away"

    @property
    def name(self) -> str:
        return self.shape.name if self.slack == "away" else f"{self.shape.name}+slack"

    @property
    def about(self) -> str:
        return self.shape.about if self.slack == "away" else f"{self.shape.about}, Slack answers"


def tasks(size: Size) -> list[Task]:
    """All loads of a run."""
    steady, burst = smaller(STEADY, min(size.smaller, 3)), smaller(BURST, size.smaller)
    shapes = [smaller(shape, size.smaller) for shape in SHAPES]
    every = [
        *(Task(shape, _closed(shape)) for shape in shapes),
        Task(steady, _steady(steady)),
        Task(burst, _burst(burst)),
        Task(shapes[0], _closed(shapes[0]), "there"),
        Task(steady, _steady(steady), "there"),
    ]
    return [task for task in every if not size.loads or task.name in size.loads]


async def run(folder: Path, size: Size) -> Measured:
    """Measure everything; the loads round after round, so that a slow minute does not hit one of them only."""
    clock = SystemClock()
    begun = clock.monotonic()
    small = await footprint.measured(folder / "footprint", size.rest)
    first = await reaction.measured(folder / "reaction", size.openings)
    found: dict[Task, list[Pair]] = {task: [] for task in tasks(size)}
    for n in range(size.rounds):
        for task, done in found.items():
            if clock.monotonic() - begun < size.seconds:
                done.append(await _pair(folder / f"{task.name}-{n}", task))
    rows = tuple(Row(task.name, task.about, task.shape, tuple(done)) for task, done in found.items() if done)
    return Measured(rows, first, small, clock.monotonic() - begun)


async def _pair(folder: Path, task: Task) -> Pair:
    if task.slack == "away":
        with servers.nobody() as slack:
            return await pairs.pair(folder, task.shape, task.work, slack)
    async with servers.workspace(folder / "workspace") as slack:
        return await pairs.pair(folder, task.shape, task.work, slack)


def _closed(shape: Shape) -> Load:
    async def work(server: Server) -> Result:
        return await load.closed(server, shape)

    return work


def _steady(shape: Shape) -> Load:
    async def work(server: Server) -> Result:
        return await load.opened(server, shape, PER_SECOND)

    return work


def _burst(shape: Shape) -> Load:
    async def work(server: Server) -> Result:
        return await load.burst(server, shape)

    return work
