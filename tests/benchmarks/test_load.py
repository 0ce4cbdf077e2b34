"""The load is what it says, on a real server that costs nothing: the bare reference."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import load, servers
from benchmarks.client import Pool
from benchmarks.load import Result
from benchmarks.pairs import measured
from benchmarks.servers import Server
from benchmarks.shapes import WARM, Shape

pytestmark = pytest.mark.slow

FEW = Shape("few", "a few", 40, 5)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with servers.reference(tmp_path) as server:
        yield server


async def test_everything_that_is_acknowledged_is_stored(server: Server) -> None:
    await load.warm(server)
    result = await load.closed(server, FEW)
    assert result.failed == 0
    assert 0 < result.p50 <= result.p99 <= result.most
    assert result.rate > 0
    assert result.rss > 1
    assert server.stored() == WARM.sent + FEW.sent


async def test_an_open_loop_keeps_its_pace_and_a_burst_does_not_wait(server: Server) -> None:
    steady = await load.opened(server, Shape("steady", "", 20, 1), 100)
    assert steady.rate == pytest.approx(100, rel=0.3)
    burst = await load.burst(server, Shape("burst", "", 600, 1))
    assert burst.failed == 0
    assert burst.most >= burst.p50


async def test_a_request_that_was_sent_too_late_has_waited(server: Server) -> None:
    """Whoever sends is held up himself, for most of the time in which requests are due."""

    def asked_when_it_begins() -> float:
        asyncio.get_running_loop().call_later(0.01, lambda: threading.Event().wait(0.6))
        return 0.0

    result = await load.opened(replace(server, beside=asked_when_it_begins), Shape("steady", "", 20, 1), 100)
    assert result.p50 > 300


async def test_a_refusal_is_counted(server: Server) -> None:
    pool = Pool(*server.ports)
    await pool.open(1)
    pool.fill([b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"])
    await pool.answered()
    pool.close()
    assert pool.answers == {404: 1}


async def test_a_server_that_hangs_up_is_an_error() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as listening:
        pool = Pool(listening.sockets[0].getsockname()[1])
        await pool.open(1)
        pool.send(b"POST / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionError):
            await pool.answered()
        pool.close()


async def test_a_server_that_loses_alerts_ends_the_run(server: Server) -> None:
    @asynccontextmanager
    async def forgetful() -> AsyncIterator[Server]:
        yield replace(server, stored=lambda: 199)

    async def work(server: Server) -> Result:
        return await load.closed(server, FEW)

    with pytest.raises(RuntimeError, match="of 250 alerts 250 were acknowledged and 199 are stored"):
        await measured(forgetful(), FEW, work)
