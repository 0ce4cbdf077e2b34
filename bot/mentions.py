"""How a text of people keeps whom and which channel it mentions: by id, as `@[U024BE7LH]` and `#[C024BE7LR]`.

Slack's own tokens end where Slack is heard (`bot/slack/inbox.py`), and no text is kept with them: so a token that an alert
carries stays the letters that it is. Each `Show` puts the name there that stands in the directory when it is drawn. A channel's
name is not kept, since it may be a private one.
"""

import re
from collections.abc import Callable, Mapping

MARK = re.compile(r"([@#])\[([A-Z][A-Z0-9]{1,20})\]")

_ID = re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{3,20}")


def unknown(text: str) -> str:
    """The first word that stands for somebody whom Slack did not name: `@lee`, `<@U…>`, or an id as it is; "" if there is none."""
    return next((word for word in text.split() if word.startswith(("@", "<@")) or _ID.fullmatch(word)), "")


def person(id: str) -> str:
    """A person, or a group of people."""
    return f"@[{id}]"


def room(id: str) -> str:
    return f"#[{id}]"


def named(text: str, names: Mapping[str, str], seen: Callable[[str, str], str] = "{}{}".format) -> str:
    """The text with a name instead of each mark, drawn by `seen` from (`@` or `#`, name); an id that has none stands for itself."""
    return MARK.sub(lambda found: seen(found[1], names.get(found[2], found[2])), text)
