"""`run: [program, argument …]`: a program on this machine, by the shim."""

import sys
from collections.abc import Mapping
from typing import Any

from bot.ports import Executor, Order, Progress
from runbooks.executors import Tools
from runbooks.programs import allowed
from runbooks.shimmed import PATIENCE, Shimmed


class Run(Executor):
    """Programs on this machine. A program is one that policy.yaml names, and has no shell around it."""

    name = "run"
    TRIED = "real"

    def __init__(self, tools: Tools, python: str = sys.executable, patience: float = PATIENCE) -> None:
        """python, patience: see Shimmed."""
        self.shims = Shimmed(tools.directory, python, patience, tools.unit)

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"argv": True}

    async def start(self, order: Order) -> None:
        """Returns when the program's shim owns the attempt. PermissionError, OSError: it was not started and never will be."""
        await self.shims.start(order, _program)

    async def poll(self, order: Order) -> Progress:
        return await self.shims.poll(order)

    async def stop(self, order: Order) -> None:
        await self.shims.stop(order)


def _program(order: Order) -> Mapping[str, Any]:
    argv = [str(word) for word in order.spec["argv"]]
    if any("\0" in word for word in argv):
        raise PermissionError("an argument holds a NUL")
    return {"argv": argv, "program": allowed(argv[0], order.limits.get("programs", ()))}
