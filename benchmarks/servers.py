"""The programs that are measured, each a process (or several) of its own in a folder of its own."""

import asyncio
import json
import re
import shutil
import socket
import sqlite3
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.postgres import Postgres, in_database
from benchmarks.process import PYTHON, cpu_of, free_port, listens, rss_of, started
from benchmarks.shapes import TOKEN, Sent

ALERTMANAGER = "prometheus-alertmanager"
STORED = "SELECT sum(count) FROM alert"
"""Alerts that Tocsin has, repeats counted."""


def _nothing() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ports: of its processes; stored: alerts that it has, repeats counted, asked from outside.

    beside: seconds of CPU of what works for it (a database server); sent: the form in which it takes alerts.
    """

    name: str
    pids: tuple[int, ...]
    ports: tuple[int, ...]
    stored: Callable[[], int]
    beside: Callable[[], float] = _nothing
    sent: Sent = "webhook"

    def cpu(self) -> float:
        """Seconds of CPU that its own processes have used."""
        return sum(cpu_of(pid) for pid in self.pids)

    def rss(self) -> float:
        """Resident memory in MiB, of the largest process."""
        return max(rss_of(pid) for pid in self.pids)


@asynccontextmanager
async def reference(folder: Path) -> AsyncIterator[Server]:
    """The bare reference of benchmarks/reference.py."""
    port, database = free_port(), folder / "reference.db"
    async with started(folder, {}, *PYTHON, "benchmarks.reference", str(port), str(database)) as process:
        await listens(process, port)
        yield Server("reference", (process.pid,), (port,), in_file(database, "SELECT sum(n) FROM alert"))


@asynccontextmanager
async def tocsin(folder: Path, slack: Mapping[str, str], *program: str) -> AsyncIterator[Server]:
    """`tocsin serve` on SQLite. slack: its SLACK_… settings; program: as in `bot`."""
    database = folder / "tocsin.db"
    async with bot(folder, slack, f"sqlite:///{database}", *program) as (pid, port):
        yield Server("tocsin", (pid,), (port,), in_file(database, STORED))


@asynccontextmanager
async def replicas(folder: Path, slack: Mapping[str, str], server: Postgres, many: int = 1) -> AsyncIterator[Server]:
    """`tocsin serve`, so many times, on one new PostgreSQL database."""
    url = server.fresh()
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(bot(folder / f"{n}", slack, url)) for n in range(many)]
        pids, ports = zip(*found)
        yield Server("postgresql", pids, ports, in_database(url, STORED), server.cpu)


@asynccontextmanager
async def bot(folder: Path, slack: Mapping[str, str], url: str, *program: str) -> AsyncIterator[tuple[int, int]]:
    """One `tocsin serve`, with a token for its senders and nothing configured; its pid and port. program: another module that does
    the same, and its arguments."""
    port = free_port()
    (folder / "config").mkdir(parents=True, exist_ok=True)
    settings = {
        "TOCSIN_DATABASE_URL": url,
        "TOCSIN_HTTP_PORT": str(port),
        "TOCSIN_CONFIG_DIR": str(folder / "config"),
        "TOCSIN_RUNNER_DIR": str(folder / "runner"),
        "TOCSIN_ALERT_TOKEN": TOKEN,
        **slack,
    }
    async with started(folder, settings, *PYTHON, *(program or ("bot", "serve"))) as process:
        await listens(process, port)
        yield process.pid, port


@asynccontextmanager
async def alertmanager(folder: Path) -> AsyncIterator[Server]:
    """Debian's Alertmanager, which keeps alerts in memory only and calls nobody here. It must be installed."""
    port, program = free_port(), shutil.which(ALERTMANAGER)
    assert program is not None
    options = {
        "config.file": _quiet_config(folder),
        "storage.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{port}",
        "cluster.listen-address": "",
        "log.level": "error",
    }
    async with started(folder, {}, program, *(f"--{name}={value}" for name, value in options.items())) as process:
        await listens(process, port)
        yield Server("alertmanager", (process.pid,), (port,), lambda: _received(port), sent="api")


def _quiet_config(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "alertmanager.yml"
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    return config


def _received(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        said = answer.read().decode()
    return int(sum(float(n) for n in re.findall(r"^alertmanager_alerts_received_total\{.*\} (\S+)$", said, re.M)))


@asynccontextmanager
async def workspace(folder: Path, limited: bool = False) -> AsyncIterator[Mapping[str, str]]:
    """`tocsin workspace`: a Slack that answers at once; its settings for the bot. limited: but every third call with a 429."""
    port = free_port()
    async with started(folder, {}, *PYTHON, "bot", "workspace", "--port", str(port)) as process:
        await listens(process, port)
        assert process.stdout is not None
        said: dict[str, str] = {}
        while not {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"} <= said.keys():
            line = (await process.stdout.readline()).decode().strip()
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").partition("=")
                said[name] = value
        if limited:
            await asyncio.to_thread(_limit, port)
        yield said


def _limit(port: int) -> None:
    """Every third call is told to come back in 30 s, 2,000 times."""
    plan = [{"trouble": "ratelimited", "skip": 2 * n, "after": 30} for n in range(1, 2_001)]
    kind = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/page/control", json.dumps({"plan": plan}).encode(), kind)
    with urllib.request.urlopen(asked) as answer:
        answer.read()


@contextmanager
def nobody() -> Iterator[Mapping[str, str]]:
    """Settings for a Slack that is away: every call is refused at once."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # bound and never listening, so that nobody else can take it
        url = f"http://127.0.0.1:{held.getsockname()[1]}/api/"
        yield {"SLACK_API_URL": url, "SLACK_BOT_TOKEN": "xoxb-nobody", "SLACK_APP_TOKEN": "xapp-nobody"}


def in_file(database: Path, question: str) -> Callable[[], int]:
    """Asks an SQLite file for a number."""

    def asked() -> int:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute(question).fetchone()[0])

    return asked
