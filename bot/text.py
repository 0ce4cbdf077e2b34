"""Sentences that people read: a msgid with parameters, translated and dressed where it is shown.

The rest of the program never builds a sentence from pieces. It says `t("{who} commands", who=Who("U1"))`; the place that
shows it gives a `Show` (Slack's mrkdwn, Markdown, plain text), which decides how a person, a moment or a foreign word looks.
Strings that came from outside are parameters, so that each `Show` can make them harmless.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import locale, mentions


@dataclass(frozen=True, slots=True)
class Who:
    """A person, by id; `bot` is Tocsin itself."""

    person: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment (µs UTC). `style`: `time` (02:47), `secs` (02:47:12), `full` (date, time), `stamp` (date, secs), `date`."""

    at: int
    style: str = "time"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in µs, shown as `14 min`, `5 h 40 min` or `20 s` with spaces that do not break."""

    micros: int


@dataclass(frozen=True, slots=True)
class Code:
    """Foreign text shown to the letter: a command, a target, a label."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that people type: shown as code, behind the root command of this installation (unless it is `bare`)."""

    line: "str | Text" = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Strong:
    """Foreign text with weight: a title, a step."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of our own making. `label` is foreign text."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, by id. name: for where ids mean nothing."""

    channel: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence: `msgid` in English with `{name}` marks, and what stands in for each."""

    msgid: str
    params: Mapping[str, "Value"] = field(default_factory=dict)
    many: str = ""  # the plural msgid; the number is params["n"]


Value = str | int | Text | Who | When | Span | Code | Typed | Strong | Link | Room


def t(msgid: str, /, **params: Value) -> Text:
    """A sentence to be shown later."""
    return Text(msgid, params)


def tn(one: str, many: str, /, n: int, **params: Value) -> Text:
    """A sentence that depends on a count `n`."""
    return Text(one, {**params, "n": n}, many)


class Show(Protocol):
    """How values look in one medium. `foreign` must make any text harmless there."""

    def sentence(self, one: str, many: str, n: int) -> str: ...
    def foreign(self, text: str) -> str: ...
    def who(self, who: Who) -> str: ...
    def when(self, when: When) -> str: ...
    def span(self, span: Span) -> str: ...
    def code(self, code: Code) -> str: ...
    def strong(self, strong: Strong) -> str: ...
    def link(self, link: Link) -> str: ...
    def room(self, room: Room) -> str: ...


def render(text: Text, show: Show) -> str:
    """The sentence in the language and dress of `show`. Parameters are filled in once: `{x}` inside a value stays."""
    n = text.params.get("n", 1)
    template = show.sentence(text.msgid, text.many, n if isinstance(n, int) else 1)
    parts: list[str] = []
    rest = template
    while rest:
        before, mark, after = rest.partition("{")
        parts.append(before)
        if not mark:
            break
        name, closed, rest = after.partition("}")
        parts.append(_value(text.params[name], show) if closed else mark + name)
    return "".join(parts)


def _value(value: Value, show: Show) -> str:
    match value:
        case Text():
            return render(value, show)
        case str() | int():
            return show.foreign(str(value))
        case Typed():
            line = render(value.line, show) if isinstance(value.line, Text) else value.line
            return show.code(Code(line if value.bare else f"{locale.root()} {line}".rstrip()))
    return _dressed(value, show)


def _dressed(value: Who | When | Span | Code | Strong | Link | Room, show: Show) -> str:
    match value:
        case Who():
            return show.who(value)
        case When():
            return show.when(value)
        case Span():
            return show.span(value)
        case Code():
            return show.code(value)
        case Strong():
            return show.strong(value)
        case Link():
            return show.link(value)
        case Room():
            return show.room(value)


def spanned(micros: int) -> Text:
    """`20 s`, `14 min`, `5 h 40 min`, `3 d 2 h`: two units at most, joined by spaces that do not break."""
    minutes, seconds = divmod(max(0, micros) // 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return t("{min}\u00a0min", min=minutes) if minutes else t("{s}\u00a0s", s=seconds)
    if hours < 48:
        return t("{h}\u00a0h\u00a0{min}\u00a0min", h=hours, min=minutes) if minutes else t("{h}\u00a0h", h=hours)
    days, hours = divmod(hours, 24)
    return t("{d}\u00a0d\u00a0{h}\u00a0h", d=days, h=hours) if hours else t("{d}\u00a0d", d=days)


def zone_of(name: str) -> ZoneInfo:
    """The zone with an IANA name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


_BLANKS = re.compile(r"[\s\x85]+")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with every character that cannot be seen (control, bidi, zero-width) written as `⟨U+202E⟩`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _HIDDEN else c for c in text)


def one_line(text: str) -> str:
    """Foreign text in one line: blanks and line ends become one space, hidden characters become visible."""
    return visible(_BLANKS.sub(" ", text).strip())


@dataclass(frozen=True)
class PlainShow:
    """Plain text: notifications, button labels, topics, tests. `names`: id → name of people; `zone`: of the reader."""

    names: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"

    def sentence(self, one: str, many: str, n: int) -> str:
        return locale.sentence(one, many, n)

    def foreign(self, text: str) -> str:
        return one_line(mentions.named(text, self.names))

    def who(self, who: Who) -> str:
        return one_line(self.names.get(who.person) or ACTORS.get(who.person) or who.person)

    def when(self, when: When) -> str:
        moment = datetime.fromtimestamp(when.at / 1_000_000, UTC).astimezone(zone_of(self.zone))
        return moment.strftime(FORMATS[when.style]) + (" UTC" if self.zone == "UTC" and when.style == "full" else "")

    def span(self, span: Span) -> str:
        return render(spanned(span.micros), self)

    def code(self, code: Code) -> str:
        return visible(code.text)

    def strong(self, strong: Strong) -> str:
        return self.foreign(strong.text)

    def link(self, link: Link) -> str:
        return f"{self.foreign(link.label)} ({link.url})"

    def room(self, room: Room) -> str:
        return f"#{room.name or room.channel}"


FORMATS = {
    "time": "%H:%M",
    "secs": "%H:%M:%S",
    "full": "%Y-%m-%d %H:%M",
    "date": "%Y-%m-%d",
    "stamp": "%Y-%m-%d %H:%M:%S",
}
ACTORS = {"bot": "Tocsin"}


class English(PlainShow):
    """For the command line, the log, lint and the API: English, whatever people read."""

    def sentence(self, one: str, many: str, n: int) -> str:
        return locale.english(one, many, n)
