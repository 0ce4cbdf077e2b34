"""A yes is one to the account, too: by another one, or in another cluster, the same words do something else."""

import os
from pathlib import Path

from bot.domain.reach import K8s, Reach, Ssh
from runbooks.pinning import pinned

RESTART = {"verb": "restart", "kind": "deployment", "namespace": "shop", "name": "web"}


def test_of_ssh_its_user_and_port() -> None:
    spec = {"host": "gw-1", "argv": ["/bin/true"]}
    as_ops, as_root = (pinned("ssh", spec, Reach(Ssh(user=user))) for user in ("ops", "root"))
    assert as_ops == {**spec, "as": "ops, port 22"}
    assert pinned("ssh", spec, Reach(Ssh(user="ops", port=2222))) != as_ops != as_root


def test_of_kubernetes_its_kubeconfig_which_only_the_runner_reads(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    reach = Reach(k8s=K8s(str(path)))
    assert pinned("k8s", RESTART, reach)["as"] == str(path)
    path.write_text("server: one")
    path.chmod(0)
    os.utime(path, (0, 1_795_000_000))
    first = pinned("k8s", RESTART, reach)
    assert first == {**RESTART, "as": f"{path} of 2026-11-18 11:06:40 UTC, 11 bytes"}
    path.chmod(0o600)
    path.write_text("server: two")
    assert pinned("k8s", RESTART, reach) != first


def test_nothing_of_what_stays_here() -> None:
    assert pinned("http", {"url": "http://x/"}, Reach()) == {"url": "http://x/"}
