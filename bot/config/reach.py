"""policy.yaml, automation: ssh, ansible, k8s → what may be done on other machines."""

import re
from collections.abc import Mapping

from bot.config.spot import Spot
from bot.domain.reach import Ansible, K8s, Ssh

_PATH = re.compile(r"(?:/[^/*\s]+)+")
_PATTERN = re.compile(r"(?:/(?:[^/*\s]+|\*))*/[^/\s]+")
_COMMAND = re.compile(r"(?:/[^/*\s]+)*/(?:[^/*\s]+|\*)(?: [^\s]+)*")
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def ssh(spot: Spot) -> Ssh:
    """An account, its key and the hosts' keys: nothing is guessed, and no host is trusted unseen."""
    at = spot.keys("user", "key", "known_hosts", "port", "programs")
    user = _of(at["user"], _USER, "the name of an account is expected here")
    key, known = (_of(at[name], _PATH, "an absolute path is expected here") for name in ("key", "known_hosts"))
    _whole(spot, at, "user", "key", "known_hosts")
    programs = tuple(_of(item, _COMMAND, _EXPECTED) for item in at["programs"].items())
    return Ssh(user, key, known, at["port"].whole(22, 1, 65535), programs)


def ansible(spot: Spot) -> Ansible:
    at = spot.keys("inventory", "playbooks")
    _whole(spot, at, "inventory")
    inventory = _of(at["inventory"], _PATH, "an absolute path is expected here")
    expected = "the absolute path of a playbook is expected here"
    return Ansible(inventory, tuple(_of(item, _PATTERN, expected) for item in at["playbooks"].items()))


def k8s(spot: Spot) -> K8s:
    at = spot.keys("kubeconfig", "namespaces", "scale_by")
    _whole(spot, at, "kubeconfig")
    names = at["namespaces"].entries()
    for name, entry in names.items():
        if not _NAME.fullmatch(name) or not entry.text():
            entry.wrong("a namespace and its environment are expected here, such as shop: production")
    kubeconfig = _of(at["kubeconfig"], _PATH, "an absolute path is expected here")
    return K8s(kubeconfig, {name: entry.text() for name, entry in names.items()}, at["scale_by"].whole(2, 1, 1000))


_EXPECTED = "the words with which a command begins are expected here, such as /usr/bin/systemctl restart"


def _of(spot: Spot, form: re.Pattern[str], expected: str) -> str:
    text = spot.text()
    if text and (not form.fullmatch(text) or {"..", "."} & set(text.split(" ")[0].split("/"))):
        spot.wrong(expected)
    return text


def _whole(spot: Spot, at: Mapping[str, Spot], *names: str) -> None:
    """All or nothing of these."""
    missing = [name for name in names if not at[name].there]
    if spot.there and missing:
        spot.wrong(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing here")
