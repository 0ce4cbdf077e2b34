"""Pairs: the reference, Tocsin, the reference again, each a fresh process with a fresh database.

This machine is faster in one minute than in the next; a ratio within a pair says more than any figure by itself. Other systems
are measured between the two references, too.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from benchmarks import load, servers
from benchmarks.load import Result
from benchmarks.servers import Server
from benchmarks.shapes import WARM, Shape

Load = Callable[[Server], Awaitable[Result]]
Starting = Callable[[Path], AbstractAsyncContextManager[Server]]
"""Starts a system in a folder."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One measurement of Tocsin, the one of the reference before it, the one after it, and those of other systems by name."""

    ours: Result
    before: Result
    after: Result
    others: Mapping[str, Result] = field(default_factory=dict)

    def reference(self, name: str) -> float:
        """The reference's figure (a field of Result)."""
        return mean([self.before.figure(name), self.after.figure(name)])

    def ratio(self, name: str) -> float:
        """Tocsin's figure in reference's."""
        return self.ours.figure(name) / self.reference(name)


@dataclass(frozen=True, slots=True)
class Row:
    """All pairs of one load."""

    name: str
    about: str
    shape: Shape
    pairs: tuple[Pair, ...]

    def ours(self, name: str) -> float:
        return median(pair.ours.figure(name) for pair in self.pairs)

    def reference(self, name: str) -> float:
        return median(pair.reference(name) for pair in self.pairs)

    def ratio(self, name: str) -> float:
        return median(pair.ratio(name) for pair in self.pairs)

    def range(self, name: str) -> tuple[float, float]:
        """The smallest and the largest ratio."""
        found = [pair.ratio(name) for pair in self.pairs]
        return min(found), max(found)

    def other(self, system: str, name: str) -> float:
        """The figure of another system."""
        return median(pair.others[system].figure(name) for pair in self.pairs)

    @property
    def systems(self) -> tuple[str, ...]:
        """The other systems that were measured."""
        return tuple(self.pairs[0].others)

    @property
    def failed(self) -> int:
        """Requests of anybody that were not answered with 200."""
        return sum(r.failed for pair in self.pairs for r in (pair.ours, pair.before, pair.after, *pair.others.values()))


async def pair(
    folder: Path, shape: Shape, work: Load, slack: Mapping[str, str], others: Mapping[str, Starting] | None = None
) -> Pair:
    """Measure once."""
    before = await measured(servers.reference(folder / "before"), shape, work)
    ours = await measured(servers.tocsin(folder / "ours", slack), shape, work)
    found = {name: await measured(start(folder / name), shape, work) for name, start in (others or {}).items()}
    after = await measured(servers.reference(folder / "after"), shape, work)
    return Pair(ours, before, after, found)


async def measured(starting: AbstractAsyncContextManager[Server], shape: Shape, work: Load) -> Result:
    """RuntimeError: an alert that was acknowledged is not in the database, or one is there twice.

    What was answered with 503 after 5 s may have been committed later all the same.
    """
    async with starting as server:
        await load.warm(server)
        result = await work(server)
        sent, found = WARM.sent + shape.sent, server.stored()
        acknowledged = sent - result.failed * shape.alerts
        if not acknowledged <= found <= sent:
            raise RuntimeError(
                f"{server.name}: of {sent} alerts {acknowledged} were acknowledged and {found} are stored"
            )
    return result
