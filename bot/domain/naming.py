"""Names of channels: what Slack allows, what people recognise."""

import re
import unicodedata

LONGEST = 80
_OTHER = re.compile(r"[^a-z0-9]+")


def channel_name(number: int, title: str) -> str:
    """`inc-42-orders-db-down`: lower-case ASCII letters, digits and hyphens, at most 80 characters.

    Letters with marks lose them; a title without any Latin letter or digit leaves `inc-42`.
    """
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = _OTHER.sub("-", plain).strip("-")
    name = f"inc-{number}-{words}"[:LONGEST]
    return name.strip("-")
