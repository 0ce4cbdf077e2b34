"""`python: {call: "module:function", with: {name: value}}`: a function, called in a process of its own by the shim."""

from collections.abc import Mapping
from typing import Any

from bot.ports import Executor, Order, Progress
from runbooks.executors import Tools
from runbooks.functions import located, process, search_path
from runbooks.shimmed import Shimmed


class Python(Executor):
    """Functions that policy.yaml names, with named values. Never in the bot's own process."""

    name = "python"
    TRIED = "real"

    def __init__(self, tools: Tools) -> None:
        self._directory = tools.directory
        self.shims = Shimmed(tools.directory, unit=tools.unit)

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"call": True, "with": False}

    async def start(self, order: Order) -> None:
        """Returns when the function's shim owns the attempt. PermissionError, OSError: it was not called and never will be."""
        await self.shims.start(order, self._what)

    async def poll(self, order: Order) -> Progress:
        return await self.shims.poll(order)

    async def stop(self, order: Order) -> None:
        await self.shims.stop(order)

    def _what(self, order: Order) -> Mapping[str, Any]:
        call, folders = str(order.spec["call"]), order.limits.get("python_path", ())
        located(call, order.limits.get("python", ()), folders)
        return process(self._directory.folder(order.attempt), call, order.spec.get("with", {}), search_path(folders))
