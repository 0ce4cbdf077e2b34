"""A runner directory and programs for the tests that run real processes."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.clock import KeptTasks
from bot.http import GuardedHttp
from bot.ports import Executor, Order, Progress
from bot.secrets import Masker
from runbooks.directory import Directory
from runbooks.executors import Tools, load
from tests.fakes import FakeIds


def open_directory(root: Path, *secrets: str) -> Directory:
    return Directory(root / "runner", FakeIds(), Masker(secrets))


def tools(root: Path, *secrets: str) -> Tools:
    masker = Masker(secrets)
    return Tools(Directory(root / "runner", FakeIds(), masker), GuardedHttp(), KeptTasks(), masker)


def executor(root: Path, name: str) -> Executor:
    return load(tools(root))[name]


def program(root: Path, body: str, name: str = "program") -> Path:
    """A shell script that policy allows; `{root}` in it stands for the test's folder."""
    path = root / name
    path.write_text("#!/bin/sh\n" + body.replace("{root}", str(root)))
    path.chmod(0o755)
    return path


def order(path: Path, *arguments: str, attempt: str = "a1", timeout: float = 20.0, **limits: Any) -> Order:
    argv = [str(path), *arguments]
    return Order(attempt, "run", {"argv": argv}, timeout, {"programs": [str(path.resolve().parent / "*")], **limits})


def for_shim(*argv: str, **rest: Any) -> dict[str, Any]:
    """What order.json holds."""
    frame = {"env": {"PATH": "/usr/bin:/bin"}, "timeout": 20.0, "cpu": 30, "memory": 8 << 30, "processes": 4096}
    return {"argv": list(argv), "program": argv[0], "file": 1 << 30, **frame, **rest}


async def settled(found: Executor, what: Order) -> Progress:
    """The progress once it is no longer running."""
    while (progress := await found.poll(what)).state == "running":  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # noqa: TID251
    return progress


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that other processes do."""
    end = time.monotonic() + seconds  # noqa: TID251
    while not true():
        assert time.monotonic() < end, "it does not come"  # noqa: TID251
        time.sleep(0.01)  # noqa: TID251


def running(pid: int) -> bool:
    """The process exists and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def kill(pids: Sequence[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
