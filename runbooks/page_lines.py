"""The lines of a page by what they are read as."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

_TAGS = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lines:
    """Numbers from 1. own: of headings and tables; words: of paragraphs; aside: of whole comments; tagged: where HTML begins in an
    item of a list and says something."""

    own: frozenset[int]
    words: frozenset[int]
    aside: frozenset[int]
    tagged: frozenset[int]


def lines_of(tokens: Sequence[Token]) -> Lines:
    """Of all blocks of a page."""
    own = (token for token in tokens if token.level == 0 and token.type in ("heading_open", "table_open"))
    tagged = (_lines([token]) for token in tokens if _says_in_html(token))
    return Lines(
        _lines(own),
        _lines(token for token in tokens if token.type == "paragraph_open"),
        _lines(token for token in tokens if _is_comment(token)),
        frozenset(map(min, tagged)),
    )


def _is_comment(token: Token) -> bool:
    """One that is closed: what stands in it was taken out on purpose."""
    said = token.content.strip()
    return token.type == "html_block" and said.startswith("<!--") and said.endswith("-->")


def _says_in_html(token: Token) -> bool:
    return token.type == "html_block" and token.level > 0 and bool(_TAGS.sub("", token.content).strip())


def _lines(tokens: Iterable[Token]) -> frozenset[int]:
    return frozenset(line + 1 for token in tokens for line in range(*(token.map or (0, 0))))
