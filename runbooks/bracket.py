"""The bracket at a step's end: `*(Database lead, within 5 min, evidence, confirmed by Incident commander)*`."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from bot.domain.role_names import of_plan
from bot.domain.terms import ROLES, Micros, Milestone
from bot.text import Code, Text, t
from runbooks.problem import Report, did_you_mean
from runbooks.reader import duration

_ITALIC = re.compile(r"\s*([*_])\((?P<inside>[^()]*)\)\1\s*$")
_LOOKS_LIKE = re.compile(r"[(（](?P<inside>[^()（）]*)[)）][*_\s]*$")
_ANY_ITALIC = re.compile(r"[*_][(（].*?[)）][*_]")
_CODE = re.compile(r"(`+).+?\1")
_RULE = re.compile(
    r"confirmed by .+|within \d.*|marks (diagnosed|fix started|mitigated|recovered)"
    r"|evidence|optional|meanwhile|always"
)
_WORDS = ("within", "evidence", "confirmed by", "optional", "marks", "meanwhile", "always")
_FLAGS = ("evidence", "optional", "meanwhile", "always")
MARKS = {
    "diagnosed": Milestone.DIAGNOSED,
    "fix started": Milestone.FIX_STARTED,
    "mitigated": Milestone.MITIGATED,
    "recovered": Milestone.RECOVERED,
}


@dataclass
class Bracket:
    """What the bracket says."""

    role: str = ""
    within: Micros | None = None
    flags: set[str] = field(default_factory=set)
    confirmed_by: str = ""
    marks: str = ""


def split(text: str, line: int, report: Report) -> tuple[str, Bracket]:
    """A step's words without its bracket, and the bracket."""
    found = _ITALIC.search(text)
    bracket = Bracket()
    words = text[: found.start()] if found else text
    _lost(words, line, report)
    if found is None:
        return text.strip(), bracket
    for number, part in enumerate(found["inside"].split(",")):
        _part(" ".join(part.split()), number == 0, bracket, line, report)
    if "always" in bracket.flags and not bracket.confirmed_by:
        report.error("P211", line, t("always stands only after confirmed by …."))
    return words.strip(), bracket


def _lost(words: str, line: int, report: Report) -> None:
    """Say so if a bracket, or what its author takes for one, stands where it would not count."""
    if "(" not in words and "（" not in words:
        return
    plain = _CODE.sub("", words)
    loose = _LOOKS_LIKE.search(plain)
    if loose and any(re.search(rf"\b{word}\b", loose["inside"]) for word in _WORDS):
        sentence = t("The bracket at the end is not in italics, so it would not count.")
        report.error("P211", line, sentence, _italics())
    elif _ANY_ITALIC.search(plain) or any(_RULE.fullmatch(part) for part in _parts(plain)):
        sentence = t("The bracket would not count: it stands at the very end of the step, without brackets inside it.")
        report.error("P211", line, sentence, _italics())


def _parts(words: str) -> Iterator[str]:
    """What stands between brackets of any depth, and closed or not, part by part."""
    depth, inside = 0, ""
    for letter in words:
        opens, closes = letter in "(（", letter in ")）"
        depth = max(0, depth + opens - closes)
        inside += "," if opens or closes else letter if depth else ""
    return (" ".join(part.strip("*_ ").lower().split()) for part in re.split(r"[,，、;]", inside))


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
        bracket.confirmed_by = of_plan(part[13:])
    elif lower.startswith("marks "):
        bracket.marks = _mark(lower[6:], line, report)
    elif lower in _FLAGS:
        bracket.flags.add(lower)
    elif first and part:
        bracket.role = of_plan(part)
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
