"""What an executor is asked to do, as one line to the letter: this is what people approve."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from bot.domain.run_state import Approval, Attempt
from bot.text import Code, Strong, Text, t

PLAIN = {"k8s": ("verb", "kind", "name"), "ansible": ("playbook", "limit")}
"""Executor → the keys whose values say by themselves what they are, in the order in which people say them."""


def shown(does: Mapping[str, Any]) -> str:
    """`{executor, spec}` as people read it: the command line, the request, else words and JSON. Nothing is left out."""
    spec = does.get("spec", {})
    argv = spec.get("argv")
    if isinstance(argv, list | tuple):
        rest = {key: value for key, value in spec.items() if key not in ("argv", "host")}
        where = [str(does.get("executor", "")), str(spec["host"])] if "host" in spec else []
        return " ".join([*where, shlex.join(str(word) for word in argv), *_rest(rest)])
    if "url" in spec:
        rest = {key: value for key, value in spec.items() if key not in ("url", "method", "expect")}
        return " ".join([f"{spec.get('method', 'GET')} {spec['url']}", *_rest(rest), *_expected(spec)])
    executor = str(does.get("executor", ""))
    first = [name for name in PLAIN.get(executor, ()) if name in spec]
    words = [executor, *(shlex.quote(str(spec[name])) for name in first)]
    return " ".join([*words, *_rest({name: value for name, value in spec.items() if name not in first})]).strip()


def way_back(rollback: Mapping[str, Any], covered: bool) -> Text:
    """How an action is undone. covered: the yes to it is one to this, too, if it or a later step of the plan fails."""
    does = Code(shown(rollback))
    if covered:
        return t("With rollback: if it or a later step fails, this is run: {does}", does=does)
    return t("Can be undone, with a yes of its own: {does}", does=does)


def leads_back(covered: bool) -> Text:
    """The same, where what it does follows in blocks of its own."""
    if covered:
        return t("With rollback: if it or a later step fails, this is run:")
    return t("Can be undone, with a yes of its own:")


def undoing(action: str, target: str) -> Text:
    """What the taking back of an action is called."""
    if target:
        return t("the undoing of {action} on {target}", action=Strong(action), target=Code(target))
    return t("the undoing of {action}", action=Strong(action))


def what_of(found: Approval | Attempt) -> Text:
    """What was asked, or is run."""
    if found.undoes:
        return undoing(found.action, found.target)
    if found.target:
        return t("{action} on {target}", action=Strong(found.action), target=Code(found.target))
    return t("{action}", action=Strong(found.action))


def cut_off(what: Text, found: Attempt | None) -> Text:
    """Nobody saw the end of what may be done again, so nobody has to be asked what became of it."""
    if found is not None and found.changes:
        return t("Nobody saw {what} end. It may be done twice, so it is tried again.", what=what)
    return t("{what} was cut off. It only reads, so it is done again.", what=what)


def _rest(rest: Mapping[str, Any]) -> list[str]:
    return [json.dumps(rest, ensure_ascii=False, sort_keys=True)] if rest else []


def _expected(spec: Mapping[str, Any]) -> list[str]:
    expect = spec.get("expect")
    if expect is None:
        return []
    codes = expect if isinstance(expect, list | tuple) else [expect]
    return ["= " + " or ".join(str(code) for code in codes)]
