"""YAML 1.2 as ruamel.yaml's nodes, which know where they stand: the parts of `YAML(typ="safe", pure=True)`, put together once."""

from typing import Any

from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.docinfo import DocInfo
from ruamel.yaml.nodes import Node
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scanner import Scanner

DEEPEST = 25


class TooDeep(Exception):
    """More than `DEEPEST` values within each other; line: from 0, where the first that is too deep stands."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def compose(text: str) -> Node | None:
    """The only document of a text, None if it holds none. TooDeep; YAMLError or ValueError for what cannot be read."""
    try:
        found: Node | None = _Parts(text).get_single_node()
    except MaxDepthExceededError as error:
        raise TooDeep(error.problem_mark.line) from None
    return found


class _Parts(Reader, Scanner, Parser, Composer, VersionedResolver):
    """One object is all parts. `YAML` makes one of each, and they look for each other anew at every letter: a third of the time."""

    reader: Any = None
    scanner: Any = None
    parser: Any = None
    resolver: Any = None

    def __init__(self, text: str) -> None:
        self.reader = self.scanner = self.parser = self.resolver = self
        self.comment_handling, self.max_depth = None, DEEPEST
        self.doc_infos = [DocInfo()]
        self.tags: dict[str, str] = {}  # what a %YAML or %TAG line says is noted there
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)
        Composer.__init__(self, loader=self)
        self.warn_double_anchors = False  # they are refused where they are read
        VersionedResolver.__init__(self, loader=self)

    def need_more_tokens(self) -> bool:
        """As in Scanner, which looks for keys also where none can be."""
        if self.done or (self.tokens and not self.possible_simple_keys):
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: Any) -> bool:
        """As in Scanner: whether the next token is one of these."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def check_event(self, *choices: Any) -> bool:
        """As in Parser: whether the next event is one of these."""
        event = self.peek_event()
        return event is not None and (not choices or isinstance(event, choices))
