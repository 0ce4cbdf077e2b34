"""Attempts that a shim carries out, each in a process of its own: started, asked after and stopped."""

import asyncio
import os
import select
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from bot.ports import Order, Progress
from runbooks import spawning
from runbooks.directory import Directory
from runbooks.spawning import ENVIRONMENT

PATIENCE = 20.0
LIMITS = {"memory": 8 << 30, "processes": 4096, "file": 1 << 30}
"""Bytes, processes of the account, bytes; `order.limits` may name others. CPU seconds follow the timeout."""


class Shimmed:
    """What one executor has begun by shims."""

    def __init__(
        self, directory: Directory, python: str = sys.executable, patience: float = PATIENCE, unit: bool = False
    ) -> None:
        """python: what the shim runs by; patience: seconds that it may take to begin, then the attempt is taken from it; unit: it
        is `tocsin runner` that starts shims.
        """
        self._directory, self._unit = directory, unit
        self._python, self._patience = python, patience
        self.pids: set[int] = set()

    async def start(self, order: Order, what: Callable[[Order], Mapping[str, Any]]) -> None:
        """Returns when the shim owns the attempt. what: `argv` and `program` of an order, PermissionError if it may not be.

        PermissionError, OSError: it was not started and never will be.
        """
        await asyncio.to_thread(self._start, order, what)

    async def poll(self, order: Order) -> Progress:
        return await asyncio.to_thread(self._poll, order)

    async def stop(self, order: Order) -> None:
        await asyncio.to_thread(self._stop, order)

    def _start(self, order: Order, what: Callable[[Order], Mapping[str, Any]]) -> None:
        if self._directory.claimed(order.attempt):
            return
        try:
            self._begin(order, what(order))
        except OSError:
            if self._directory.take(order.attempt):
                raise

    def _begin(self, order: Order, what: Mapping[str, Any]) -> None:
        folder = self._directory.prepare(order.attempt, {**what, **_frame(order)})
        if self._unit:
            pipe = spawning.asked(self._directory.root, order.attempt)
        else:
            pid, pipe = spawning.child(self._python, folder)
            self.pids.add(pid)
        if not _says_begun(pipe, self._patience) and not self._directory.claimed(order.attempt):
            log = folder / "shim.log"
            raise OSError(f"the shim did not begin: {log.read_text(errors='replace')[-500:] if log.exists() else ''}")

    def _poll(self, order: Order) -> Progress:
        self.reap()
        return self._directory.progress(order.attempt)

    def _stop(self, order: Order) -> None:
        if not self._directory.take(order.attempt):
            self._directory.ask_stop(order.attempt)

    def reap(self) -> None:
        """Our children that have ended stay zombies until somebody asks."""
        for pid in list(self.pids):
            with suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    continue
            self.pids.discard(pid)


def _frame(order: Order) -> dict[str, Any]:
    """What the shim needs beside the program itself."""
    limits = {name: order.limits.get(name, most) for name, most in LIMITS.items()}
    environment = {**ENVIRONMENT, **order.limits.get("env", {}), "RUN_ID": order.attempt}
    return {"env": environment, "timeout": order.timeout, "cpu": ceil(order.timeout) + 10, **limits}


def _says_begun(pipe: int, patience: float) -> bool:
    """True as soon as the shim owns the attempt, False if it ended without or took too long."""
    try:
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        return bool(poll.poll(patience * 1000)) and os.read(pipe, 1) == b"c"
    finally:
        os.close(pipe)
