"""The outline of a Markdown page: title, summary, sections, and in them paragraphs, list items, tables and fences, with lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import category as _kind

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from runbooks.folded import folded
from runbooks.page_lines import Lines, lines_of

_BOX = re.compile(r"\[(?P<mark>[ xX])\](?:\s+|$)")
_BLOCKS = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"]).use(front_matter_plugin)
"""Blocks only: what stands within a line is read from its letters."""
_INLINE = MarkdownIt("commonmark")
_LISTS = ("bullet_list", "ordered_list")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code. words: of its info string, () if it is indented; line: of the fence, whose content begins on the line after;
    closed: by a fence, and not because the list item ended that it began in, or the page."""

    words: tuple[str, ...]
    content: str
    line: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph as written."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """A list item. box: "" no checkbox, " " empty, "x" ticked; text: first paragraph without the box."""

    text: str
    line: int
    box: str
    more: tuple[Words, ...] = ()
    fences: tuple[Fence, ...] = ()
    items: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the head. lines: of each row."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 2 (level 0: what stands before the first) and all up to the next. source: all of it, as written."""

    title: str
    slug: str
    line: int
    level: int
    source: str = ""
    paragraphs: tuple[Words, ...] = ()
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()
    fences: tuple[Fence, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page. front: front matter and the line of its first line; boxes, fences: all of them, wherever they stand (fences: without
    what is only indented); folded: see `folded.folded`."""

    front: Words | None
    title: Words | None
    sections: tuple[Section, ...]
    boxes: tuple[int, ...]
    fences: tuple[Fence, ...]
    lines: Lines
    folded: frozenset[int] = frozenset()


@dataclass
class _Draft:
    title: str
    line: int
    level: int
    below: int = 0  # lines up to the end of the heading
    tokens: list[Token] = field(default_factory=list)


def read(text: str) -> Page:
    """The outline of a page. Lines count from 1."""
    tokens, lines = _BLOCKS.parse(text), text.split("\n")
    front, title, drafts = None, None, [_Draft("", 1, 0)]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "front_matter":
            front = Words(token.content, _line(token) + 1)
        elif token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2"):
            heading = Words(tokens[position + 1].content, _line(token))
            if token.tag == "h1" and title is None:
                title = heading
            else:
                below = token.map[1] if token.map else 0
                drafts.append(_Draft(heading.text, heading.line, int(token.tag[1]), below))
            position += 2
        else:
            drafts[-1].tokens.append(token)
        position += 1
    sections = tuple(_sections(drafts, lines))
    fences = tuple(_fences(tokens, lines))
    return Page(front, title, sections, tuple(_boxes(tokens)), fences, lines_of(tokens), folded(tokens))


def slug(title: str) -> str:
    """The anchor that GitHub gives a heading: of the text that it shows, the letters, marks, digits and connectors (`_`)."""
    shown = "".join(_shown(_INLINE.parseInline(title))).strip().lower()
    kept = (letter for letter in shown if letter in "- " or _kind(letter)[0] in "LM" or _kind(letter) in ("Nd", "Pc"))
    return "".join(kept).replace(" ", "-")


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    """What is read of a line: without its marks, and of a link its words."""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        yield from _shown(token.children or ())


def _sections(drafts: Sequence[_Draft], lines: Sequence[str]) -> Iterator[Section]:
    for number, draft in enumerate(drafts):
        end = drafts[number + 1].line - 1 if number + 1 < len(drafts) else len(lines)
        yield Section(
            draft.title,
            slug(draft.title),
            draft.line,
            draft.level,
            "\n".join(lines[draft.below : end]).strip("\n"),
            tuple(_paragraphs(draft.tokens, 0)),
            tuple(_items(draft.tokens, 0)),
            tuple(_tables(draft.tokens)),
            tuple(_code(draft.tokens, 0)),
        )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _paragraphs(tokens: Sequence[Token], level: int) -> Iterator[Words]:
    for number, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.level == level:
            yield Words(tokens[number + 1].content, _line(token))


def _fences(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Fence]:
    """lines: of the page, to see which are closed."""
    for token in tokens:
        if token.type == "fence":
            yield Fence(tuple(token.info.split()), token.content, _line(token), _closed(token, lines))


def _code(tokens: Sequence[Token], level: int) -> Iterator[Fence]:
    """The blocks of code that stand at `level`, fenced or indented."""
    for token in tokens:
        if token.type in ("fence", "code_block") and token.level == level:
            yield Fence(tuple(token.info.split()), token.content, _line(token))


def _closed(token: Token, lines: Sequence[str]) -> bool:
    first, end = token.map or (0, 0)
    last = lines[end - 1].strip(" \t\r>")
    return end - 1 > first and set(last) == {token.markup[0]} and len(last) >= len(token.markup)


def _items(tokens: Sequence[Token], level: int) -> Iterator[Item]:
    """Items of the lists that stand at `level`."""
    for lists in _blocks(tokens, [name + "_open" for name in _LISTS], level):
        for inside in _blocks(lists, ["list_item_open"], level + 1):
            yield _item(inside, level + 2)


def _item(tokens: Sequence[Token], level: int) -> Item:
    paragraphs = list(_paragraphs(tokens, level))
    first = paragraphs[0] if paragraphs else Words("", _line(tokens[0]))
    box = _BOX.match(first.text)
    return Item(
        first.text[box.end() :] if box else first.text,
        _line(tokens[0]),
        box["mark"].lower() if box else "",
        tuple(paragraphs[1:]),
        tuple(_code(tokens, level)),
        tuple(_items(tokens, level)),
    )


def _blocks(tokens: Sequence[Token], openings: Sequence[str], level: int) -> Iterator[Sequence[Token]]:
    """Runs of tokens from an opening at `level` to its end."""
    start = None
    for number, token in enumerate(tokens):
        if token.level != level:
            continue
        if token.type in openings:
            start = number
        elif token.nesting == -1 and start is not None:
            yield tokens[start:number]
            start = None


def _tables(tokens: Sequence[Token]) -> Iterator[Table]:
    for table in _blocks(tokens, ["table_open"], 0):
        rows: list[list[str]] = []
        lines: list[int] = []
        for number, token in enumerate(table):
            if token.type == "tr_open":
                rows.append([])
                lines.append(_line(token))
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(table[number + 1].content.strip())
        yield Table(tuple(tuple(row) for row in rows), tuple(lines))


def _boxes(tokens: Sequence[Token]) -> Iterator[int]:
    for number, token in enumerate(tokens):
        if token.type == "list_item_open" and number + 2 < len(tokens):
            inline = tokens[number + 2]
            if inline.type == "inline" and _BOX.match(inline.content):
                yield _line(token)
