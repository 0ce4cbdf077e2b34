"""`k8s` against a small API server of our own, over real HTTP: one change, meant for one thing, and honest words."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.reach import K8s, Reach
from bot.ports import Executor, Order, Progress
from runbooks import far, kubeconfig, near_k8s
from runbooks.near_k8s import _condition
from runbooks.pinning import pinned
from tests.runbooks.ground import executor, settled

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: ours, user: bot}}]
clusters: [{name: ours, cluster: {server: "@URL@"}}]
users: [{name: bot, user: {token: t0p-s3cret}}]
"""
READY = {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}


@dataclass
class Cluster:
    """One deployment `web` with three pods. answer: what a change is answered with; changes: (method, path, type, body)."""

    root: Path
    port: int = 0
    answer: int = 200
    changes: list[tuple[str, str, str, Any]] = field(default_factory=list)
    found: dict[str, Any] = field(
        default_factory=lambda: {
            "metadata": {"uid": "u-1", "resourceVersion": "42", "generation": 2},
            "spec": {"replicas": 3},
            "status": dict(READY),
        }
    )

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != "Bearer t0p-s3cret":
            return web.json_response({"message": "who?"}, status=401)
        if not request.path.removesuffix("/scale").endswith("/web"):
            return web.json_response({"message": "not found"}, status=404)
        if request.method != "GET":
            self.changes.append((request.method, request.path, request.content_type, await request.json()))
            if self.answer == 0:
                assert request.transport is not None
                request.transport.abort()
            return web.json_response({"message": "told"}, status=self.answer or 200)
        return web.json_response(self.found)

    def order(self, verb: str, kind: str = "deployment", name: str = "web", **spec: Any) -> Order:
        k8s = {"kubeconfig": str(self.root / "kubeconfig"), "namespaces": {"shop": "production"}, "scale_by": 2}
        ssh = {"user": "", "key": "", "known_hosts": "", "port": 22, "programs": []}
        told = {"ssh": ssh, "ansible": {"inventory": "", "playbooks": []}, "k8s": k8s, "target": "web"}
        whole = {"verb": verb, "kind": kind, "namespace": "shop", "name": name, **spec}
        whole = pinned("k8s", whole, Reach(k8s=K8s(str(k8s["kubeconfig"]))))
        return Order("a1", "k8s", whole, 60.0, {"reach": told})


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    its = Cluster(tmp_path)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", its.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    its.port = runner.addresses[0][1]
    config = tmp_path / "kubeconfig"
    config.touch(mode=0o600)
    config.write_text(KUBECONFIG.replace("@URL@", f"http://127.0.0.1:{its.port}"))
    yield its
    await runner.cleanup()


async def _done(root: Path, what: Order) -> Progress:
    found: Executor = executor(root, "k8s")
    await found.start(what)
    await found.start(what)
    return await settled(found, what)


@pytest.mark.slow
async def test_a_restart_names_the_attempt_and_happens_once(cluster: Cluster, tmp_path: Path) -> None:
    ended = await _done(tmp_path, cluster.order("restart"))
    assert (ended.outcome, ended.exit, ended.ok, ended.output) == ("exited", 0, True, "the rollout has begun\n")
    body = {"spec": {"template": {"metadata": {"annotations": {"tocsin-attempt": "a1"}}}}}
    path = "/apis/apps/v1/namespaces/shop/deployments/web"
    assert cluster.changes == [("PATCH", path, "application/strategic-merge-patch+json", body)]


async def _asked(cluster: Cluster, verb: str, kind: str = "deployment", replicas: int = 0) -> tuple[str, str]:
    """What the process of an attempt would leave and say, without the process."""
    file = str(cluster.root / "kubeconfig")
    said = await near_k8s.main(str(cluster.root), "a1", file, verb, kind, "shop", "web", replicas, 2)
    path = cluster.root / far.FILE
    return json.loads(path.read_bytes())["state"] if path.exists() else "", said


@pytest.mark.parametrize(
    ("replicas", "answer", "state", "words"),
    [
        (5, 200, "ended", "replicas: 3, now 5"),
        (6, 200, "refused", "nothing was done: from 3 to 6 replicas is more than 2 at once"),
        (4, 409, "refused", "nothing was done: 409"),
        (4, 500, "sent", "no answer: ClientError 500"),
        (4, 0, "sent", "no answer"),
    ],
)
async def test_a_scale_is_bounded_and_meant_for_what_was_seen(
    cluster: Cluster, replicas: int, answer: int, state: str, words: str
) -> None:
    cluster.answer = answer
    found, said = await _asked(cluster, "scale", replicas=replicas)
    assert (found, words in said) == (state, True), said
    body = {"metadata": {"resourceVersion": "42"}, "spec": {"replicas": replicas}}
    path = "/apis/apps/v1/namespaces/shop/deployments/web/scale"
    assert cluster.changes == ([] if replicas == 6 else [("PATCH", path, "application/merge-patch+json", body)])


