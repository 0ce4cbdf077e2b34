"""A connection to PostgreSQL on which nothing waits for ever, whatever the server or the network does.

A server that is slow ends a statement itself, and the connection lives on. One that hangs (stopped, behind a network that swallows
everything) answers no cancel either: then the socket is shut down here, so that who waits is told at once.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from storage.database import BOUND
from storage.sql import Found

LOCKED, STATEMENT = BOUND - 1.5, BOUND - 1.0
"""Seconds until the server gives up: before we cut it off, and a lock first, so that the log names it."""
ABANDONED = 10.0
"""Seconds until the server takes back a transaction in which nothing happens. Who was stopped in the middle of one must not hold up
those who take over from it; none of ours is idle for one second."""
_SERVER = {
    "lock_timeout": LOCKED,
    "statement_timeout": STATEMENT,
    "idle_in_transaction_session_timeout": ABANDONED,
}
_OPTIONS = " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in _SERVER.items()) + " -c timezone=UTC"
_NETWORK = {
    "tcp_user_timeout": round(BOUND * 1000),
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""For connections that only listen: a host that is gone without a word is noticed after 25 s."""


LEAST = 2
"""Seconds that each of several hosts gets at least, before the next one is asked: libpq knows no less."""


class Connection(psycopg.AsyncConnection[Found]):
    """cut: it was cut off because the server did not answer in time."""

    cut = False
    _until: float | None = None

    async def wait(self, gen: Any, *args: Any, **named: Any) -> Any:
        """Everything that is asked of the server comes through here. What has its own limit (listening) keeps it."""
        if named.get("timeout") is not None:
            return await super().wait(gen, *args, **named)
        loop = asyncio.get_running_loop()
        alarm = loop.call_at(self._until or loop.time() + BOUND, self._cut)
        try:
            return await super().wait(gen, *args, **named)
        except psycopg.OperationalError:
            if self.cut:
                raise psycopg.OperationalError("the server does not answer") from None
            raise
        finally:
            alarm.cancel()

    @contextmanager
    def bounded(self, until: float) -> Iterator[None]:
        """Inside the block, cut it off at this moment of the loop's clock."""
        self._until = until
        try:
            yield
        finally:
            self._until = None

    def _cut(self) -> None:
        """Shut the socket down: closing it would give its number to others while we still wait for it."""
        self.cut = True
        with suppress(OSError), socket.socket(fileno=os.dup(self.fileno())) as twin:
            twin.shutdown(socket.SHUT_RDWR)


async def connect(url: str) -> Connection:
    """A connection as this program wants it: no transaction of its own accord, rows as dictionaries, bounded waits.

    What the URL says itself goes before what is said here.
    """
    given = cast("dict[str, Any]", conninfo_to_dict(url))
    options = f"{_OPTIONS} {given.pop('options', '')}".strip()
    share = max(LEAST, round(BOUND / (1 + str(given.get("host", "")).count(","))))
    wanted = {**_NETWORK, "connect_timeout": share, **given, "options": options}
    return await Connection.connect(autocommit=True, row_factory=cast("Any", dict_row), **wanted)
