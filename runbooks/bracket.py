"""The bracket at a step's end: `*(Database lead, within 5 min, evidence, confirmed by Incident commander)*`."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.domain.terms import COMMANDER, ROLES, Micros, Milestone
from bot.text import Code, Text, t
from runbooks.problem import Report, did_you_mean
from runbooks.reader import duration

_ITALIC = re.compile(r"\s*([*_])\((?P<inside>[^()]*)\)\1\s*$")
_LOOKS_LIKE = re.compile(r"\((?P<inside>[^()]*)\)[*_\s]*$")
_WORDS = ("within", "evidence", "confirmed by", "optional", "marks", "meanwhile", "always")
_FLAGS = ("evidence", "optional", "meanwhile", "always")
MARKS = {
    "diagnosed": Milestone.DIAGNOSED,
    "fix started": Milestone.FIX_STARTED,
    "mitigated": Milestone.MITIGATED,
    "recovered": Milestone.RECOVERED,
}
_COMMANDER = frozenset({"commander", "ic", "incident commander"})


@dataclass
class Bracket:
    """What the bracket says."""

    role: str = ""
    within: Micros | None = None
    flags: set[str] = field(default_factory=set)
    confirmed_by: str = ""
    marks: str = ""


def role_name(written: str) -> str:
    """A role in lower case; `IC` and `Incident commander` are the commander."""
    name = " ".join(written.lower().split())
    return COMMANDER if name in _COMMANDER else name


def split(text: str, line: int, report: Report) -> tuple[str, Bracket]:
    """A step's words without its bracket, and the bracket."""
    found = _ITALIC.search(text)
    bracket = Bracket()
    if found is None:
        loose = _LOOKS_LIKE.search(text)
        if loose and any(re.search(rf"\b{word}\b", loose["inside"]) for word in _WORDS):
            report.error(
                "P211", line, t("The bracket at the end is not in italics, so it would not count."), _italics()
            )
        return text.strip(), bracket
    for number, part in enumerate(found["inside"].split(",")):
        _part(" ".join(part.split()), number == 0, bracket, line, report)
    if "always" in bracket.flags and not bracket.confirmed_by:
        report.error("P211", line, t("always stands only after confirmed by …."))
    return text[: found.start()].strip(), bracket


def known_role(name: str, known: Collection[str], line: int, report: Report) -> None:
    """Say so if nobody can hold a role: it is neither in the plan's table nor a standing role."""
    if not name or name in known or name in ROLES:
        return
    sentence = t("{role} is not in the Roles table.", role=Code(name))
    (report.error if known else report.warn)("P204", line, sentence, did_you_mean(name, {*known, *ROLES}))


def _part(part: str, first: bool, bracket: Bracket, line: int, report: Report) -> None:
    lower = part.lower()
    if lower.startswith("within"):
        bracket.within = _time(part[6:], line, report)
    elif lower.startswith("confirmed by "):
        bracket.confirmed_by = role_name(part[13:])
    elif lower.startswith("marks "):
        bracket.marks = _mark(lower[6:], line, report)
    elif lower in _FLAGS:
        bracket.flags.add(lower)
    elif first and part:
        bracket.role = role_name(part)
    else:
        sentence = t("{word} is not possible in the bracket of a step.", word=Code(part[:80]))
        report.error("P211", line, sentence, did_you_mean(lower, _WORDS))


def _time(words: str, line: int, report: Report) -> Micros | None:
    length = duration(words)
    if not length:
        report.error("P205", line, t("{words} is no time: write within 5 min.", words=Code(words.strip()[:80])))
    return length


def _mark(words: str, line: int, report: Report) -> str:
    if words not in MARKS:
        sentence = t("A step cannot mark {word}.", word=Code(words[:80]))
        report.error("P211", line, sentence, did_you_mean(words, MARKS))
        return ""
    return MARKS[words].value


def _italics() -> Text:
    return t("write {example}", example=Code("*(Role, within 5 min)*"))
