"""Names of channels: what Slack allows, what people recognise."""

import re
import unicodedata

from bot import mentions

LONGEST, SHORT = 80, 40
"""What Slack takes, and what people read at a glance."""
_OTHER = re.compile(r"[^a-z0-9]+")


def channel_name(number: int, title: str) -> str:
    """`inc-42-orders-db-down`: lower-case ASCII letters, digits and hyphens; whole words of the title, in 40 characters.

    A first word that is too long is cut at 80 characters. Letters with marks lose them; a title without any Latin letter or
    digit leaves `inc-42`. Whom it mentions is not in it: names change.
    """
    plain = unicodedata.normalize("NFKD", mentions.MARK.sub(" ", title).casefold()).encode("ascii", "ignore").decode()
    words = _OTHER.sub("-", plain).strip("-")
    first, *others = words.split("-")
    name = f"inc-{number}-{first}"
    for word in others:
        if len(name) + 1 + len(word) > SHORT:
            break
        name += f"-{word}"
    return name[:LONGEST].strip("-")
