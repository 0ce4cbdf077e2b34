"""`ssh: {host, argv}`: a command on a host of the inventory, by a process that holds the session (extra `ssh`)."""

from collections.abc import Mapping

from bot.ports import Executor, Order, Progress
from runbooks.elsewhere import Elsewhere, allowed
from runbooks.executors import Tools
from runbooks.programs import check_private


class Ssh(Executor):
    """One command with one account, to hosts whose keys are known. Every argument arrives as it is, whatever is in it."""

    name = "ssh"
    TRIED = "real"

    def __init__(self, tools: Tools) -> None:
        self._elsewhere = Elsewhere(tools, "asyncssh")

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"host": True, "argv": True}

    async def start(self, order: Order) -> None:
        """Returns when the session's process owns the attempt. PermissionError, OSError: it was not begun and never will be."""
        its = allowed(order)
        argv = [str(word) for word in order.spec["argv"]]
        if any("\0" in word for word in argv):
            raise PermissionError("an argument holds a NUL")
        check_private(its["key"])
        account = {name: its[name] for name in ("user", "key", "known_hosts", "port")}
        given = {"attempt": order.attempt, "host": order.spec["host"], "argv": argv, **account}
        await self._elsewhere.start(order, "runbooks.near_ssh:main", given)

    async def poll(self, order: Order) -> Progress:
        return await self._elsewhere.poll(order)

    async def stop(self, order: Order) -> None:
        await self._elsewhere.stop(order)
