"""Loads, each bounded and on the loopback only: closed loop, open loop, and everything at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from benchmarks.client import Pool
from benchmarks.servers import Server
from benchmarks.shapes import WARM, Shape, requests
from bot.clock import SystemClock

CONNECTIONS = 64
AT_ONCE = 500
"""Connections for the burst: each gets its part of the requests."""


@dataclass(frozen=True, slots=True)
class Result:
    """rate: alerts acknowledged per second; cpu: ms of the server's CPU per alert; p50, p99, most: ms per request.

    rss: MiB of the server afterwards; failed: answers that were not 200; beside: ms of CPU per alert of its database server.
    """

    rate: float
    cpu: float
    p50: float
    p99: float
    most: float
    rss: float
    failed: int
    beside: float = 0.0

    def figure(self, name: str) -> float:
        """One of the fields by its name."""
        found: float = getattr(self, name)
        return found


async def warm(server: Server) -> None:
    """A first few requests, so that nobody measures imports and empty tables."""
    pool = Pool(*server.ports)
    await pool.open(4)
    pool.fill(requests(WARM, server.sent))
    await pool.answered()
    pool.close()


async def closed(server: Server, shape: Shape) -> Result:
    """As fast as it goes over CONNECTIONS connections."""
    work = requests(shape, server.sent)
    pool = Pool(*server.ports)
    await pool.open(CONNECTIONS)
    with _quiet():
        cpu, begun = _cpu(server), perf_counter()
        pool.fill(work)
        await pool.answered()
        return _result(server, shape, pool, perf_counter() - begun, cpu)


async def opened(server: Server, shape: Shape, per_second: int) -> Result:
    """Requests that come at their moment, whether or not those before them are answered; latencies count from it."""
    work, clock = requests(shape, server.sent), SystemClock()
    pool = Pool(*server.ports)
    await pool.open(CONNECTIONS)
    with _quiet():
        cpu, begun = _cpu(server), perf_counter()
        for n, data in enumerate(work):
            due = begun + n / per_second
            if (wait := due - perf_counter()) > 0:
                await clock.sleep(wait)
            pool.send(data, due=due)
        await pool.answered()
        return _result(server, shape, pool, perf_counter() - begun, cpu)


async def burst(server: Server, shape: Shape) -> Result:
    """All requests are due at the same moment; latencies count from it."""
    work = requests(shape, server.sent)
    pool = Pool(*server.ports)
    await pool.open(min(AT_ONCE, shape.posts))
    with _quiet():
        cpu, begun = _cpu(server), perf_counter()
        pool.send(*work)
        await pool.answered()
        return _result(server, shape, pool, perf_counter() - begun, cpu)


def _cpu(server: Server) -> tuple[float, float]:
    return server.cpu(), server.beside()


def _result(server: Server, shape: Shape, pool: Pool, elapsed: float, before: tuple[float, float]) -> Result:
    used, beside = (now - then for now, then in zip(_cpu(server), before))
    pool.close()
    took = sorted(seconds * 1000 for seconds in pool.took)
    good = pool.answers[200]
    return Result(
        rate=good * shape.alerts / elapsed,
        cpu=used * 1000 / shape.sent,
        p50=took[len(took) // 2],
        p99=took[int(len(took) * 0.99)],
        most=took[-1],
        rss=server.rss(),
        failed=shape.posts - good,
        beside=beside * 1000 / shape.sent,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Our own garbage collection is not the server's latency."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
