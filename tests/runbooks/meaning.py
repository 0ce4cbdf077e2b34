"""What a plan means: all of it but its lines, its place and the letters that it was read from."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_PLACE = frozenset({"line", "lines", "after_line", "sha", "path"})


def meaning(value: Any) -> Any:
    """A plan, or a part of one, without what tells where it stood."""
    if is_dataclass(value):
        return {f.name: meaning(getattr(value, f.name)) for f in fields(value) if f.name not in _PLACE}
    if isinstance(value, Mapping):
        return {key: meaning(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [meaning(item) for item in value]
    return value
