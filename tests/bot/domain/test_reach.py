"""What may be done on other machines: the target alone, with the words, playbooks and namespaces that policy.yaml names."""

from typing import Any

import pytest

from bot.domain.reach import Ansible, K8s, Reach, Ssh, begins, listed, misplaced, refused

REACH = Reach(
    Ssh("incident", "/k", "/h", 22, ("/usr/bin/systemctl restart", "/opt/mend/*")),
    Ansible("/hosts", ("/srv/plays/*.yml",)),
    K8s("/kubeconfig", {"shop": "production", "shop-test": "test"}),
)
SSH = {"host": "web-1", "argv": ["/usr/bin/systemctl", "restart", "shop"]}
PLAY = {"playbook": "/srv/plays/mend.yml", "limit": "web-1", "sha256": "0" * 64}
SCALE = {"verb": "scale", "kind": "deployment", "namespace": "shop", "name": "web-1", "replicas": 3}


@pytest.mark.parametrize(
    ("argv", "may"),
    [
        (["/usr/bin/systemctl", "restart", "shop"], True),
        (["/usr/bin/systemctl", "restart"], True),
        (["/usr/bin/systemctl", "stop", "shop"], False),
        (["/usr/bin/systemctl"], False),
        (["/usr/bin/systemctl", "--now", "restart"], False),
        (["/opt/mend/disk", "anything"], True),
        (["/opt/mend/sub/disk"], False),
        (["/opt/mend/../../bin/sh"], False),
        (["/opt/mend/.."], False),
        (["mend/disk"], False),
        (["systemctl", "restart", "shop"], False),
    ],
)
def test_the_words_with_which_a_command_begins(argv: list[str], may: bool) -> None:
    assert begins(argv, REACH.ssh.programs) is may


def test_playbooks_are_those_in_the_folder() -> None:
    named = ("/srv/plays/mend.yml", "/srv/plays/x/mend.yml", "/srv/plays/../mend.yml", "/srv/plays/mend.sh", "mend.yml")
    assert [listed(one, REACH.ansible.playbooks) for one in named] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("executor", "spec", "code"),
    [
        ("ssh", SSH, ""),
        ("ssh", {**SSH, "host": "web-2"}, "beside"),
        ("ssh", {**SSH, "argv": ["/bin/sh"]}, "ssh_program"),
        ("ansible", PLAY, ""),
        ("ansible", {**PLAY, "limit": "web-1,web-2"}, "beside"),
        ("ansible", {**PLAY, "limit": "all"}, "beside"),
        ("ansible", {**PLAY, "playbook": "/tmp/mend.yml"}, "playbook"),
        ("ansible", {"playbook": PLAY["playbook"], "limit": "web-1", "why": "gone"}, "playbook_read"),
        ("k8s", SCALE, ""),
        ("k8s", {**SCALE, "name": "web-2"}, "beside"),
        ("k8s", {**SCALE, "name": "web-2", "verb": "ready"}, ""),
        ("k8s", {**SCALE, "namespace": "kube-system"}, "namespace"),
        ("k8s", {**SCALE, "namespace": "kube-system", "verb": "ready"}, "namespace"),
        ("run", {"argv": ["/bin/sh"]}, ""),
    ],
)
def test_what_is_refused(executor: str, spec: dict[str, Any], code: str) -> None:
    found = refused(executor, spec, REACH, "web-1")
    assert (found[0] if found else "") == code


def test_nobody_said_how_to_reach_anything() -> None:
    found = [refused(name, spec, Reach(), "web-1") for name, spec in (("ssh", SSH), ("ansible", PLAY), ("k8s", SCALE))]
    assert [one[0] for one in found if one] == ["ssh", "playbook", "namespace"]


@pytest.mark.parametrize(
    ("executor", "spec", "env", "code"),
    [
        ("ssh", SSH, None, "no_host"),
        ("ssh", SSH, "test", ""),
        ("ansible", PLAY, None, "no_host"),
        ("k8s", SCALE, None, ""),
        ("k8s", SCALE, "production", ""),
        ("k8s", SCALE, "test", "namespace_env"),
        ("run", {}, None, ""),
    ],
)
def test_the_inventory_has_its_say(executor: str, spec: dict[str, Any], env: str | None, code: str) -> None:
    """Else a target that is called harmless would open the way to a namespace or host that is not."""
    found = misplaced(executor, spec, REACH, "web-1", env)
    assert (found[0] if found else "") == code
