"""A line that somebody typed, taken apart: the verb, the incident, and the words."""

import re
from dataclasses import dataclass

_INCIDENT = re.compile(r"(?i)^(inc[\s‐–—_#-]*)?(\d+)[:,.;\uff1a\uff0c]?(?=\s|$)")
"""`INC-42`, and what hurried fingers make of it: `inc42`, `INC 42`, `INC-42:`."""
HIGHEST = 999_999_999
"""No incident has a higher number: what is typed higher is read as this one."""

NAMES_ANOTHER = frozenset({"merge", "list"})
"""Verbs that are not about the incident they name: `merge INC-7` is said in the one that takes it in; `list` is about none."""
OF_TWO_WORDS = frozenset({"drill stop", "drill finding", "drill sign"})
"""What is said of an incident in two words: its number may stand behind both."""


@dataclass(frozen=True, slots=True)
class Line:
    """`verb [INC-42] [words]`; options are still in the words."""

    verb: str
    words: str = ""
    incident: int | None = None


def line(text: str) -> Line:
    """A typed line taken apart; the incident may stand before the verb as well. An empty line is `help`."""
    number, text = incident(text)
    verb, words = _first(text)
    if number is None:
        number, words = _behind(verb.lower(), words)
    return Line(verb.lower() or "help", words, number)


def _behind(verb: str, words: str) -> tuple[int | None, str]:
    """The incident that stands behind a verb, and the words without it."""
    second, rest = _first(words)
    if f"{verb} {second.lower()}" in OF_TWO_WORDS:
        found, rest = incident(rest)
        return found, f"{second} {rest}".strip()
    found, rest = incident(words)
    return (found, rest) if rest or verb not in NAMES_ANOTHER else (None, words)


def incident(text: str, bare: bool = False) -> tuple[int | None, str]:
    """The incident that a text begins with, and what follows. bare: its number alone will do. (One that cannot be is one that
    is not there.)"""
    found = _INCIDENT.match(text)
    if found is None or not (bare or found[1]):
        return None, text
    return min(int(found[2][:10]), HIGHEST), text[found.end() :].strip()


def _first(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    first, rest = (*text.split(maxsplit=1), "", "")[:2]
    return first, rest.strip()
