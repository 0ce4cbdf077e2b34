"""`ansible` with the real ansible-playbook on this machine: one host, once, values that stay values, and every process ends."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.reach import Ansible, Reach
from bot.ports import Executor, Order
from runbooks.near_ansible import as_yaml
from runbooks.pinning import pinned
from runbooks.playbooks import MOST_FILES, sha_of
from tests.runbooks.ground import executor, running, settled, until

PLAYBOOK = """
- hosts: all
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.shell: "echo {{ inventory_hostname }} >> {root}/effects"
    - ansible.builtin.debug: {msg: "<{{ word | default('') }}>"}
"""
SLEEPS = """
- hosts: all
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.shell: "echo $$ > {root}/new; mv {root}/new {root}/pid-there; sleep 90; echo late >> {root}/effects"
"""


def order(root: Path, text: str = PLAYBOOK, **spec: Any) -> Order:
    """A playbook in a folder of its own; the inventory knows web-1 and web-2."""
    folder = root / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / "mend.yml").write_text(text.replace("{root}", str(root)))
    (root / "hosts").write_text("web-1\nweb-2\n")
    ansible = {"inventory": str(root / "hosts"), "playbooks": [str(folder / "*.yml")]}
    ssh = {"user": "", "key": "", "known_hosts": "", "port": 22, "programs": []}
    told = {"ssh": ssh, "ansible": ansible, "k8s": {"kubeconfig": ""}, "target": "web-1"}
    whole = pinned(
        "ansible",
        {"playbook": str(folder / "mend.yml"), "limit": "web-1", **spec},
        Reach(ansible=Ansible(str(root / "hosts"))),
    )
    return Order("a1", "ansible", whole, 120.0, {"reach": told})


@pytest.fixture
def found(tmp_path: Path) -> Executor:
    return executor(tmp_path, "ansible")


@pytest.mark.slow
async def test_once_on_one_host_and_no_value_is_a_template(found: Executor, tmp_path: Path) -> None:
    word = "{{ lookup('pipe', 'touch " + str(tmp_path / "owned") + "') }}\"'\\\n🚨"
    what = order(tmp_path, extra={"word": word, "number": 3, "yes": True})
    for _ in range(3):
        await found.start(what)
    ended = await settled(found, what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "exited", 0, True), ended.output
    assert (tmp_path / "effects").read_text() == "web-1\n"
    assert "{{ lookup('pipe'" in ended.output
    assert not (tmp_path / "owned").exists()


@pytest.mark.slow
async def test_what_matches_nobody_is_not_done(found: Executor, tmp_path: Path) -> None:
    nobody = order(tmp_path, PLAYBOOK.replace("hosts: all", "hosts: others"))
    await found.start(nobody)
    ended = await settled(found, nobody)
    assert (ended.outcome, ended.exit, ended.ok) == ("failed", None, False)
    assert "no task was begun" in ended.output


@pytest.mark.slow
async def test_stopped_with_all_that_it_began(found: Executor, tmp_path: Path) -> None:
    what = order(tmp_path, SLEEPS)
    await found.start(what)
    await asyncio.to_thread(until, (tmp_path / "pid-there").exists, 60.0)
    there = int((tmp_path / "pid-there").read_text())
    await found.stop(what)
    ended = await settled(found, what)
    assert ended.state == "gone", "in the middle of a task: what it did is not known"
    assert not running(there)


async def test_what_was_changed_since_is_not_run(found: Executor, tmp_path: Path) -> None:
    what = order(tmp_path)
    (tmp_path / "playbooks" / "roles.yml").write_text("- changed")
    with pytest.raises(PermissionError, match="has changed since it was asked for"):
        await found.start(what)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"limit": "all"}, "would act on all, and its target is web-1"),
        ({"limit": "web-1:web-2"}, "its target is web-1"),
        ({"playbook": "/etc/other.yml"}, "allows no playbook"),
        ({"sha256": ""}, "cannot be used"),
    ],
)
async def test_only_what_policy_allows(found: Executor, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    what = order(tmp_path)
    with pytest.raises(PermissionError, match=said):
        await found.start(replace(what, spec={**what.spec, **change}))


def test_the_sha_is_of_every_file_and_of_nothing_that_others_may_change(tmp_path: Path) -> None:
    plays, hosts = tmp_path / "plays", str(tmp_path / "hosts")
    playbook, role = plays / "mend.yml", plays / "roles" / "a" / "main.yml"
    reach = Reach(ansible=Ansible(hosts))
    plays.mkdir()
    Path(hosts).write_text("web-1")
    playbook.write_text("- a")
    first = sha_of(str(playbook), hosts)
    role.parent.mkdir(parents=True)
    role.write_text("- b")
    second = sha_of(str(playbook), hosts)
    role.rename(role.with_name("other.yml"))
    assert len({first, second, sha_of(str(playbook), hosts)}) == 3
    assert pinned("ansible", {"playbook": str(playbook)}, reach)["sha256"] == sha_of(str(playbook), hosts)
    role.with_name("other.yml").chmod(0o666)
    with pytest.raises(PermissionError, match="others may change it"):
        sha_of(str(playbook), hosts)
    role.with_name("other.yml").unlink()
    role.symlink_to("/etc/hosts")
    with pytest.raises(PermissionError, match="a link"):
        sha_of(str(playbook), hosts)
    assert "a link" in pinned("ansible", {"playbook": str(playbook)}, reach)["why"]
    role.unlink()
    for number in range(MOST_FILES):
        (plays / f"{number}.yml").touch()
    with pytest.raises(PermissionError, match="give it less"):
        sha_of(str(playbook), hosts)


def test_values_are_written_so_that_nothing_in_them_means_anything() -> None:
    assert as_yaml({"a": "{{ b }}\n", "n": 3, "t": True}) == (
        'a: !unsafe "\\U0000007b\\U0000007b\\U00000020b\\U00000020\\U0000007d\\U0000007d\\U0000000a"\nn: 3\nt: true\n'
    )
    assert as_yaml({}) == "{}\n"


async def test_the_yes_is_to_the_inventory_as_well(found: Executor, tmp_path: Path) -> None:
    """By it another machine would be meant, or another value be taken."""
    (tmp_path / "group_vars").mkdir()
    files = [tmp_path / "hosts", tmp_path / "group_vars" / "all.yml", tmp_path / "host_vars" / "web-1.yml"]
    for file in files:
        what = order(tmp_path)
        file.parent.mkdir(exist_ok=True)
        file.write_text("web-1 ansible_host=prod-db-1\n" if file.suffix == "" else "word: other\n")
        with pytest.raises(PermissionError, match="the inventory has changed"):
            await found.start(what)
    for there in ("", str(tmp_path / "nowhere")):
        with pytest.raises(FileNotFoundError, match="no such file"):
            sha_of(str(tmp_path / "playbooks" / "mend.yml"), there)
