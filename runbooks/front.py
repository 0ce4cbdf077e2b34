"""The front matter of a plan: flat keys that GitHub shows as a table."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain import matcher
from bot.domain.terms import Micros, Severity
from bot.errors import BadInput
from bot.text import Code, t
from runbooks.markdown import Words
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader
from runbooks.yaml_lines import Y, load

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
REVIEW_EVERY = timedelta(days=180)
NO_LABELS: Mapping[str, Collection[str]] = {}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Front:
    """What the front matter says. lines: key → the line where it stands."""

    id: str = ""
    owner: str = ""
    severity: tuple[Severity, ...] = ()
    match: tuple[str, ...] = ()
    reviewed: str = ""
    kind: str = "plan"
    takes: Micros | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


def read(
    front: Words | None, report: Report, today: str = "", labels: Mapping[str, Collection[str]] = NO_LABELS
) -> Front:
    """The front matter's values; mistakes go to the report (P101-P106, P108, P109).

    today: `2026-11-22`, "" if it does not matter; labels: of alerts → values that can come, where that is known.
    """
    if front is None:
        report.error(
            "P109", 1, t("The page has no front matter."), t("begin it with ---, plan: 1, id: …, owner: …, ---")
        )
        return Front()
    block = load(front.text, front.line, report)
    if block is None:
        return Front()
    reader = Reader(block, report, "the front matter", "P109")
    lines = {key: value.line for key, value in reader.left.items()}
    _flat(reader)
    if reader.text("plan") != "1":
        report.error("P109", block.line, t("This is not a plan of format 1."), t("write plan: 1"))
    result = Front(
        id=_id(reader),
        owner=_owner(reader),
        severity=_severities(reader),
        match=_matchers(reader, labels),
        reviewed=_reviewed(reader, today),
        kind=reader.one_of("kind", ("plan", "experiment"), "plan"),
        takes=reader.time("takes"),
        lines=lines,
    )
    reader.end("P102")
    return result


def _flat(reader: Reader) -> None:
    for key, value in list(reader.left.items()):
        nested = isinstance(value.value, dict)
        nested |= isinstance(value.value, list) and any(isinstance(item.value, (dict, list)) for item in value.value)
        if nested:
            sentence = t("{key} is nested; front matter has flat keys only.", key=Code(key[:80]))
            reader.report.error("P103", value.line, sentence, t("put it into a ```yaml settings block"))
            reader.take(key)


def _id(reader: Reader) -> str:
    line = _line(reader, "id")
    found = reader.text("id")
    if not _ID.fullmatch(found):
        reader.report.error("P104", line, t("{id} is no id: a-z, 0-9 and -, 2 to 63 of them.", id=Code(found[:80])))
    return found


def _owner(reader: Reader) -> str:
    found = reader.text("owner")
    if not found:
        reader.report.error("P109", reader.line, t("The plan has no owner."), t("write owner: team-name"))
    return found


def _severities(reader: Reader) -> tuple[Severity, ...]:
    line = _line(reader, "severity")
    found = []
    known = {severity.value for severity in Severity}
    for word in reader.texts("severity"):
        if word in known:
            found.append(Severity(word))
        else:
            sentence = t("{word} is no severity.", word=Code(word[:80]))
            reader.report.error("P109", line, sentence, did_you_mean(word, known))
    return tuple(found)


def _matchers(reader: Reader, labels: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    lines = _item_lines(reader.left.get("match"))
    found = []
    for number, text in enumerate(reader.texts("match")):
        one = check_matcher(text, lines[number], reader.report)
        known = labels.get(one.label) if one else None
        if one and known and not any(one.holds({one.label: value}) for value in known):
            sentence = t("{matcher} can never hold here.", matcher=Code(text[:80]))
            reader.report.warn("P108", lines[number], sentence, did_you_mean(one.value, known))
        found.append(text)
    return tuple(found)


def check_matcher(text: str, line: int, report: Report) -> matcher.Matcher | None:
    """The matcher, or P105 and None."""
    try:
        return matcher.parse(text)
    except BadInput as problem:
        report.error("P105", line, problem.sentence, t("an example: {example}", example=Code(problem.example)))
        return None


def _reviewed(reader: Reader, today: str) -> str:
    line = _line(reader, "reviewed")
    found = reader.text("reviewed")
    if found and not _is_date(found):
        reader.report.error("P109", line, t("{date} is no date: write 2026-11-01.", date=Code(found[:80])))
        return ""
    if today and found and date.fromisoformat(today) - date.fromisoformat(found) > REVIEW_EVERY:
        reader.report.warn("P106", line, t("Nobody has reviewed this plan since {date}.", date=found))
    return found


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return _DATE.fullmatch(words) is not None


def _line(reader: Reader, key: str) -> int:
    return reader.left[key].line if key in reader.left else reader.line


def _item_lines(found: Y | None) -> list[int]:
    return [item.line for item in found.value] if found and isinstance(found.value, list) else []
