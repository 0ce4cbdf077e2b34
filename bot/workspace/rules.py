"""A small language for the shape of JSON, and the walker that finds what does not fit.

A rule is a value; `problems` yields (JSON pointer, sentence). Of the sentences only LONG, MANY and SCHEMA are known from the
real Slack; the others are ours, and nobody should rely on their words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONG = "must be less than {n} characters"
MANY = "no more than {n} items allowed"
SCHEMA = "failed to match all allowed schemas"

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Str:
    """Text of `least` to `most` characters. like: a regular expression for the whole of it."""

    most: int = 255
    least: int = 1
    like: str = ""


@dataclass(frozen=True, slots=True)
class Num:
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Yes:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text object; plain: only plain_text is allowed."""

    most: int
    plain: bool = False
    least: int = 1


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `least` to `most` things of one rule."""

    of: "Rule"
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Obj:
    """An object. Names that end in `?` may be missing; others than these may not be there."""

    fields: Mapping[str, "Rule"]


@dataclass(frozen=True, slots=True)
class Kinds:
    """An object whose `type` says which of these it is."""

    table: Mapping[str, Obj]


@dataclass(frozen=True, slots=True)
class Whatever:
    """Anything: it is not looked into."""


Rule = Str | Num | Yes | Word | Text | Many | Obj | Kinds | Whatever


def problems(rule: Rule, value: Any, at: str) -> Iterator[Problem]:
    """What does not fit, depth first. at: the pointer of the value."""
    yield from _CHECKS[type(rule)](rule, value, at)


def _text_length(value: str, least: int, most: int, at: str) -> Iterator[Problem]:
    if len(value) > most:
        yield at, LONG.format(n=most + 1)
    elif len(value) < least:
        yield at, f"must be more than {least - 1} characters"


def _str(rule: Str, value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield at, "must be a string"
    elif rule.like and not re.fullmatch(rule.like, value):
        yield at, "must match the pattern"
    else:
        yield from _text_length(value, rule.least, rule.most, at)


def _num(rule: Num, value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, int) or isinstance(value, bool) or not rule.least <= value <= rule.most:
        yield at, f"must be a number from {rule.least} to {rule.most}"


def _yes(rule: Yes, value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield at, "must be a boolean"


def _word(rule: Word, value: Any, at: str) -> Iterator[Problem]:
    if value not in rule.words:
        yield at, f"must be one of {', '.join(rule.words)}"


def _text(rule: Text, value: Any, at: str) -> Iterator[Problem]:
    kinds = ("plain_text",) if rule.plain else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        yield at, SCHEMA
        return
    known = {"type", "text", "emoji" if value["type"] == "plain_text" else "verbatim"}
    for name in value.keys() - known:
        yield f"{at}/{name}", "is not a valid field"
    yield from _text_length(value["text"], rule.least, rule.most, f"{at}/text")


def _many(rule: Many, value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield at, "must be an array"
        return
    if len(value) > rule.most:
        yield at, MANY.format(n=rule.most)
    if len(value) < rule.least:
        yield at, f"no fewer than {rule.least} items allowed"
    for index, each in enumerate(value):
        yield from problems(rule.of, each, f"{at}/{index}")


def _obj(rule: Obj, value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield at, "must be an object"
        return
    names = {name.rstrip("?"): inner for name, inner in rule.fields.items()}
    for name in value.keys() - names.keys():
        yield f"{at}/{name}", "is not a valid field"
    for name, inner in names.items():
        if value.get(name) is not None:
            yield from problems(inner, value[name], f"{at}/{name}")
        elif name in rule.fields:
            yield f"{at}", f"missing required field: {name}"


def _kinds(rule: Kinds, value: Any, at: str) -> Iterator[Problem]:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in rule.table:
        yield f"{at}/type", f"unsupported type: {kind}"
        return
    yield from problems(rule.table[kind], {name: each for name, each in value.items() if name != "type"}, at)


def _whatever(rule: Whatever, value: Any, at: str) -> Iterator[Problem]:
    yield from ()


_CHECKS: Mapping[type, Callable[[Any, Any, str], Iterator[Problem]]] = {
    Str: _str,
    Num: _num,
    Yes: _yes,
    Word: _word,
    Text: _text,
    Many: _many,
    Obj: _obj,
    Kinds: _kinds,
    Whatever: _whatever,
}
