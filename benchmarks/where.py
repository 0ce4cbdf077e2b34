"""`python -m benchmarks.where [--posts N]`: where the CPU of single alerts goes, in parts that add up to all of it.

The time of each thread is the kernel's, and what SQLite takes is measured call by call in the database's thread. The rest of each
is shared out by where py-spy (it must be on the PATH) finds it when it holds the interpreter's lock, 200 times a second. Each look
goes to the first rule that names a frame of it, from the innermost outwards. Beside it, in the same way, the reference.
"""

import argparse
import asyncio
import atexit
import re
import runpy
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

from benchmarks import load, servers
from benchmarks.process import TICKS
from benchmarks.servers import Server
from benchmarks.shapes import SHAPES
from bot.clock import SystemClock
from storage import sqlite

TIMED = "sqlite"
SPY = ("py-spy", "record", "--rate", "200", "--format", "raw", "--full-filenames", "--threads", "--gil")
SQLITE, SQLITE_CALLS = "SQLite: statements, the write-ahead log", ("execute (", "_begin (", "_commit (")
AFTER = ("/bot/work/", "/bot/slack/", "/bot/life.py", "slack_sdk", "slack_bolt")
"""A look with one of these anywhere is the worker's: what follows from alerts after their answers."""
RULES = (
    (SQLITE, ("benchmarks/reference.py",)),
    (
        "the way to the database's thread and back",
        ("storage/sqlite.py", "concurrent/futures", "threading.py", "queue.py"),
    ),
    (
        "the event: words, hashes, rows",
        ("storage/journal.py", "storage/chain.py", "bot/domain/events/", "bot/domain/canonical"),
    ),
    (
        "the incident's fold and derived rows",
        ("bot/domain/incident", "bot/domain/fold", "bot/domain/state", "bot/domain/facts", "storage/derived.py"),
    ),
    (
        "what must happen outside: effects",
        ("bot/flows/consequences", "storage/effects.py", "storage/lanes.py", "bot/work/effects.py"),
    ),
    ("the decision; rows of alert and group", ("bot/flows/", "bot/domain/", "storage/")),
    ("reading and checking the body", ("integrations/",)),
    ("counters and the log", ("bot/telemetry.py", "prometheus_client", "structlog", "/logging/")),
    ("our way in and out: token, limits, answer", ("bot/web/", "bot/ports/", "bot/clock.py")),
    ("aiohttp", ("aiohttp", "multidict", "yarl", "aiosignal", "json/")),
    ("the event loop and its sockets", ("asyncio/", "selectors.py", "bot/__main__", "runpy")),
)
"""Part → what its frames are named by: a function, or its file. The first wins."""


def part_of(stack: str) -> str:
    """The part to which a look belongs: frames, outermost first, between semicolons. "" for what is measured call by call."""
    if any(frame.startswith(SQLITE_CALLS) and "storage/sqlite.py" in frame for frame in stack.split(";")):
        return ""
    if any(name in stack for name in AFTER):
        return "the worker: what follows after the answers"
    for frame in reversed(stack.split(";")):
        for part, names in RULES:
            if any(name in frame for name in names):
                return part
    return "all else"


async def looked_at(starting: AbstractAsyncContextManager[Server], folder: Path, posts: int) -> Mapping[str, float]:
    """Part → µs of CPU per alert."""
    folder.mkdir()  # noqa: ASYNC240
    async with starting as server:
        await load.warm(server)
        command = (*SPY, "--output", str(folder / "looks"), "--pid", str(server.pids[0]))
        spy = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
        await SystemClock().sleep(2.0)  # until it has found the interpreter
        before = _threads(server.pids[0])
        await load.closed(server, replace(SHAPES[0], posts=posts))
        used = {thread: spent - before.get(thread, 0.0) for thread, spent in _threads(server.pids[0]).items()}
        spy.send_signal(signal.SIGINT)
        await spy.wait()
    parts = _shared_out(used, (folder / "looks").read_text(), _sqlite(folder))
    return {part: seconds * 1e6 / posts for part, seconds in parts.items()}


def _shared_out(used: dict[int, float], looks: str, in_sqlite: float) -> Mapping[str, float]:
    """Seconds of each part. used: of each thread; in_sqlite: of the database's thread, in SQLite."""
    seen: dict[int, Counter[str]] = {thread: Counter() for thread in used}
    for line in looks.splitlines():
        stack, _, times = line.rpartition(" ")
        found = re.search(r"\((\d+)\)", stack)
        if found and int(found[1]) in seen and (part := part_of(stack)):
            seen[int(found[1])][part] += int(times)
    parts = defaultdict[str, float](float, {SQLITE: in_sqlite})
    writer = max((thread for thread in used if thread != min(used)), key=lambda thread: used[thread])
    for thread, seconds in used.items():
        rest = seconds - (in_sqlite if thread == writer else 0)
        shares = seen[thread] or Counter({"other threads": 1})
        for name, looked in shares.items():
            parts[name] += rest * looked / shares.total()
    return parts


def _sqlite(folder: Path) -> float:
    """What `timed` has written; 0 for who is not timed."""
    told = folder / TIMED
    return float(told.read_text()) if told.exists() else 0.0


def _threads(pid: int) -> dict[int, float]:
    """Seconds of CPU of each thread."""
    found: dict[int, float] = {}
    for path in Path(f"/proc/{pid}/task").iterdir():
        fields = (path / "stat").read_text().rpartition(")")[2].split()
        found[int(path.name)] = sum(int(field) for field in fields[11:13]) / TICKS
    return found


def timed(file: Path) -> None:
    """Be `tocsin serve`; at the end the file says how many seconds of CPU were spent in SQLite."""
    spent = [0.0]

    def measured(work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            began = thread_time()
            try:
                return work(*given)
            finally:
                spent[0] += thread_time() - began

        return call

    for name in ("execute", "_begin", "_commit"):
        setattr(sqlite, name, measured(getattr(sqlite, name)))
    atexit.register(lambda: file.write_text(f"{spent[0]}"))
    sys.argv = ["tocsin", "serve"]
    runpy.run_module("bot", run_name="__main__")


def table(ours: Mapping[str, float], reference: Mapping[str, float]) -> Iterator[str]:
    yield "| part | µs per alert | of the reference |"
    yield "|---|---|---|"
    for part in sorted(ours, key=lambda part: -ours[part]):
        yield f"| {part} | {ours[part]:.0f} | {reference.get(part, 0):.0f} |"
    yield f"| all of it | {sum(ours.values()):.0f} | {sum(reference.values()):.0f} |"


async def main(posts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as temporary, servers.nobody() as slack:
        here, there = Path(temporary, "ours"), Path(temporary, "reference")
        reference = await looked_at(servers.reference(there / "run"), there, posts * 3)
        program = ("benchmarks.where", "--timed", str(here / TIMED))
        ours = await looked_at(servers.tocsin(here / "run", slack, *program), here, posts)
    print("\n".join(table(ours, reference)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.where", description=__doc__)
    parser.add_argument("--posts", type=int, default=8_000)
    parser.add_argument("--timed", type=Path, help="(by itself)")
    given = parser.parse_args()
    if given.timed:
        timed(given.timed)
    elif shutil.which(SPY[0]) is None:
        sys.exit("py-spy is not on the PATH: pip install py-spy")
    else:
        asyncio.run(main(given.posts))
