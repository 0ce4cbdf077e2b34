"""The sentences of a source file, for Babel (`make texts`): every `t("…")` and `tn("…", "…", n)`, wherever it stands.

Babel's own reader of Python loses a sentence that stands in another call inside a sentence; the syntax tree loses none.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

Found = tuple[int, str, tuple[str | None, ...], list[str]]
"""Line, name of the function, its arguments (None: no text), comments."""


def sentences(
    file: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """What Babel asks of an extractor. ValueError for a sentence that is put together: no catalogue could have it."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            said = tuple(_text(argument) for argument in node.args)
            if said[0] is None:
                raise ValueError(f"line {node.lineno}: a sentence must be written out: {ast.unparse(node)}")
            if said[0]:
                yield node.lineno, node.func.id, said, []


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
