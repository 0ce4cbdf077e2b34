"""Alertmanager's matchers: `env="production"`, `service!="api"`, `alertname=~"Disk.*|Inode.*"`, `team!~"test-.*"`.

A label that is not there counts as "". A regular expression must match the whole value. Label values come from strangers, so
a pattern may not be of the kind that takes for ever, and a value of more than 512 characters meets no pattern at all.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.errors import BadInput
from bot.text import Code, Text, t

EXAMPLE = 'env="production"'
LONGEST_PATTERN = 256
LONGEST_VALUE = 512
MOST_REPEATS = 3

_FORM = re.compile(r"\s*(?P<label>[A-Za-z_][A-Za-z0-9_.]*)\s*(?P<op>=~|!~|!=|=)\s*(?P<value>.*?)\s*", re.DOTALL)
_QUOTED = re.compile(r'"(?P<inside>(?:[^"\\\n]|\\.)*)"', re.DOTALL)
_BARE = re.compile(r"[^\s\"'{},=~!\\]+")
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label. op: = | != | =~ | !~."""

    label: str
    op: str
    value: str

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet the condition."""
        found = labels.get(self.label, "")
        if self.op in {"=", "!="}:
            return (found == self.value) == (self.op == "=")
        if len(found) > LONGEST_VALUE:
            return False
        return bool(_compiled(self.value).fullmatch(found)) == (self.op == "=~")

    @property
    def positive(self) -> bool:
        """It says what must be there: a missing label never meets it."""
        return self.op in {"=", "=~"} and not self.holds({})

    def __str__(self) -> str:
        inside = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.op}"{inside}"'


def parse(text: str) -> Matcher:
    """The matcher that a text says. BadInput with the reason and an example."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise _bad(
            t("{text} is no matcher: write a label, one of = != =~ !~, and a value in quotes.", text=_shown(text))
        )
    matcher = Matcher(form["label"], form["op"], _value(form["value"], text))
    if "~" in matcher.op:
        reason = _why_not(matcher.value)
        if reason is not None:
            raise _bad(reason)
    return matcher


def all_hold(matchers: tuple[str, ...], labels: Mapping[str, str]) -> bool:
    """Whether every one of these (already checked) matchers holds. None at all hold of nothing."""
    return bool(matchers) and all(parse(text).holds(labels) for text in matchers)


def _value(written: str, text: str) -> str:
    quoted = _QUOTED.fullmatch(written)
    if quoted:
        return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), quoted["inside"], flags=re.DOTALL)
    if _BARE.fullmatch(written):
        return written
    raise _bad(t("The value in {text} cannot be read: put it in double quotes.", text=_shown(text)))


def _why_not(pattern: str) -> Text | None:
    if len(pattern) > LONGEST_PATTERN:
        return t("A pattern may have {most} characters; this one has {n}.", most=LONGEST_PATTERN, n=len(pattern))
    try:
        _compiled(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as problem:
        return t("The pattern {pattern} is wrong: {why}.", pattern=Code(pattern), why=str(problem))
    return _too_slow(pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return re.compile(pattern)


_PIECE = re.compile(
    r"(?P<atom>\\.|\[\^?\]?(?:[^\]\\]|\\.)*\])|(?P<look>\((?:\?[=!<]|\?\())|(?P<open>\()|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<many>[*+]|\{\d*,?\d*\})|(?P<other>.)",
    re.DOTALL,
)


def _too_slow(pattern: str) -> Text | None:
    """Refuse look-around, back-references, repeats of repeats, and more than three repeats in a row."""
    shown = Code(pattern)
    if re.search(r"\\[1-9]|\(\?P=", pattern):
        return t("The pattern {pattern} refers back to itself, which is not possible here.", pattern=shown)
    levels: list[list[int]] = [[0, 0]]  # for each open group: repeats in this branch, most in any branch
    closed = 0
    for piece in _PIECE.finditer(pattern):
        what = piece.lastgroup
        if what == "look":
            return t("The pattern {pattern} looks around, which is not possible here.", pattern=shown)
        if what == "many" and closed:
            return t("The pattern {pattern} repeats a repeat, which can take for ever.", pattern=shown)
        closed = _count(what, levels)
    if max(levels[0]) > MOST_REPEATS:
        return t("The pattern {pattern} has more than {n} repeats; use two matchers.", pattern=shown, n=MOST_REPEATS)
    return None


def _count(what: str | None, levels: list[list[int]]) -> int:
    """Keep the counts up to date; the repeats within the group that was closed just now."""
    if what == "open":
        levels.append([0, 0])
    elif what == "bar":
        levels[-1] = [0, max(levels[-1])]
    elif what == "many":
        levels[-1][0] += 1
    elif what == "close":
        inside = max(levels.pop())
        levels[-1][0] += inside
        return inside
    return 0


def _shown(text: str) -> Code:
    return Code(text if len(text) <= 120 else text[:119] + "…")


def _bad(sentence: Text) -> BadInput:
    return BadInput(sentence, EXAMPLE, "matcher")
