"""Words that people type, read with good will: moments, severities, people, options (a whole line: phrase.py)."""

import re
from datetime import UTC, datetime, timedelta

from bot.domain.terms import DAY, HOUR, MINUTE, Micros, Severity
from bot.errors import BadInput
from bot.text import Code, Span, When, t, zone_of

_PERSON = re.compile(r"@\[([UW][A-Z0-9]+)\]")
_SEVERITY = re.compile(r"(?i)^(?:sev[- ]?)?([1-4])$")
_LENGTH = re.compile(r"(?i)^(\d{1,4})\s*(m|min|h|d)$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_DASHES = r"(?:--|[–—])"
"""How an option begins. Keyboards of Macs and phones make one dash of two."""
_DATED = r"(?:(?:yesterday|tomorrow|\d{4}-\d{2}-\d{2})\s+)?"
_AT = re.compile(rf"(?:^|\s){_DASHES}at(?:\s+({_DATED}\S+))?(?=\s|$)", re.IGNORECASE)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}\s+")
_UNITS = {"m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}


def option(words: str, name: str) -> tuple[str, str | None]:
    """Words without their `--name value`, and the value: "" if there is none, None if the option is not there."""
    found = re.search(rf"(?i)(?:^|\s){_DASHES}{name}(?:\s+(\S+))?(?=\s|$)", words)
    return (words, None) if found is None else (_without(words, found), found[1] or "")


def _without(words: str, found: re.Match[str]) -> str:
    return (words[: found.start()] + words[found.end() :]).strip()


_WHEN = r"(?:yesterday\s+|\d{4}-\d{2}-\d{2}\s+)?(?:\d{1,2}:\d{2}(?::\d{2})?|-\d{1,4}(?:m|min|h|d))"
_TOLD = re.compile(rf"(?i)(?:^|\s)([a-z][a-z_-]*)\s+({_WHEN})(?=\s|$)")


def told(text: str) -> tuple[str, dict[str, str], str]:
    """`… began 02:40 back yesterday 04:01 …`: the words before, name → time as typed, and the words after."""
    first = _TOLD.search(text)
    if first is None:
        return text.strip(), {}, ""
    found: dict[str, str] = {}
    at = first.start()
    one: re.Match[str] | None = first
    while one is not None and one.start() == at:
        found[one[1].lower()] = one[2]
        at, one = one.end(), _TOLD.search(text, one.end())
    return text[: first.start()].strip(), found, text[at:].strip()


def flag(words: str, name: str) -> tuple[str, bool]:
    """Words without `--name`, and whether it was there."""
    found = re.search(rf"(?i)(?:^|\s){_DASHES}{name}(?=\s|$)", words)
    return (_without(words, found), True) if found else (words, False)


_LONG = 12 * HOUR
"""What began at a time without its day and lasted longer is more likely two times the wrong way round."""


def refuse_long(typed: str, start: Micros, end: Micros, example: str, field: str) -> None:
    """BadInput if the day of the beginning is to be said. typed: the beginning as it was typed."""
    if dayless(typed) and end - start > _LONG:
        said = t(
            "From {start} it would be {long}. If so, say the day.", start=When(start, "full"), long=Span(end - start)
        )
        raise BadInput(said, example, field=field)


def dayless(text: str) -> bool:
    """`14:02`: the last such moment, whichever day that is."""
    return _CLOCK.match(text.strip()) is not None


def posted(ts: str) -> Micros:
    """The moment of a message of Slack, from its ts `1700000000.123456`. ValueError for what is none."""
    seconds, _, rest = ts.partition(".")
    if len(seconds) > 11:
        raise ValueError("no moment of Slack's")
    return int(seconds) * 1_000_000 + int(rest.ljust(6, "0")[:6] or 0)


def dated(words: str) -> tuple[str, str | None]:
    """Words without their `--at 14:02`, and what it says: "" if it says nothing, None if it is not there. BadInput for two."""
    found = [one[1] or "" for one in _AT.finditer(words)]
    if len(found) > 1:
        raise BadInput(t("There are two times behind {at}. Say one of them.", at=Code("--at")))
    return (_AT.sub(" ", words).strip(), found[0]) if found else (words, None)


def people(text: str) -> tuple[list[str], str]:
    """Ids of the people mentioned, in order, and the text without them."""
    return _PERSON.findall(text), " ".join(_PERSON.sub(" ", text).split())


def severity(text: str) -> Severity | None:
    """`sev2`, `SEV-2` or `2`; None if it is something else."""
    found = _SEVERITY.match(text.strip())
    return Severity(f"sev{found[1]}") if found else None


def length(text: str, field: str = "") -> Micros:
    """`20m`, `20 min`, `2h`, `1d` in µs. BadInput otherwise; field: of the form that it was filled into."""
    found = _LENGTH.match(text.strip())
    if found is None or not int(found[1]):
        sentence = t("I cannot read {text} as a length of time. Say 20m, 2h or 1d.", text=Code(text))
        raise BadInput(sentence, field=field)
    return int(found[1]) * _UNITS[found[2].lower()]


_LOOSE = re.compile(
    r"(?i)(?:(?:at|since|from|about|around|on|@|~|在|于|从)\s*)?(?P<said>(?:(?:yesterday|today|昨天|今天)\s*)?"
    r"(?:\d{4}-\d{2}-\d{2}\s+)?\d{1,2}\s*[:.\uff1a]\d{2}(?::\d{2})?(?!\d)|(?:yesterday|today|tonight|昨天|昨晚|今天)(?!\w)"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}\s*(?:am|pm|h)\b|-?\d{1,4}\s*(?:minutes|mins|min|hours|m|h|d|分钟|小时)(?![a-z])(?:\s*(?:ago|前))?)"
    r"(?:\s*(?:am|pm)\b)?[\s,.;\uff0c]*"
)


