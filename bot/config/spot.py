"""A YAML file as places that know their line: each is asked for what it should be, and says so if it is something else.

Nothing is raised while a file is read: problems gather on its `Page`, so that all of them are told at once. A place that is
not there answers with the default.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.config import units
from bot.domain.terms import Micros
from bot.errors import BadInput, ConfigError
from bot.text import PlainShow, render

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
V = TypeVar("V")
_TAG = "tag:yaml.org,2002:"
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:/\S+")


@dataclass
class Page:
    """One file and what is to be said about it. sha: sha256 hex of its bytes."""

    file: str
    sha: str = ""
    problems: list[ConfigError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Spot:
    """A place in a file. path: its name for people (`storm.per`), "" for the whole file."""

    def __init__(self, page: Page, node: Node | None, path: str = "", line: int = 1) -> None:
        self.page = page
        self.path = path
        self.line = node.start_mark.line + 1 if node is not None and node.start_mark else line
        self._node = None if node is None or _is_null(node) else node

    @property
    def there(self) -> bool:
        """Something is written here."""
        return self._node is not None

    def problems(self) -> list[ConfigError]:
        """All problems of the file, each once, by line."""
        unique = {str(problem): problem for problem in self.page.problems}
        return sorted(unique.values(), key=lambda problem: int(problem.where.rpartition(":")[2]))

    def wrong(self, what: str) -> None:
        """Note a problem at this line."""
        self.page.problems.append(ConfigError(f"{self.page.file}:{self.line}", f"{self.path}: {what}".lstrip(": ")))

    def warn(self, what: str) -> None:
        """Note something that is no problem, and that its author should know."""
        self.page.warnings.append(f"{self.page.file}:{self.line}: {self.path}: {what}")

    def keys(self, *known: str, later: Collection[str] = ()) -> Mapping[str, "Spot"]:
        """The places under fixed keys. later: keys of the design that are not used yet."""
        found = self.entries()
        for name, spot in found.items():
            if name in later:
                spot.warn("not yet used by this version")
            elif name not in known:
                spot.wrong(f"unknown key{did_you_mean(name, [*known, *later])}")
        return {
            name: found.get(name) or Spot(self.page, None, self._under(name), self.line) for name in [*known, *later]
        }

    def entries(self) -> dict[str, "Spot"]:
        """The places under free names, such as a group's."""
        node = self._of(MappingNode, "keys with values")
        found: dict[str, Spot] = {}
        for key, value in node.value if node else ():
            spot = Spot(self.page, value, self._under(str(key.value)), key.start_mark.line + 1)
            spot.line = key.start_mark.line + 1
            if str(key.value) in found:
                spot.wrong("this key stands twice")
            found[str(key.value)] = spot
        return found

    def items(self) -> list["Spot"]:
        """The places of a list."""
        node = self._of(SequenceNode, "a list")
        return [Spot(self.page, one, f"{self.path}[{n}]") for n, one in enumerate(node.value if node else ())]

    def text(self, default: str = "") -> str:
        """Text that is not empty."""
        node = self._scalar("text")
        if node is None:
            return default
        if node.tag not in (f"{_TAG}str", f"{_TAG}timestamp"):
            self.wrong(f"text is expected here: write it in quotes, as {node.value!r}")
        elif not node.value.strip():
            self.wrong("text is expected here, and it is empty")
        return str(node.value)

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def word(self, kind: type[E], default: T) -> E | T:
        """One of the words of an enum."""
        return self.one_of({member.value: member for member in kind}, default)

    def one_of(self, options: Mapping[str, V], default: T) -> V | T:
        """What stands for one of these words."""
        node = self._scalar("a word")
        if node is None:
            return default
        if node.value not in options:
            expected = ", ".join(options)
            self.wrong(f"one of {expected} is expected here{did_you_mean(str(node.value), options)}")
        return options.get(node.value, default)

    def whole(self, default: T, least: int, most: int) -> int | T:
        """A whole number."""
        node = self._scalar("a whole number")
        if node is None:
            return default
        digits = node.value if node.tag == f"{_TAG}int" and re.fullmatch(r"-?\d{1,9}", node.value) else ""
        if digits and least <= int(digits) <= most:
            return int(digits)
        self.wrong(f"a whole number from {least} to {most} is expected here")
        return default

    def flag(self, default: T) -> bool | T:
        """true or false."""
        node = self._scalar("true or false")
        if node is None:
            return default
        if node.tag == f"{_TAG}bool":
            return bool(node.value.lower() == "true")
        self.wrong("true or false is expected here")
        return default

    def span(self, default: T) -> Micros | T:
        """A length of time such as `15m`, in µs."""
        node = self._scalar("a length of time")
        if node is None:
            return default
        length = units.length(str(node.value))
        if length is None:
            self.wrong("a length of time such as 30s, 15m, 2h or 1d is expected here")
            return default
        return length

    def read(self, reader: Callable[[str], T], default: T) -> T:
        """What `reader` makes of the text; its BadInput becomes the problem."""
        node = self._scalar("text")
        if node is None:
            return default
        try:
            return reader(str(node.value))
        except BadInput as error:
            self.wrong(render(error.for_user(), PlainShow()))
            return default

    def reference(self) -> str:
        """Where a secret is kept: `env:NAME` or `file:/path`, never the secret itself (which is not repeated)."""
        node = self._scalar("a reference")
        if node is None:
            return ""
        if not _REFERENCE.fullmatch(str(node.value)):
            self.wrong("a secret is written as env:NAME or file:/path, never as itself")
            return ""
        return str(node.value)

    def _of(self, kind: type[Node], expected: str) -> Node | None:
        if self._node is None or isinstance(self._node, kind):
            return self._node
        self.wrong(f"{expected} {'is' if expected.startswith('a ') else 'are'} expected here")
        return None

    def _scalar(self, expected: str) -> ScalarNode | None:
        if self._node is None or isinstance(self._node, ScalarNode):
            return self._node
        self.wrong(f"{expected} is expected here")
        return None

    def _under(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == f"{_TAG}null"


def did_you_mean(word: str, options: Collection[str]) -> str:
    close = get_close_matches(word, list(options), 1, 0.6)
    return f"; did you mean {close[0]!r}?".replace("'", '"') if close else ""
