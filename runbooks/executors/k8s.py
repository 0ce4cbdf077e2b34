"""`k8s: {verb, kind, namespace, name, replicas}`: restart, scale, delete a pod, or see whether it is ready."""

from collections.abc import Mapping

from bot.ports import Executor, Order, Progress
from runbooks.elsewhere import Elsewhere, allowed
from runbooks.executors import Tools
from runbooks.programs import check_private


class K8s(Executor):
    """One change of one object in a namespace that policy.yaml names, or a look at it, by a process of its own."""

    name = "k8s"
    TRIED = "documented"

    def __init__(self, tools: Tools) -> None:
        self._elsewhere = Elsewhere(tools)

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"verb": True, "kind": True, "namespace": True, "name": True, "replicas": False}

    async def start(self, order: Order) -> None:
        """Returns when the request's process owns the attempt. PermissionError, OSError: it was not made and never will be."""
        its, spec = allowed(order), order.spec
        check_private(its["kubeconfig"])
        what = {name: spec[name] for name in ("verb", "kind", "namespace", "name")}
        bounds = {"replicas": int(spec.get("replicas", 0)), "scale_by": its["scale_by"]}
        given = {"attempt": order.attempt, "file": its["kubeconfig"], **what, **bounds}
        await self._elsewhere.start(order, "runbooks.near_k8s:main", given)

    async def poll(self, order: Order) -> Progress:
        return await self._elsewhere.poll(order)

    async def stop(self, order: Order) -> None:
        await self._elsewhere.stop(order)