def leading(text: str) -> tuple[str, str, str]:
    """What words begin with if it is meant as a moment, how `--at` takes such a one, and the words after; "" each if it is none."""
    found = _LOOSE.match(text)
    if found is None:
        return "", "", ""
    said = found[0].strip(" ,.;\uff0c")
    return said, _as_option(found["said"]), text[found.end() :].strip()


def _as_option(said: str) -> str:
    """A moment that is said loosely, as an option takes it: the same where it can be told, else an example of one."""
    if re.fullmatch(rf"(?i){_WHEN}", said):
        return said
    clock, ago = re.search(r"(\d{1,2})\s*[:.\uff1a](\d{2})", said), re.match(r"(?i)(\d{1,4})\s*([mhd]|分|小)", said)
    day = "yesterday " if re.match(r"(?i)yesterday|昨", said) else ""
    if clock is None and ago is not None:
        return f"-{ago[1]}{ {'分': 'm', '小': 'h'}.get(ago[2], ago[2].lower()) }"
    return day + (f"{clock[1]}:{clock[2]}" if clock else "23:50" if day else "14:02")


def is_clock(text: str) -> bool:
    """Whether it is a time of day and nothing else."""
    return _CLOCK.match(text.strip()) is not None


def moment(text: str, zone: str, now: Micros, field: str = "", latest: Micros | None = None) -> Micros:
    """`14:02`, `yesterday 23:50`, `2026-11-20 14:02`, `-5m`: the last such moment in the person's zone that is not in the future.
    BadInput; field: of the form that it was filled into; latest: a time of day alone means none after it, else none after now."""
    words = text.strip().lower()
    if words in ("", "now"):
        return now
    if words.startswith("-"):
        return now - length(words[1:], field)
    yesterday = words.startswith("yesterday")
    day = _DAY.match(words)
    here = _local(latest if latest is not None and is_clock(words) else now, zone)
    clock = words[day.end() :] if day else words.removeprefix("yesterday").strip()
    asked = _at(clock, _on(day[0].strip(), here) if day else here)
    if asked is None:
        sentence = t("I cannot read {text} as a time. Say 14:02, yesterday 23:50 or -5m.", text=Code(text))
        raise BadInput(sentence, field=field)
    if yesterday or (asked > here and not day):
        asked -= timedelta(days=1)
    return round(asked.timestamp()) * 1_000_000


def ahead(text: str, zone: str, now: Micros, field: str = "") -> Micros:
    """`09:45`, `tomorrow 09:45`, `2h`: the next such moment in the person's zone. BadInput."""
    words = text.strip().lower()
    if _LENGTH.match(words):
        return now + length(words)
    tomorrow = words.startswith("tomorrow")
    here = _local(now, zone)
    asked = _at(words.removeprefix("tomorrow").strip(), here)
    if asked is None:
        raise BadInput(
            t("I cannot read {text} as a time. Say 09:45, tomorrow 09:45 or 2h.", text=Code(text)), field=field
        )
    if tomorrow or asked <= here:
        asked += timedelta(days=1)
    return round(asked.timestamp()) * 1_000_000


def _local(now: Micros, zone: str) -> datetime:
    return datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(zone_of(zone))


def _on(day: str, here: datetime) -> datetime | None:
    """The same clock on another day; None if there is no such day."""
    try:
        date = datetime.strptime(day, "%Y-%m-%d")  # noqa: DTZ007 (only its day is read)
    except ValueError:
        return None
    return here.replace(year=date.year, month=date.month, day=date.day)


def _at(clock: str, day: datetime | None) -> datetime | None:
    """`09:45` on that day; None if it is no time."""
    found = _CLOCK.match(clock)
    if day is None or found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)
