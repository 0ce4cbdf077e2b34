"""A small HTTP/1.1 client: it takes about a third of what a full one takes, since it shares the machine with what it measures."""

import asyncio
from collections import Counter, deque
from time import perf_counter

LONGEST = 60.0
"""Seconds after which a run has failed."""


class Pool:
    """Connections that are kept open, and requests that wait for one.

    took: for each request, seconds from when it was due (or went out, for those of `fill`) to the end of its answer;
    answers: how many of each status.
    """

    def __init__(self, *ports: int) -> None:
        self._ports = ports
        self._idle: list[_Connection] = []
        self._all: list[_Connection] = []
        self._waiting: deque[tuple[bytes, float | None]] = deque()
        self._left = 0
        self._rest = asyncio.get_running_loop().create_future()
        self.took: list[float] = []
        self.answers: Counter[int] = Counter()

    async def open(self, connections: int) -> None:
        """Connect so many times, to each port in its turn."""
        loop = asyncio.get_running_loop()
        for n in range(connections):
            port = self._ports[n % len(self._ports)]
            _, connection = await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
            self._all.append(connection)
            self._idle.append(connection)

    def fill(self, requests: list[bytes]) -> None:
        """Requests that have no hurry: each connection takes the next one when it has its answer."""
        self._take([(data, None) for data in requests])

    def send(self, *requests: bytes, due: float | None = None) -> None:
        """Requests that are due now, or were at this moment (perf_counter): who sends too late does not hide that they waited."""
        since = perf_counter() if due is None else due
        self._take([(data, since) for data in requests])

    def _take(self, requests: list[tuple[bytes, float | None]]) -> None:
        self._left += len(requests)
        self._waiting.extend(requests)
        while self._idle and self._waiting:
            self._idle.pop().send(*self._waiting.popleft())

    async def answered(self) -> None:
        """Wait until everything is answered. TimeoutError, ConnectionError."""
        async with asyncio.timeout(LONGEST):
            while self._left:
                self._rest = asyncio.get_running_loop().create_future()
                await self._rest

    def close(self) -> None:
        for connection in self._all:
            connection.close()

    def done(self, connection: "_Connection", status: int, seconds: float) -> None:
        """A connection has its answer."""
        self.took.append(seconds)
        self.answers[status] += 1
        self._left -= 1
        if self._waiting:
            connection.send(*self._waiting.popleft())
        else:
            self._idle.append(connection)
        if not self._left and not self._rest.done():
            self._rest.set_result(None)

    def lost(self) -> None:
        """A connection ended in the middle of a request."""
        if not self._rest.done():
            self._rest.set_exception(ConnectionError("the server closed a connection before it answered"))


class _Connection(asyncio.Protocol):
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._since: float | None = None
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, data: bytes, since: float | None) -> None:
        self._since = perf_counter() if since is None else since
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        since, self._since = self._since, None
        assert since is not None, "an answer that nobody asked for"
        self._pool.done(self, int(head[9:12]), perf_counter() - since)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._since is not None:
            self._pool.lost()

    def close(self) -> None:
        self._transport.close()


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])
