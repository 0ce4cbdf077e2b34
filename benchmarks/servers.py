"""The programs that are measured, each a process of its own in a folder of its own."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from benchmarks.shapes import TOKEN
from bot.clock import SystemClock

TICKS = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. stored: SQL for the number of alerts in its database, repeats counted."""

    name: str
    pid: int
    port: int
    database: Path
    stored: str

    def cpu(self) -> float:
        """Seconds of CPU that the process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def count(self) -> int:
        """Alerts in the database, read from outside."""
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute(self.stored).fetchone()[0])


@asynccontextmanager
async def reference(folder: Path) -> AsyncIterator[Server]:
    """The bare reference of benchmarks/reference.py."""
    port, database = free_port(), folder / "reference.db"
    async with _process(folder, {}, "-m", "benchmarks.reference", str(port), str(database)) as process:
        await _listens(process, port)
        yield Server("reference", process.pid, port, database, "SELECT sum(n) FROM alert")


@asynccontextmanager
async def tocsin(folder: Path, slack: Mapping[str, str]) -> AsyncIterator[Server]:
    """`tocsin serve`, with a token for its senders and no configuration. slack: its SLACK_… settings."""
    port, database = free_port(), folder / "tocsin.db"
    settings = {
        "TOCSIN_DATABASE_URL": f"sqlite:///{database}",
        "TOCSIN_HTTP_PORT": str(port),
        "TOCSIN_CONFIG_DIR": str(folder / "config"),
        "TOCSIN_RUNNER_DIR": str(folder / "runner"),
        "TOCSIN_ALERT_TOKEN": TOKEN,
        **slack,
    }
    async with _process(folder, settings, "-m", "bot", "serve") as process:
        await _listens(process, port)
        yield Server("tocsin", process.pid, port, database, "SELECT sum(count) FROM alert")


@asynccontextmanager
async def workspace(folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """`tocsin workspace`: a Slack that answers at once; its settings for the bot."""
    port = free_port()
    async with _process(folder, {}, "-m", "bot", "workspace", "--port", str(port)) as process:
        await _listens(process, port)
        assert process.stdout is not None
        said: dict[str, str] = {}
        while len(said) < 4:
            line = (await process.stdout.readline()).decode().strip()
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").partition("=")
                said[name] = value
        yield said


@contextmanager
def nobody() -> Iterator[Mapping[str, str]]:
    """Settings for a Slack that is away: every call is refused at once."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # bound and never listening, so that nobody else can take it
        url = f"http://127.0.0.1:{held.getsockname()[1]}/api/"
        yield {"SLACK_API_URL": url, "SLACK_BOT_TOKEN": "xoxb-nobody", "SLACK_APP_TOKEN": "xapp-nobody"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _process(folder: Path, settings: Mapping[str, str], *arguments: str) -> AsyncIterator[Process]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "SLACK_"))}
    root = str(Path(__file__).parents[1])
    with _log(folder) as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=folder,
            env={**clean, "PYTHONPATH": root, **settings},
            stdout=PIPE,
            stderr=log,
        )
    try:
        yield process
    finally:
        await _end(process)


def _log(folder: Path) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "log").open("ab")


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _listens(process: Process, port: int) -> None:
    """Wait until the program takes connections. RuntimeError: it ended, or took too long."""
    clock = SystemClock()
    end = clock.monotonic() + STARTS_WITHIN
    while process.returncode is None and clock.monotonic() < end:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await clock.sleep(0.02)
    raise RuntimeError(f"a program did not start: exit code {process.returncode}; see its log")
