"""What an action on another machine may not be: on anything but its target, a value that steers Ansible, what nobody allows."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain import reach
from bot.domain.plan import Does, Param
from bot.text import Code, t
from runbooks.lint_action import PLACE, Allowed
from runbooks.problem import Report, did_you_mean

KINDS: Mapping[str, tuple[str, ...]] = {
    "delete": ("pod",),
    "ready": ("daemonset", "deployment", "pod", "statefulset"),
    "restart": ("daemonset", "deployment", "statefulset"),
    "scale": ("deployment", "statefulset"),
}
"""Verb of `k8s` → what it can be done to."""
MOST_REPLICAS = 1000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_PLAYBOOK = re.compile(r"(?:/[^/\s]+)+\.ya?ml")
_STEERS = re.compile(
    r"ansible_.*|(?:inventory|playbook|role)_.*|become.*|connection|delegate_to|environment|groups?|group_names|hostvars|hosts"
    r"|omit|play_hosts|port|remote_user|vars"
)


def check(does: Does, line: int, params: Mapping[str, Param], report: Report, allowed: Allowed | None) -> None:
    """All rules for one spec (P419, P426, P442-P444); those of its texts are in lint_action.py."""
    rule = {"ssh": _ssh, "ansible": _ansible, "k8s": _k8s}.get(does.executor)
    if rule is not None:
        rule(does.spec, line, params, report, allowed.reach if allowed else None)


def _ssh(
    spec: Mapping[str, Any], line: int, params: Mapping[str, Param], report: Report, policy: reach.Reach | None
) -> None:
    _on_target(spec["host"], "host", ("host",), line, params, report)
    argv = spec["argv"]
    whole = isinstance(argv, list) and bool(argv) and all(isinstance(word, str) for word in argv)
    if whole and policy is not None and not reach.begins(argv, policy.ssh.programs):
        sentence = t("{program} is not among the programs of policy.yaml, ssh.", program=Code(" ".join(argv)[:80]))
        report.error("P426", line, sentence)


def _ansible(
    spec: Mapping[str, Any], line: int, params: Mapping[str, Param], report: Report, policy: reach.Reach | None
) -> None:
    playbook = spec["playbook"]
    _on_target(spec["limit"], "limit", ("host",), line, params, report)
    if not isinstance(playbook, str) or not _PLAYBOOK.fullmatch(playbook):
        report.error("P419", line, t("playbook is the absolute path of a .yml file."))
    elif policy is not None and not reach.listed(playbook, policy.ansible.playbooks):
        sentence = t("{playbook} is not among the playbooks of policy.yaml.", playbook=Code(playbook[:80]))
        report.error("P444", line, sentence)
    if not isinstance(spec.get("check", False), bool):
        report.error("P419", line, t("check is true or false."))
    _extra(spec.get("extra", {}), line, report)


def _extra(extra: Any, line: int, report: Report) -> None:
    flat = isinstance(extra, Mapping) and all(isinstance(value, str | int) for value in extra.values())
    if not flat or not all(_NAME.fullmatch(name) for name in extra):
        report.error(
            "P419", line, t("extra holds names of variables and their values: texts, whole numbers, true or false.")
        )
        return
    for name in filter(_STEERS.fullmatch, extra):
        sentence = t("{name} is no variable of the playbook: it would steer Ansible itself.", name=Code(name))
        report.error("P443", line, sentence, t("give the variable another name"))


def _k8s(
    spec: Mapping[str, Any], line: int, params: Mapping[str, Param], report: Report, policy: reach.Reach | None
) -> None:
    verb, kind, namespace = (str(spec[name]) for name in ("verb", "kind", "namespace"))
    if verb not in KINDS:
        sentence = t("{verb} is none of: {names}.", verb=Code(verb[:80]), names=", ".join(KINDS))
        report.error("P419", line, sentence, did_you_mean(verb, KINDS))
    elif kind not in KINDS[verb]:
        sentence = t("{verb} goes with: {names}.", verb=Code(verb), names=", ".join(KINDS[verb]))
        report.error("P419", line, sentence, did_you_mean(kind, KINDS[verb]))
    if verb != "ready":
        _on_target(spec["name"], "name", ("host", "choice", "string"), line, params, report)
    if policy is not None and not PLACE.search(namespace) and namespace not in policy.k8s.namespaces:
        sentence = t("{namespace} is not among the namespaces of policy.yaml.", namespace=Code(namespace[:80]))
        report.error("P444", line, sentence, did_you_mean(namespace, policy.k8s.namespaces))
    _replicas(spec.get("replicas"), verb, line, params, report)


def _replicas(found: Any, verb: str, line: int, params: Mapping[str, Param], report: Report) -> None:
    place = PLACE.fullmatch(str(found))
    param = params.get(place[1]) if place else None
    low, high = (param.rest.get("min"), param.rest.get("max")) if param and param.type == "int" else (found, found)
    whole = type(low) is int and type(high) is int and 1 <= low <= high <= MOST_REPLICAS
    if (verb == "scale") != (found is not None) or (found is not None and not whole):
        sentence = t("scale, and nothing else, has replicas: a whole number from 1 to {most}.", most=MOST_REPLICAS)
        report.error("P419", line, sentence)


def _on_target(
    found: Any, key: str, types: tuple[str, ...], line: int, params: Mapping[str, Param], report: Report
) -> None:
    """What is acted on is a parameter, for the target is one: by it the approval, the lock and the pause are chosen."""
    place = PLACE.fullmatch(str(found))
    param = params.get(place[1]) if place else None
    if place is not None and param is None:
        return  # P423 has said it
    if param is None or param.type not in types:
        sentence = t(
            "{key} must be one parameter of type {types}, such as {place}.",
            key=Code(key),
            types=types[0],
            place=Code("${host}"),
        )
        report.error("P442", line, sentence)
