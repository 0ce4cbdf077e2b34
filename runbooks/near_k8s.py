"""The process that speaks to one Kubernetes API: one change of one object, or a look at it. Called by runbooks/called.py.

Whatever changes something is one request that can happen only once: it names the attempt, the version or the uid it is meant for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from runbooks import far, kubeconfig

PATIENCE = aiohttp.ClientTimeout(total=15, connect=5)
MERGE, STRATEGIC = "application/merge-patch+json", "application/strategic-merge-patch+json"
ATTEMPT = "tocsin-attempt"
"""Annotation of a pod template: its change makes the rollout, and the same attempt again changes nothing."""


class No(Exception):
    """Nothing was done; the words say why."""


async def main(
    folder: str,
    attempt: str,
    file: str,
    verb: str,
    kind: str,
    namespace: str,
    name: str,
    replicas: int,
    scale_by: int,
) -> str:
    """Do it, and leave word of what is known; in words what became of it."""
    try:
        cluster = kubeconfig.read(file, Path(folder))
    except (OSError, ValueError) as error:
        return f"nothing was done: {error}"
    base = f"{cluster.url}/api/v1" if kind == "pod" else f"{cluster.url}/apis/apps/v1"
    url = f"{base}/namespaces/{namespace}/{kind}s/{name}"
    async with aiohttp.ClientSession(headers=cluster.headers, timeout=PATIENCE) as session:
        api = Api(session, cluster, folder)
        try:
            return await {
                "restart": lambda: api.restart(url, attempt),
                "scale": lambda: api.scale(url, replicas, scale_by),
                "delete": lambda: api.delete(url),
                "ready": lambda: api.ready(url, kind),
            }[verb]()
        except No as error:
            far.refused(folder)
            return f"nothing was done: {error}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"no answer: {type(error).__name__} {error}"


class Api:
    """The requests that there are."""

    def __init__(self, session: aiohttp.ClientSession, cluster: kubeconfig.Cluster, folder: str) -> None:
        self._session, self._trust, self._folder = session, cluster.trust or True, folder

    async def restart(self, url: str, attempt: str) -> str:
        change = {"spec": {"template": {"metadata": {"annotations": {ATTEMPT: attempt}}}}}
        await self._change("PATCH", url, change, STRATEGIC)
        return "the rollout has begun"

    async def scale(self, url: str, replicas: int, most: int) -> str:
        found = await self._read(f"{url}/scale")
        now, version = int(found["spec"].get("replicas", 0)), found["metadata"]["resourceVersion"]
        if abs(replicas - now) > most:
            raise No(f"from {now} to {replicas} replicas is more than {most} at once (scale_by of policy.yaml)")
        change = {"metadata": {"resourceVersion": version}, "spec": {"replicas": replicas}}
        await self._change("PATCH", f"{url}/scale", change, MERGE)
        return f"replicas: {now}, now {replicas}"

    async def delete(self, url: str) -> str:
        uid = (await self._read(url))["metadata"]["uid"]
        change = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        await self._change("DELETE", url, change, "application/json")
        return f"deleted: {uid}"

    async def ready(self, url: str, kind: str) -> str:
        found = await self._read(url)
        said, well = _condition(found, kind)
        far.ended(self._folder, 0 if well else 1)
        return said

    async def _read(self, url: str) -> dict[str, Any]:
        try:
            async with self._session.get(url, ssl=self._trust, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise No(f"{answer.status}: {(await answer.text())[:500]}")
                found: dict[str, Any] = await answer.json()
                return found
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise No(f"{type(error).__name__} {error}") from error

    async def _change(self, method: str, url: str, change: Mapping[str, Any], kind: str) -> None:
        headers = {"Content-Type": kind}
        far.sent(self._folder)
        try:
            async with self._session.request(
                method, url, json=change, headers=headers, ssl=self._trust, allow_redirects=False
            ) as answer:
                said = (await answer.text())[:500]
        except aiohttp.ClientConnectorError as error:
            raise No(str(error)) from error
        if 300 <= answer.status < 500:
            raise No(f"{answer.status}: {said}")
        if answer.status >= 500:
            raise aiohttp.ClientError(f"{answer.status}: {said}")
        far.ended(self._folder, 0)


def _condition(found: Mapping[str, Any], kind: str) -> tuple[str, bool]:
    """Whether an object is as its specification wants it; a rollout that has only begun is not."""
    status = found.get("status", {})
    if kind == "pod":
        conditions = {one["type"]: one["status"] for one in status.get("conditions", ())}
        return f"Ready: {conditions.get('Ready', 'unknown')}", conditions.get("Ready") == "True"
    seen = status.get("observedGeneration", 0) >= found["metadata"].get("generation", 0)
    if kind == "daemonset":
        wanted = status.get("desiredNumberScheduled", 0)
        fresh, there = status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0)
    else:
        wanted = found["spec"].get("replicas", 1)
        fresh, there = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    old = status.get("replicas", wanted) - fresh if kind == "deployment" else 0
    said = f"{there} of {wanted} available, {fresh} of them of the newest kind" + (
        "" if seen else "; not looked at yet"
    )
    return said, seen and fresh == wanted == there and old <= 0
