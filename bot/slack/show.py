"""How sentences look in Slack's mrkdwn, and how text from outside is made harmless there.

Nothing foreign can mention anybody, make a link, break out of a code span or hide: `&`, `<` and `>` are escaped, marks that
Slack would read as formatting are replaced by letters that look alike, characters that cannot be seen are written out.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from bot import locale, mentions
from bot.text import ACTORS, Code, Link, PlainShow, Room, Span, Strong, When, Who, one_line, render, spanned, visible

_PERSON = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,20}")
_MARK = re.compile(r"(?<!\w)[*_~]|[*_~](?!\w)|`")
_LINES = re.compile(r"([\n\t])")
_EMOJI = re.compile(r":(?=[a-z0-9_+-]*[a-z][a-z0-9_+-]*:)")
_ALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_WEIGHT = str.maketrans(_ALIKE)
_SAFE_URL = "/:?#[]@!$&'()*+,;=%~-._"
_TOKENS = {
    "time": "{date_short_pretty} {time}",
    "secs": "{date_short_pretty} {time_secs}",
    "full": "{date_short_pretty} {time}",
    "stamp": "{date_short_pretty} {time_secs}",
    "date": "{date_short_pretty}",
}
"""A moment never stands without its day (Slack says "today"): a message is read on the next morning, too."""


def escape(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Foreign text of one line, shown as it is: no mention, no link, no formatting, nothing hidden."""
    plain = _MARK.sub(lambda found: _ALIKE[found[0]], one_line(text))
    return escape(_EMOJI.sub("∶", plain))


def span_of_code(text: str) -> str:
    """A code span that nothing inside can end. A backtick is written `⟨U+0060⟩`: a lookalike would not be the command."""
    inside = visible(text.replace("`", "⟨U+0060⟩")).strip(" ")
    return f"`{escape(inside) or '⟨empty⟩'}`"


def block_of_code(text: str) -> str:
    """A code block that nothing inside can end; line ends and tabs stay, since it is copied."""
    shown = "".join(part if part in ("\n", "\t") else visible(part) for part in _LINES.split(text))
    return "```\n" + escape(shown.replace("```", "⟨U+0060⟩" * 3)) + "\n```"


def quoted(text: str, show: "Mrkdwn") -> str:
    """Foreign text of several lines as a quotation of ours."""
    return "\n".join(f"&gt; {show.foreign(line)}" for line in text.strip().splitlines())


@dataclass(frozen=True)
class Mrkdwn:
    """Slack's mrkdwn. names: id → name, shown instead of a mention, since a mention pings; mention: who is to be pinged."""

    names: Mapping[str, str] = field(default_factory=dict)
    mention: Collection[str] = ()

    def sentence(self, one: str, many: str, n: int) -> str:
        return locale.sentence(one, many, n)

    def foreign(self, text: str) -> str:
        return self._mentioned(literal(text))

    def _mentioned(self, harmless: str) -> str:
        """People by their names, which ping nobody; a channel as Slack's own token, since Slack knows who may read its name."""
        return mentions.MARK.sub(self._mention, harmless)

    def _mention(self, found: re.Match[str]) -> str:
        if found[1] == "#":
            return self.room(Room(found[2]))
        return literal(f"@{self.names.get(found[2], found[2])}").translate(_WEIGHT)

    def who(self, who: Who) -> str:
        name = self.names.get(who.person) or ACTORS.get(who.person)
        if name and who.person not in self.mention:
            return literal(name)
        return f"<@{who.person}>" if _PERSON.fullmatch(who.person) else literal(who.person)

    def when(self, when: When) -> str:
        seconds = when.at // 1_000_000
        fallback = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"<!date^{seconds}^{_TOKENS[when.style]}|{fallback}>"

    def span(self, span: Span) -> str:
        return render(spanned(span.micros), self)

    def code(self, code: Code) -> str:
        return span_of_code(code.text)

    def strong(self, strong: Strong) -> str:
        inside = self._mentioned(escape(one_line(strong.text).translate(_WEIGHT)))
        return f"*{inside}*" if inside else ""

    def link(self, link: Link) -> str:
        if urlsplit(link.url).scheme not in ("http", "https", "mailto"):
            return literal(link.label)
        return f"<{quote(link.url, safe=_SAFE_URL)}|{self._label(link.label) or 'link'}>"

    def _label(self, text: str) -> str:
        """Inside a link stands no other."""
        return literal(mentions.named(text, self.names)).replace("|", "∣")

    def room(self, room: Room) -> str:
        return f"<#{room.channel}>" if _CHANNEL.fullmatch(room.channel) else literal(room.channel)


@dataclass(frozen=True)
class PlainQuoted(PlainShow):
    """Plain text in a form, where nothing but quotes can tell what a person typed from our words."""

    def code(self, code: Code) -> str:
        return f"“{super().code(code)}”"

    def strong(self, strong: Strong) -> str:
        return f"“{super().strong(strong)}”"
