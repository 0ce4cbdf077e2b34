"""`ansible: {playbook, limit, extra, check}`: a playbook on one host of the inventory (extra `ansible`)."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.ports import Executor, Order, Progress
from runbooks.elsewhere import Elsewhere, allowed
from runbooks.executors import Tools


class Ansible(Executor):
    """A playbook that policy.yaml names, to the byte as it was approved, on one host, with values that are no templates."""

    name = "ansible"
    TRIED = "real"

    def __init__(self, tools: Tools) -> None:
        self._elsewhere = Elsewhere(tools, "ansible.cli")

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"playbook": True, "limit": True, "extra": False, "check": False}

    async def start(self, order: Order) -> None:
        """Returns when the playbook's process owns the attempt. PermissionError, OSError: it was not begun and never will be."""
        given = await asyncio.to_thread(_checked, order)
        await self._elsewhere.start(order, "runbooks.near_ansible:main", given)

    async def poll(self, order: Order) -> Progress:
        return await self._elsewhere.poll(order)

    async def stop(self, order: Order) -> None:
        await self._elsewhere.stop(order)


def _checked(order: Order) -> dict[str, Any]:
    inventory, spec = allowed(order)["inventory"], order.spec
    extra, check = spec.get("extra", {}), spec.get("check", False)
    told = {"playbook": spec["playbook"], "limit": spec["limit"], "inventory": inventory}
    return {**told, "extra": extra, "check": check}
