"""Whether two incidents may be the same one, told twice: the same service, or titles that say nearly the same."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from bot.domain.state import Incident

ENOUGH = 0.5
"""Share of the words of both titles that they have in common."""
_WORD = re.compile(r"[a-z0-9]+|[^\W\d_a-z]")
_EMPTY = re.compile(r"a|an|and|are|at|be|been|by|can|cannot|for|from|has|have|in|is|it|not|of|on|or|the|to|we|with")
"""Words that say nothing of what is broken."""


def duplicates(title: str, service: str, found: Sequence[Incident], most: int = 3) -> list[Incident]:
    """Those of the open incidents that may be meant: first those of the same service, then those with a title alike."""
    same = [one for one in found if service and one.service == service]
    near = [one for one in found if one not in same and alike(title, one.title)]
    return (same + near)[:most]


def alike(one: str, other: str) -> bool:
    """Half of the words of the two are the same; of scripts without spaces, half of their pairs of letters."""
    mine, theirs = _parts(one), _parts(other)
    return bool(mine and theirs) and len(mine & theirs) >= ENOUGH * len(mine | theirs)


def _parts(title: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    words = _WORD.findall(letters)
    pairs = [a + b for a, b in pairwise(words) if not (a.isascii() or b.isascii())]
    return frozenset(word for word in words if word.isascii() and not _EMPTY.fullmatch(word)) | frozenset(pairs)
