"""Attempts whose effect is on another machine: by a process of this one that holds the line, under a shim (runbooks/far.py)."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain import reach
from bot.domain.gate_words import sentence
from bot.ports import Order, Progress
from bot.text import PlainShow, render
from runbooks.executors import Tools
from runbooks.far import FILE
from runbooks.functions import installed, process, search_path
from runbooks.pinning import pinned
from runbooks.shimmed import Shimmed

_ROOT = str(Path(__file__).parents[1])
_CHANGED = {
    "ssh": "the account or port of ssh",
    "ansible": "{playbook}, a file beside it or the inventory",
    "k8s": "the kubeconfig",
}


class Elsewhere:
    """What one executor has begun on other machines."""

    def __init__(self, tools: Tools, needs: str = "") -> None:
        """needs: a module that the extra of the executor's name brings, "" if it has none."""
        self._directory, self._needs = tools.directory, needs
        self.shims = Shimmed(tools.directory, unit=tools.unit)

    async def start(self, order: Order, call: str, given: Mapping[str, Any]) -> None:
        """Returns when the shim owns the attempt. call: `module:function` of ours, which gets the attempt's folder as well.

        PermissionError, OSError: it was not begun and never will be.
        """
        await self.shims.start(order, lambda order: self._process(order, call, given))

    async def poll(self, order: Order) -> Progress:
        return await asyncio.to_thread(self._known, order.attempt, await self.shims.poll(order))

    async def stop(self, order: Order) -> None:
        await self.shims.stop(order)

    def _process(self, order: Order, call: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._needs and not installed(self._needs):
            raise PermissionError(f"{order.executor} is not installed: pip install 'tocsin[{order.executor}]'")
        folder = self._directory.folder(order.attempt)
        return process(folder, call, {**given, "folder": str(folder)}, [*search_path(()), _ROOT])

    def _known(self, attempt: str, near: Progress) -> Progress:
        """What the other side said, where it matters more than how our own process ended."""
        if near.state != "ended":
            return near
        far = self._directory.noted(attempt, FILE) or {"state": "refused"}
        if far["state"] == "ended":
            return replace(near, exit=far["exit"], ok=near.outcome == "exited" and far["exit"] == 0)
        if far["state"] == "sent":
            return Progress("gone", output=near.output, size=near.size)
        return replace(near, outcome="failed" if near.outcome == "exited" else near.outcome, exit=None, ok=False)


def allowed(order: Order) -> Mapping[str, Any]:
    """What policy.yaml says to the executor, `limits.reach`. PermissionError if it does not allow this order, or if what the yes
    was bound to is another by now."""
    told = order.limits["reach"]
    ssh, ansible, k8s = told["ssh"], told["ansible"], told["k8s"]
    ssh = reach.Ssh(**{**ssh, "programs": tuple(ssh["programs"])})
    here = reach.Reach(ssh, reach.Ansible(ansible["inventory"], tuple(ansible["playbooks"])), reach.K8s(**k8s))
    found = reach.refused(order.executor, order.spec, here, told["target"])
    if found is not None:
        raise PermissionError(render(sentence(*found), PlainShow()))
    now = pinned(order.executor, order.spec, here)
    if now != order.spec:
        what = _CHANGED[order.executor].format_map(order.spec)
        raise PermissionError(now.get("why") or f"{what} has changed since it was asked for")
    its: Mapping[str, Any] = told[order.executor]
    return its
