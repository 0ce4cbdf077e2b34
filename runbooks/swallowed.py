"""Steps that are none by mistake: one lost space ends a list item in the middle of a block, and the fence that was its end begins
another one, which takes all up to the next; four spaces too many, or a tag, make code or HTML of what stands there."""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from bot.domain.plan import Plan
from runbooks import ways
from runbooks.markdown import Fence, Page

_STEP = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\](?:\s|$)")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*[^\s`~]")
_HEADING = re.compile(r"#{1,2} \S")
_OURS = re.compile(r"\s*(?:`{3,}|~{3,})\s*(?:yaml\s+(?:action|settings)|text\s+update)\b")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_ANSWER = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\*\*.*(?:→|->)")
_WORDS = re.compile(r"\s*\*\*(?:Target|Lead):\*\*|.*[*_]\([^()]+\)[*_]\s*$")
"""The line of a phase's target and lead, and a bracket."""
_PAGES = ("md", "markdown")
"""Languages of blocks that show a page: there it is meant."""


def swallowed(page: Page, plan: Plan, text: str) -> Iterator[int]:
    """Lines (from 1), one for each block of code: where it begins that nothing closes, or the first step, heading or block within
    it; and each that is none for another reason. plan: what was read of the page."""
    lines = text.split("\n")
    read = {
        *page.boxes,
        *page.lines.own,
        *page.lines.aside,
        *(answer.line for step in ways.steps(plan) for answer in step.answers),
    }
    yield from page.lines.tagged
    for fence in page.fences:
        read |= {fence.line, *_inside(fence)}
        if not fence.closed:
            yield fence.line
        elif not set(fence.words[:1]) & set(_PAGES):
            yield from islice(_within(fence, lines), 1)
    yield from _lost(lines, read, {step.line for step in ways.steps(plan) if step.answers}, _end(page))
    for line, said in enumerate(lines[_end(page) :], _end(page) + 1):
        if _WORDS.match(said) and line not in read | page.lines.words:
            yield line


def _lost(lines: list[str], read: Collection[int], decisions: Collection[int], begins: int) -> Iterator[int]:
    """What looks like a step, heading, block or row, or below a decision like an answer, and was read as none."""
    decides = False
    for line, said in enumerate(lines, 1):
        step, heading = _STEP.match(said), _HEADING.match(said.lstrip())
        if step or heading:
            decides = line in decisions
        means = step or heading or _OURS.match(said) or _ROW.match(said) or (decides and _ANSWER.match(said))
        if means and line > begins and line not in read:
            yield line


def _end(page: Page) -> int:
    """The last line of the front matter."""
    return page.front.line + page.front.text.count("\n") + 1 if page.front else 0


def _inside(fence: Fence) -> range:
    return range(fence.line + 1, fence.line + 1 + fence.content.count("\n"))


def _within(fence: Fence, lines: list[str]) -> Iterator[int]:
    """What stands further left than its fence was never meant to be in it: a comment of a script looks like a heading, an example
    like a step. Where the fence itself stands left, nobody can tell of a step."""
    left = _indented(lines[fence.line - 1])
    for line in _inside(fence):
        said = lines[line - 1]
        outside = _indented(said) < left
        step, heading = _STEP.match(said) and (outside or not left), _HEADING.match(said) and outside
        if step or heading or _FENCE.match(said):
            yield line


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
