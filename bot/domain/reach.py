"""What actions may do on other machines: by which account, with which playbooks, in which namespaces. policy.yaml says so.

What an action changes elsewhere is its target and nothing beside it: the target is what environment, floor, lock and
cooldown were judged by.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

Spec = Mapping[str, Any]
Found = tuple[str, dict[str, str]]
"""Code of a refusal and its parameters."""


@dataclass(frozen=True, slots=True)
class Ssh:
    """user, key, known_hosts: the account, its private key and the hosts' keys (absolute paths); programs: words with which a
    command may begin, the first of them an absolute path in which `*` stands for any name.
    """

    user: str = ""
    key: str = ""
    known_hosts: str = ""
    port: int = 22
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ansible:
    """inventory: Ansible's own, an absolute path; playbooks: absolute paths, `*` stands for any name."""

    inventory: str = ""
    playbooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class K8s:
    """kubeconfig: an absolute path; namespaces: name → environment; scale_by: replicas more or less that one action may make."""

    kubeconfig: str = ""
    namespaces: Mapping[str, str] = field(default_factory=dict)
    scale_by: int = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """What policy.yaml allows beyond this machine."""

    ssh: Ssh = Ssh()
    ansible: Ansible = Ansible()
    k8s: K8s = field(default_factory=K8s)


def refused(executor: str, spec: Spec, reach: Reach, target: str) -> Found | None:
    """Why an action may not do this elsewhere, to its target and nothing else; None if it may, or if it is nothing of that kind."""
    rule = _RULES.get(executor)
    return None if rule is None else rule(spec, reach, target)


def misplaced(executor: str, spec: Spec, reach: Reach, target: str, env: str | None) -> Found | None:
    """Why the inventory is against it. env: of the target by the inventory, None if it is not there."""
    if executor in ("ssh", "ansible") and env is None:
        return "no_host", {"host": target}
    its = reach.k8s.namespaces.get(str(spec["namespace"])) if executor == "k8s" else None
    if its is None or env in (None, its):
        return None
    return "namespace_env", {"namespace": str(spec["namespace"]), "env": its, "target": target, "other": str(env)}


def begins(argv: Sequence[str], programs: Iterable[str]) -> bool:
    """The command begins with the words of one of the programs."""
    return any(_begins(argv, program.split()) for program in programs)


def listed(playbook: str, patterns: Iterable[str]) -> bool:
    """The playbook is one of those that policy.yaml names."""
    return any(_is_at(playbook, pattern) for pattern in patterns)


def _begins(argv: Sequence[str], words: Sequence[str]) -> bool:
    return _is_at(argv[0], words[0]) and list(argv[1 : len(words)]) == list(words[1:])


def _is_at(path: str, pattern: str) -> bool:
    """Each `*` is one name; nothing climbs out of the folder that the pattern names."""
    plain = path.startswith("/") and not {"..", "."} & set(path.split("/"))
    return plain and PurePosixPath(path).match(pattern)


def _ssh(spec: Spec, reach: Reach, target: str) -> Found | None:
    ssh, argv = reach.ssh, [str(word) for word in spec["argv"]]
    if not ssh.user:
        return "ssh", {}
    if not begins(argv, ssh.programs):
        return "ssh_program", {"program": " ".join(argv[:2])[:120]}
    return _beside(str(spec["host"]), target)


def _ansible(spec: Spec, reach: Reach, target: str) -> Found | None:
    playbook = str(spec["playbook"])
    if not listed(playbook, reach.ansible.playbooks):
        return "playbook", {"playbook": playbook}
    if not spec.get("sha256"):
        return "playbook_read", {"playbook": playbook, "why": str(spec.get("why", "?"))}
    return _beside(str(spec["limit"]), target)


def _k8s(spec: Spec, reach: Reach, target: str) -> Found | None:
    namespace = str(spec["namespace"])
    if namespace not in reach.k8s.namespaces:
        return "namespace", {"namespace": namespace}
    if spec["verb"] == "ready":
        return None  # it only looks: what a deleted pod is followed by has another name
    return _beside(str(spec["name"]), target)


def _beside(host: str, target: str) -> Found | None:
    return None if host == target else ("beside", {"host": host, "target": target})


_RULES: Mapping[str, Callable[[Spec, Reach, str], Found | None]] = {"ssh": _ssh, "ansible": _ansible, "k8s": _k8s}
