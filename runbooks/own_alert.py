"""The alert that a plan is for, made from its matchers and parameters: drills and `plan try` begin with it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from bot.domain import matcher
from bot.domain.matcher import Matcher
from bot.domain.plan import Param, Plan
from bot.domain.policy import Automation
from bot.text import Code, Text, t

_WORDS = {"critical": ("sev1", "sev2"), "warning": ("sev3",), "info": ("sev4",)}
_CLASSES = {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " ", c.CATEGORY_WORD: "a"}
OTHER = "drill"
"""The value of a label that only must not be something."""


class NoAlert(Exception):
    """No labels can be found that meet the plan's matchers. sentence: for people."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence


def labels(plan: Plan, automation: Automation, hosts: Sequence[str] = (), service: str = "") -> dict[str, str]:
    """Labels for which the plan's matchers hold, and from which its parameters have values. NoAlert if there are none.

    hosts: what may stand for a host; else the first of the parameter's own inventory; service: that it is about, as far as the
    matchers leave that open.
    """
    found = {"alertname": plan.id, "severity": _severity(plan), "service": service}
    wanted = [matcher.parse(text) for text in plan.match]
    for param in plan.settings.params.values():
        if param.source.startswith("label."):
            found |= _given(param, automation, hosts)
    entries = [entry for value in found.values() if (entry := automation.entry_of(value)) is not None]
    found["env"] = entries[0].env if entries else ""
    for one in wanted:
        found |= _meeting(one, found)
    for one in wanted:
        if not one.holds(found):
            raise NoAlert(t("No alert can be made for which {matcher} holds.", matcher=Code(str(one))))
    return {name: value for name, value in found.items() if value}


def _severity(plan: Plan) -> str:
    """The sender's word for the first severity of the plan."""
    first = plan.severity[0].value if plan.severity else "sev3"
    return next(word for word, meant in _WORDS.items() if first in meant)


def _given(param: Param, automation: Automation, hosts: Sequence[str]) -> dict[str, str]:
    return {param.source.removeprefix("label."): value for value in list(_values(param, automation, hosts))[:1]}


def _values(param: Param, automation: Automation, hosts: Sequence[str]) -> Iterator[str]:
    """Values that the parameter would take, the plainest first."""
    rest: Mapping[str, Any] = param.rest
    match param.type:
        case "host":
            allowed = automation.hosts(str(rest.get("allow", "")).removeprefix("inventory:"))
            yield from (host for host in (hosts or allowed) if host in allowed)
        case "choice":
            yield from (str(choice) for choice in rest.get("choices", ()))
        case "int":
            yield str(param.default if param.default is not None else rest.get("min", 1))
        case "path":
            yield from (str(place) for place in rest.get("under", ()))
        case "bool":
            yield "true"
        case "string":
            yield from _fitting(str(rest.get("pattern", "")))


def _meeting(one: Matcher, found: Mapping[str, str]) -> dict[str, str]:
    """A value for the label of a matcher that does not hold yet."""
    if one.holds(found):
        return {}
    values = [one.value] if one.op == "=" else list(_fitting(one.value)) if one.op == "=~" else [OTHER, ""]
    return {one.label: next((value for value in values if one.holds({one.label: value})), "")}


def _fitting(pattern: str) -> Iterator[str]:
    """A short text that a pattern meets, if one can be made by following its first branches."""
    try:
        made = "".join(_made(parser.parse(pattern)))
    except (re.error, ValueError):
        return
    if re.fullmatch(pattern, made):
        yield made


def _made(parsed: Any) -> Iterator[str]:
    for kind, value in parsed:
        if kind in _REPEATS:
            yield "".join(_made(value[2])) * value[0]
        elif kind in _INSIDE:
            yield from _made(_INSIDE[kind](value))
        elif kind in _LETTER:
            yield _LETTER[kind](value)


def _one_of(members: Any) -> str:
    """A letter of a set: its first member; of one that excludes, a letter that it does not name."""
    if members[0][0] is c.NEGATE:
        named = {chr(value) for kind, value in members[1:] if kind is c.LITERAL}
        return next(letter for letter in "ax1_-" if letter not in named)
    kind, value = members[0]
    if kind is c.RANGE:
        return chr(value[0])
    return _CLASSES.get(value, "a") if kind is c.CATEGORY else chr(value)


_REPEATS = frozenset({c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT})
_INSIDE: Mapping[Any, Callable[[Any], Any]] = {
    c.BRANCH: lambda value: value[1][0],
    c.SUBPATTERN: lambda value: value[3],
    c.ATOMIC_GROUP: lambda value: value,
}
_LETTER: Mapping[Any, Callable[[Any], str]] = {
    c.LITERAL: chr,
    c.ANY: lambda value: "a",
    c.NOT_LITERAL: lambda value: "a" if value != ord("a") else "b",
    c.IN: _one_of,
}
"""What a part of a pattern becomes; anchors become nothing."""