async def test_a_pod_is_deleted_by_its_uid(cluster: Cluster) -> None:
    assert await _asked(cluster, "delete", "pod") == ("ended", "deleted: u-1")
    [(method, path, _, body)] = cluster.changes
    assert (method, path, body["preconditions"]) == ("DELETE", "/api/v1/namespaces/shop/pods/web", {"uid": "u-1"})


async def test_a_look_changes_nothing_and_tells_no_from_not_known(cluster: Cluster) -> None:
    assert await _asked(cluster, "ready") == ("ended", "3 of 3 available, 3 of them of the newest kind")
    cluster.found["status"]["availableReplicas"] = 2
    assert await _asked(cluster, "ready") == ("ended", "2 of 3 available, 3 of them of the newest kind")
    assert json.loads((cluster.root / far.FILE).read_bytes())["exit"] == 1
    assert not cluster.changes


async def test_only_a_token_that_is_known_is_let_in(cluster: Cluster) -> None:
    config = cluster.root / "kubeconfig"
    config.write_text(config.read_text().replace("t0p-s3cret", "other"))
    state, said = await _asked(cluster, "restart")
    assert (state, "nothing was done: 401" in said) == ("refused", True)
    config.write_text(config.read_text().replace(f":{cluster.port}", ":1"))
    state, said = await _asked(cluster, "restart")
    assert (state, "Cannot connect" in said) == ("refused", True)


@pytest.mark.parametrize(
    ("kind", "change", "well"),
    [
        ("deployment", {}, True),
        ("deployment", {"observedGeneration": 1}, False),
        ("deployment", {"updatedReplicas": 2}, False),
        ("deployment", {"availableReplicas": 2}, False),
        ("deployment", {"replicas": 4}, False),
        ("statefulset", {"replicas": 4}, True),
        ("daemonset", {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}, True),
        ("daemonset", {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 1}, False),
        ("pod", {"conditions": [{"type": "Ready", "status": "True"}]}, True),
        ("pod", {"conditions": [{"type": "Ready", "status": "False"}]}, False),
        ("pod", {}, False),
    ],
)
def test_ready_is_what_the_specification_wants(kind: str, change: dict[str, Any], well: bool) -> None:
    found = {"metadata": {"generation": 2}, "spec": {"replicas": 3}, "status": {**READY, **change}}
    assert _condition(found, kind)[1] is well
    assert not _condition({"metadata": {"generation": 1}, "spec": {}}, kind)[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"namespace": "kube-system"}, "allows no namespace kube-system"),
        ({"name": "other"}, "would act on other, and its target is web"),
    ],
)
async def test_only_what_policy_allows(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(PermissionError, match=said):
        await executor(tmp_path, "k8s").start(Cluster(tmp_path).order("restart", **change))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("@URL@", "http://api.example", "https with a certificate that is checked"),
        ('"@URL@"', "'https://api.example', insecure-skip-tls-verify: true", "https with a certificate"),
        ("{token: t0p-s3cret}", "{exec: {command: aws}}", "only a token or a client certificate"),
        ("current-context: here", "current-context: there", "no kubeconfig"),
        ("current-context: here", "", "no kubeconfig"),
    ],
)
def test_what_is_no_use_as_a_kubeconfig(tmp_path: Path, old: str, new: str, said: str) -> None:
    config = tmp_path / "kubeconfig"
    config.touch(mode=0o600)
    config.write_text(KUBECONFIG.replace(old, new).replace("@URL@", "https://api.example"))
    with pytest.raises(ValueError, match=said):
        kubeconfig.read(str(config), tmp_path)
    config.chmod(0o644)
    with pytest.raises(PermissionError, match="others may read it"):
        kubeconfig.read(str(config), tmp_path)


def test_a_token_goes_where_the_address_says(tmp_path: Path) -> None:
    config = tmp_path / "kubeconfig"
    config.touch(mode=0o600)
    config.write_text(KUBECONFIG.replace("@URL@", "https://api.example/"))
    found = kubeconfig.read(str(config), tmp_path)
    assert (found.url, dict(found.headers)) == ("https://api.example", {"Authorization": "Bearer t0p-s3cret"})
