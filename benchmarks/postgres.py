"""A PostgreSQL server of our own for a run: durable as it is installed, with a fresh database for each measurement."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from benchmarks.process import cpu_of
from storage.migrations import upgrade
from tests.postgres import Server, program


class Postgres:
    """The server. Its processes share the cores with what is measured, so what they use is counted beside."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._empty = server.create()
        upgrade(server.url(self._empty))

    def fresh(self) -> str:
        """The URL of a new database with our tables."""
        return self._server.url(self._server.create(self._empty))

    def cpu(self) -> float:
        """Seconds of CPU that all processes of the server have used."""
        pid = int((self._server.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return cpu_of(pid, ended_children=True) + sum(_cpu(int(child)) for child in children)


def _cpu(pid: int) -> float:
    try:
        return cpu_of(pid)
    except OSError:  # it has just ended, and is counted with its parent
        return 0.0


def in_database(url: str, question: str) -> Callable[[], int]:
    """Asks a database for a number."""

    def asked() -> int:
        with psycopg.connect(url) as connection:
            row = connection.execute(question.encode()).fetchone()
            return int(row[0]) if row else 0

    return asked


@asynccontextmanager
async def server() -> AsyncIterator[Postgres | None]:
    """None where initdb and pg_ctl are not installed: then the table says so."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if initdb is None or pg_ctl is None:
        yield None
        return
    running = await asyncio.to_thread(Server, initdb, pg_ctl, durable=True)
    try:
        yield await asyncio.to_thread(Postgres, running)
    finally:
        await asyncio.to_thread(running.stop)
