"""What one run measures, in which order, and when it has to end."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import acks, approval, footprint, load, pairs, postgres, reaction, restart, servers, views, wake
from benchmarks.acks import Acks
from benchmarks.approval import Starts
from benchmarks.footprint import Footprint
from benchmarks.load import Result
from benchmarks.pairs import Load, Pair, Row, Starting, measured
from benchmarks.postgres import Postgres
from benchmarks.reaction import Reaction
from benchmarks.restart import Restart
from benchmarks.servers import ALERTMANAGER, Server
from benchmarks.shapes import SHAPES, Shape, smaller
from benchmarks.views import Views
from benchmarks.wake import Wakes
from bot.clock import SystemClock

PER_SECOND = 200
STEADY = Shape("o200", f"open loop, {PER_SECOND} POSTs of 1 alert per second", PER_SECOND * 5, 1)
BURST = Shape("b10k", "all POSTs of 1 alert at once", 10_000, 1)
BOTH = ("postgresql", "alertmanager")
BESIDE: Mapping[str, tuple[str, ...]] = {"u1": BOTH, "u100": BOTH, "d1": BOTH, "o200": BOTH}
"""Load → which other systems are measured in the same round. (The burst takes PostgreSQL as long as all others together.)"""
REPLICAS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Size:
    """rounds: pairs of each load; smaller: by how much its counts are divided; openings, wakes: how often these are measured.

    commands: typed while so many incidents are open; rest: seconds until a bot that was started counts as at rest;
    incidents: open ones, of 100 alerts each, before the restart;
    seconds: after so many no measurement is begun any more; loads: names of those that are measured, () = all.
    """

    rounds: int
    smaller: int
    openings: int
    wakes: int
    rest: float
    incidents: int
    commands: int
    seconds: float
    loads: tuple[str, ...] = ()


WHOLE = Size(rounds=3, smaller=1, openings=30, wakes=100, rest=3.0, incidents=1000, commands=1500, seconds=1020)
QUICK = Size(1, 8, 6, 20, rest=0.5, incidents=20, commands=100, seconds=45, loads=("u1", "u100", "d1", "o200", "b10k"))


@dataclass(frozen=True, slots=True)
class Replicas:
    """One load on so many replicas on PostgreSQL."""

    shape: Shape
    many: int
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that one run found. seconds: how long it took; missing: what is not installed, and so was not measured."""

    rows: tuple[Row, ...]
    replicas: tuple[Replicas, ...]
    reaction: Reaction
    wakes: Mapping[str, Wakes]
    restarts: Mapping[str, Restart]
    starts: Starts
    acks: Acks
    views: Views
    footprint: Footprint
    seconds: float
    missing: tuple[str, ...] = ()


SLACK = {
    "away": ("", ""),
    "there": ("+slack", ", Slack answers"),
    "limited": ("+429", ", Slack says 429 to every third call"),
}
"""Slack in a load → what a task's name and its description end with. away: every call is refused; there: a local workspace that
answers at once; limited: the same, and every third call is told to come back in 30 s."""


@dataclass(frozen=True, slots=True)
class Task:
    """One load. slack: a key of SLACK."""

    shape: Shape
    work: Load
    slack: str = "away"

    @property
    def name(self) -> str:
        return self.shape.name + SLACK[self.slack][0]

    @property
    def about(self) -> str:
        return self.shape.about + SLACK[self.slack][1]


def tasks(size: Size) -> list[Task]:
    """All loads of a run."""
    steady, burst = smaller(STEADY, min(size.smaller, 3)), smaller(BURST, size.smaller)
    shapes = [smaller(shape, size.smaller) for shape in SHAPES]
    every = [
        *(Task(shape, _closed(shape)) for shape in shapes),
        Task(steady, _steady(steady)),
        Task(burst, _burst(burst)),
        Task(steady, _steady(steady), "there"),
        Task(steady, _steady(steady), "limited"),
    ]
    return [task for task in every if not size.loads or task.name in size.loads]


async def run(folder: Path, size: Size) -> Measured:
    """Measure everything; the loads round after round, so that a slow minute does not hit one of them only. Replicas, of which
    nothing is asked, come last: each load has its pairs before."""
    clock = SystemClock()
    begun = clock.monotonic()
    async with postgres.server() as server:
        small = await footprint.measured(folder / "footprint", size.rest)
        first = await reaction.measured(folder / "reaction", size.openings)
        wakes = await wake.measured(folder / "wake", server, size.wakes)
        starts = await approval.measured(folder / "approval", max(2, size.openings // 5))
        restarts = await restart.measured(folder / "restart", server, size.incidents)
        typed = await acks.measured(folder / "acks", size.incidents, size.commands)
        drawn = views.measured(size.openings)
        found: dict[Task, list[Pair]] = {task: [] for task in tasks(size)}
        several: dict[tuple[Shape, int], list[Result]] = {key: [] for key in _several(size, server)}
        for n in range(size.rounds):
            for task, done in found.items():
                if clock.monotonic() - begun < size.seconds:
                    done.append(await _pair(folder / f"{task.name}-{n}", task, server))
        for n in range(size.rounds):
            for (shape, many), results in several.items():
                if server is not None and clock.monotonic() - begun < size.seconds:
                    results.append(await _on(folder / f"{shape.name}-{many}-{n}", server, shape, many))
    rows = tuple(Row(task.name, task.about, task.shape, tuple(done)) for task, done in found.items() if done)
    replicas = tuple(Replicas(shape, many, tuple(r)) for (shape, many), r in several.items() if r)
    seconds = clock.monotonic() - begun
    return Measured(rows, replicas, first, wakes, restarts, starts, typed, drawn, small, seconds, _missing(server))


def _missing(server: Postgres | None) -> tuple[str, ...]:
    there = {"PostgreSQL": server is not None, "Alertmanager": shutil.which(ALERTMANAGER) is not None}
    return tuple(name for name, found in there.items() if not found)


def _several(size: Size, server: Postgres | None) -> list[tuple[Shape, int]]:
    names = {"u1", "u100"}.intersection(size.loads or ("u1", "u100"))
    shapes = [smaller(shape, size.smaller * 4) for shape in SHAPES if shape.name in names]
    return [(shape, many) for shape in shapes for many in REPLICAS] if server else []


async def _on(folder: Path, server: Postgres, shape: Shape, many: int) -> Result:
    with servers.nobody() as slack:
        return await measured(servers.replicas(folder, slack, server, many), shape, _closed(shape))


async def _pair(folder: Path, task: Task, server: Postgres | None) -> Pair:
    if task.slack == "away":
        with servers.nobody() as slack:
            others = _others(task, slack, server)
            return await pairs.pair(folder, task.shape, task.work, slack, others)
    async with servers.workspace(folder / "workspace", limited=task.slack == "limited") as slack:
        return await pairs.pair(folder, task.shape, task.work, slack)


def _others(task: Task, slack: Mapping[str, str], server: Postgres | None) -> Mapping[str, Starting]:
    """Other systems that take this load, if they are installed."""
    wanted = BESIDE.get(task.name, ())
    found: dict[str, Starting] = {}
    if server is not None and "postgresql" in wanted:
        found["postgresql"] = lambda folder: servers.replicas(folder, slack, server)
    if "alertmanager" in wanted and shutil.which(ALERTMANAGER):
        found["alertmanager"] = servers.alertmanager
    return found


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
