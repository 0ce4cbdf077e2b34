"""What it takes to be there: the time of `tocsin --help`, the time to start, the memory of a bot that has nothing to do."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import servers
from bot.clock import SystemClock

TIMES = 5


@dataclass(frozen=True, slots=True)
class Footprint:
    """help, start: ms; idle, connected: MiB at rest after the start, without Slack and with it."""

    help: float
    start: float
    idle: float
    connected: float


async def measured(folder: Path, rest: float) -> Footprint:
    """Start the program a few times. rest: seconds until it counts as at rest."""
    helped = median(_help() for _ in range(TIMES))
    with servers.nobody() as nobody:
        start, idle = await _at_rest(folder / "alone", nobody, rest)
    async with servers.workspace(folder / "workspace") as slack:
        _, connected = await _at_rest(folder / "connected", slack, rest)
    return Footprint(helped, start, idle, connected)


def _help() -> float:
    begun = perf_counter()
    subprocess.run([Path(sys.executable).with_name("tocsin"), "--help"], check=True, capture_output=True)
    return (perf_counter() - begun) * 1000


async def _at_rest(folder: Path, slack: Mapping[str, str], rest: float) -> tuple[float, float]:
    begun = perf_counter()
    async with servers.tocsin(folder, slack) as server:
        started = (perf_counter() - begun) * 1000
        await SystemClock().sleep(rest)
        return started, server.rss()
