"""What GitHub folds away: what stands between `<details>` and `</details>` nobody sees who does not open it."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_TAG = re.compile(r"<(?P<end>/?)details\b(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.IGNORECASE)
_VALUE = re.compile(r"=\s*(\"[^\"]*\"|'[^']*'|\S+)")
_SHOWN = re.compile(r"(?:^|\s)open(?=\s|=|/|$)", re.IGNORECASE)
_NO_TAGS = re.compile(r"<!--.*?(?:-->|$)|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
"""Comments and code: a tag in them is none."""
_LINES = ("list_item_open", "fence", "tr_open")


def folded(tokens: Sequence[Token]) -> frozenset[int]:
    """Lines (from 1) of list items, fences and rows of tables that GitHub folds away."""
    return frozenset(_folded(tokens)) if any("<" in token.content for token in tokens) else frozenset()


def _folded(tokens: Sequence[Token]) -> Iterator[int]:
    hidden: list[bool] = []
    cell = False
    for token in tokens:
        if token.type in _LINES and token.map and any(hidden):
            yield token.map[0] + 1
        if token.type in ("table_open", "table_close"):
            cell = token.type == "table_open"  # a tag in a cell ends with it
        elif not cell and token.type in ("html_block", "inline"):
            _follow(token.content, hidden)


def _follow(text: str, hidden: list[bool]) -> None:
    """hidden: of each `<details>` that is open here, whether it is folded; brought up to date."""
    for tag in _TAG.finditer(_NO_TAGS.sub("", text)):
        if not tag["end"]:
            hidden.append(_SHOWN.search(_VALUE.sub("=", tag["rest"])) is None)
        elif hidden:
            hidden.pop()
