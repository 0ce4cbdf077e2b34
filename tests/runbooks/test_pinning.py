"""A yes is one to the account, too: by another one, or in another cluster, the same words do something else."""

import os
from pathlib import Path
from typing import Any

import pytest

from bot.domain.reach import K8s, Reach, Ssh
from bot.ports import Order
from runbooks.elsewhere import allowed
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


@pytest.mark.parametrize("change", [{"user": "root"}, {"port": 2222}])
def test_another_account_needs_another_yes(change: dict[str, Any]) -> None:
    """Also of what undoes an action, whose words are those of the yes to it."""
    ssh = {"user": "ops", "key": "/k", "known_hosts": "/h", "port": 22, "programs": ["/bin/true"]}
    spec = pinned("ssh", {"host": "gw-1", "argv": ["/bin/true"]}, Reach(Ssh(user="ops")))
    reach = {"ssh": ssh, "ansible": {"inventory": "", "playbooks": []}, "k8s": {"kubeconfig": ""}, "target": "gw-1"}
    order = Order("a1", "ssh", spec, 60.0, {"reach": reach})
    assert allowed(order) == ssh
    ssh.update(change)
    with pytest.raises(PermissionError, match="the account or port of ssh has changed since it was asked for"):
        allowed(order)
