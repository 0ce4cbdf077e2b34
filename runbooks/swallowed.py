"""Steps that are code by mistake: one lost space ends a list item in the middle of a block, and the fence that was its end begins
another one, which takes all up to the next."""

import re
from collections.abc import Iterator
from itertools import islice

from runbooks.markdown import Fence, Page

_STEP = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\](?:\s|$)")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*[^\s`~]")
_HEADING = re.compile(r"#{1,2} \S")
_PAGES = ("md", "markdown")
"""Languages of blocks that show a page: there it is meant."""


def swallowed(page: Page, text: str) -> Iterator[int]:
    """Lines (from 1), one for each block: where it begins that nothing closes, or the first step, heading or block within it."""
    lines = text.split("\n")
    for fence in page.fences:
        if not fence.closed:
            yield fence.line
        elif not set(fence.words[:1]) & set(_PAGES):
            yield from islice(_within(fence, lines), 1)


def _within(fence: Fence, lines: list[str]) -> Iterator[int]:
    """What stands further left than its fence was never meant to be in it: a comment of a script looks like a heading, an example
    like a step. Where the fence itself stands left, nobody can tell of a step."""
    left = _indented(lines[fence.line - 1])
    for line in range(fence.line + 1, fence.line + 1 + fence.content.count("\n")):
        said = lines[line - 1]
        outside = _indented(said) < left
        step, heading = _STEP.match(said) and (outside or not left), _HEADING.match(said) and outside
        if step or heading or _FENCE.match(said):
            yield line


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
