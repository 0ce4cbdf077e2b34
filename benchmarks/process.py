"""Programs as processes of their own: started, waited for, weighed and ended."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import BinaryIO

from bot.clock import SystemClock

TICKS = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN = 60.0
PYTHON = (sys.executable, "-m")


@asynccontextmanager
async def started(folder: Path, settings: Mapping[str, str], *command: str) -> AsyncIterator[Process]:
    """A program in its folder, with these settings and none of ours; ended with the block. Its errors go to the file `log`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "SLACK_"))}
    root = str(Path(__file__).parents[1])
    with _log(folder) as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env={**clean, "PYTHONPATH": root, **settings}, stdout=PIPE, stderr=log
        )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Ask a program to end; one that does not is killed."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def listens(process: Process, port: int) -> None:
    """Wait until the program takes connections. RuntimeError: it ended, or took too long."""
    clock = SystemClock()
    end = clock.monotonic() + STARTS_WITHIN
    while process.returncode is None and clock.monotonic() < end:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await clock.sleep(0.02)
    raise RuntimeError(f"a program did not start: exit code {process.returncode}; see its log")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of(pid: int, ended_children: bool = False) -> float:
    """Seconds of CPU that a process has used; with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if ended_children else 13]) / TICKS


def rss_of(pid: int) -> float:
    """Resident memory in MiB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _log(folder: Path) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "log").open("ab")
