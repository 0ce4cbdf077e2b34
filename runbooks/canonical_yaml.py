"""The YAML blocks of a plan's page, always written in the same way. Whatever could be read as something else is quoted."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.plan import Action, Check, Does, Limits, Need, Param, Settings
from bot.domain.terms import HOUR, MINUTE, SECOND, Micros

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9/_.-]*(?: [A-Za-z0-9/_.-]+)*|\d+[smh]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def action(found: Action) -> str:
    """The ```yaml action block."""
    return "\n".join(_action(found))


def settings(found: Settings) -> str:
    """The ```yaml settings block, "" if there is nothing to say."""
    return "\n".join(_settings(found))


def scalar(value: Any) -> str:
    """A value that is read as it is."""
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def _span(length: Micros) -> str:
    for unit, name in ((HOUR, "h"), (MINUTE, "m")):
        if length and length % unit == 0:
            return f"{length // unit}{name}"
    return f"{length // SECOND}s"


def _does(does: Does) -> str:
    spec = does.spec["argv"] if set(does.spec) == {"argv"} else does.spec
    return f"{does.executor}: {flow(spec)}"


def _action(found: Action) -> Iterator[str]:
    yield f"id: {found.id}"
    yield _does(found.does)
    yield f"changes: {flow(found.changes)}"
    yield f"timeout: {_span(found.timeout)}"
    if found.idempotent:
        yield "idempotent: true"
    if found.retries:
        yield f"retries: {found.retries}"
    if found.verify is not None:
        yield from _check(found.verify)
    if found.rollback is not None:
        yield "rollback:"
        yield f"  {_does(found.rollback)}"
        yield f"  timeout: {_span(found.rollback_timeout)}"
    elif found.changes:
        yield "rollback: none"
    if found.rollback_reason:
        yield f"rollback_reason: {scalar(found.rollback_reason)}"
    yield from _what_next(found)


def _what_next(found: Action) -> Iterator[str]:
    if found.on_failure != "stop":
        yield f"on_failure: {found.on_failure}"
    if found.answer:
        yield "answer: " + "{" + ", ".join(f"{_code(c)}: {scalar(a)}" for c, a in found.answer.items()) + "}"
    if found.kind:
        yield f"kind: {found.kind}"


def _code(code: str) -> str:
    return f'"{code}"' if code.isdigit() else code


def _check(check: Check) -> Iterator[str]:
    yield "verify:"
    yield f"  {_does(check.does)}"
    yield f"  timeout: {_span(check.timeout)}"
    if check.attempts != 1:
        yield f"  attempts: {check.attempts}"
    if check.wait:
        yield f"  wait: {_span(check.wait)}"


def _settings(found: Settings) -> Iterator[str]:
    if found.params:
        yield "params:"
        yield from (f"  {name}: {flow(_param(param))}" for name, param in found.params.items())
    if found.limits is not None:
        yield "limits:"
        yield from (f"  {line}" for line in _limits(found.limits))
    if found.default is not None:
        yield "approval:"
        yield f"  default: {flow(_need(found.default))}"
        if found.rules:
            yield "  rules:"
        for rule in found.rules:
            said: dict[str, Any] = {"auto": True} if rule.auto else {"need": rule.need}
            said |= {"from": rule.groups} if rule.groups else {}
            yield f"    - {flow({'when': rule.when, **said})}"
    if found.after_failure:
        yield f"after_failure: {scalar(found.after_failure)}"


def _param(param: Param) -> dict[str, Any]:
    said: dict[str, Any] = {"type": param.type}
    said |= {"from": param.source} if param.source else {}
    said |= {} if param.required else {"required": False}
    said |= {} if param.default is None else {"default": param.default}
    said |= {"help": param.help} if param.help else {}
    return said | dict(param.rest)


def _limits(limits: Limits) -> Iterator[str]:
    yield f"cooldown: {_span(limits.cooldown)}"
    yield f"at_most: {limits.count} per {_span(limits.per)}"
    yield f"concurrency: {flow({'key': limits.lock_key, 'max': limits.lock_max})}"
    blast: dict[str, Any] = {"max_targets": limits.max_targets, "max_percent": limits.max_percent}
    blast |= {"of": f"inventory:{limits.of}"} if limits.of else {}
    if blast != {"max_targets": 1, "max_percent": 100}:
        yield f"blast_radius: {flow(blast)}"


def _need(need: Need) -> dict[str, Any]:
    said: dict[str, Any] = {"need": need.need, "from": need.groups, "not": need.forbid}
    return {**said, "expires": _span(need.expires), "then_after": _span(need.then_after)}
