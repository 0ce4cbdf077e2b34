"""`run: [program, argument …]`: a program on this machine, by the shim."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any

from bot.ports import Executor, Order, Progress
from runbooks import shim
from runbooks.executors import Tools
from runbooks.programs import allowed

PATIENCE = 20.0
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
LIMITS = {"memory": 8 << 30, "processes": 4096, "file": 1 << 30}
"""Bytes, processes of the account, bytes; `order.limits` may name others. CPU seconds follow the timeout."""


class Run(Executor):
    """Programs on this machine. A program is one that policy.yaml names, and has no shell around it."""

    name = "run"
    TRIED = "real"

    def __init__(self, tools: Tools, python: str = sys.executable, patience: float = PATIENCE) -> None:
        """python: what the shim runs by; patience: seconds that it may take to begin, then the attempt is taken from it."""
        self._directory = tools.directory
        self._python, self._patience = python, patience
        self._shims: set[int] = set()

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"argv": True}

    async def start(self, order: Order) -> None:
        """Returns when the program's shim owns the attempt. PermissionError, OSError: it was not started and never will be."""
        await asyncio.to_thread(self._start, order)

    async def poll(self, order: Order) -> Progress:
        return await asyncio.to_thread(self._poll, order)

    async def stop(self, order: Order) -> None:
        await asyncio.to_thread(self._stop, order)

    def _start(self, order: Order) -> None:
        if self._directory.claimed(order.attempt):
            return
        try:
            self._begin(order)
        except OSError:
            if self._directory.take(order.attempt):
                raise

    def _begin(self, order: Order) -> None:
        argv = [str(word) for word in order.spec["argv"]]
        if any("\0" in word for word in argv):
            raise PermissionError("an argument holds a NUL")
        program = allowed(argv[0], order.limits.get("programs", ()))
        folder = self._directory.prepare(order.attempt, {"argv": argv, "program": program, **_frame(order)})
        pid, pipe = _spawn(self._python, folder)
        self._shims.add(pid)
        if not _says_begun(pipe, self._patience) and not self._directory.claimed(order.attempt):
            raise OSError(f"the shim did not begin: {(folder / 'shim.log').read_text(errors='replace')[-500:]}")

    def _poll(self, order: Order) -> Progress:
        self._reap()
        return self._directory.progress(order.attempt)

    def _stop(self, order: Order) -> None:
        if not self._directory.take(order.attempt):
            self._directory.ask_stop(order.attempt)

    def _reap(self) -> None:
        """Our children that have ended stay zombies until somebody asks."""
        for pid in list(self._shims):
            with suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    continue
            self._shims.discard(pid)


def _frame(order: Order) -> dict[str, Any]:
    """What the shim needs beside the program itself."""
    limits = {name: order.limits.get(name, most) for name, most in LIMITS.items()}
    environment = {**ENVIRONMENT, **order.limits.get("env", {}), "RUN_ID": order.attempt}
    return {"env": environment, "timeout": order.timeout, "cpu": ceil(order.timeout) + 10, **limits}


def _spawn(python: str, folder: Path) -> tuple[int, int]:
    """The pid of a shim in a session of its own, and the pipe on which it says that it owns the attempt."""
    read, write = os.pipe()
    log = str(folder / "shim.log")
    try:
        pid = os.posix_spawn(
            python,
            [python, "-I", "-S", str(Path(shim.__file__)), str(folder)],
            ENVIRONMENT,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, write, 3),
            ],
            setsid=True,
            setsigmask=(),
            setsigdef=(signal.SIGPIPE, signal.SIGINT, signal.SIGTERM),
        )
    except OSError:
        os.close(read)
        raise
    finally:
        os.close(write)
    return pid, read


def _says_begun(pipe: int, patience: float) -> bool:
    """True as soon as the shim owns the attempt, False if it ended without or took too long."""
    try:
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        return bool(poll.poll(patience * 1000)) and os.read(pipe, 1) == b"c"
    finally:
        os.close(pipe)
