"""Everything that can happen to an incident, one class each: the truth of Tocsin.

An event is a *payload* (a class below) with its envelope. Fields made with `body()` hold free text or names; they are kept
apart from the rest so that they can be deleted while the chain of hashes still verifies, and every fold works when they
are "" (their default). All other fields are codes, ids, counts and moments (µs UTC), of JSON's own types.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar

from bot.domain.terms import Kind, Micros, Severity, Source, Status

P = TypeVar("P")
KINDS: dict[str, type["Payload"]] = {}
"""Kind of event → class of its payload."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What an event says. Subclasses are registered with their kind."""


def event(kind: str) -> Callable[[type[P]], type[P]]:
    """Register a payload class under the kind it is stored as."""

    def register(cls: type[P]) -> type[P]:
        assert kind not in KINDS
        assert issubclass(cls, Payload)
        KINDS[kind] = cls
        _KIND_OF[cls] = kind
        _BODY[cls] = tuple(f.name for f in fields(cls) if f.metadata.get("body"))
        _DATA[cls] = tuple(f.name for f in fields(cls) if not f.metadata.get("body"))
        return cls

    return register


_KIND_OF: dict[type[Any], str] = {}
_BODY: dict[type[Any], tuple[str, ...]] = {}
_DATA: dict[type[Any], tuple[str, ...]] = {}


def body() -> Any:
    """A field of free text, kept in the event's deletable body."""
    return field(default="", metadata={"body": True})


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that has been decided and not yet stored. `at`, `actor`, `source`: None means those of the input."""

    payload: Payload
    at: Micros | None = None
    actor: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A stored event. Order within a stream is `seq`, never the wall clock; `occurred_at` may be earlier than `recorded_at`."""

    stream: str
    seq: int
    occurred_at: Micros
    recorded_at: Micros
    actor: str
    source: Source
    input: str
    payload: Payload

    @property
    def kind(self) -> str:
        return kind_of(self.payload)


def kind_of(payload: Payload) -> str:
    """The kind under which a payload is stored."""
    return _KIND_OF[type(payload)]


def split(payload: Payload) -> tuple[dict[str, Any], dict[str, str]]:
    """A payload as (data, body); body fields that are empty are left out."""
    cls = type(payload)
    words = {name: value for name in _BODY[cls] if (value := getattr(payload, name))}
    return {name: getattr(payload, name) for name in _DATA[cls]}, words


def join(kind: str, data: Mapping[str, Any], words: Mapping[str, str]) -> Payload:
    """The payload from stored data and body; fields that are newer than the row take their defaults."""
    cls = KINDS[kind]
    given = {**data, **words}
    values = {f.name: _read(f.type, given[f.name]) for f in fields(cls) if f.name in given}
    return cls(**values)


def required(cls: type[Payload]) -> list[str]:
    """Names of the fields without a default."""
    return [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]


_ENUMS: dict[Any, type[Any]] = {Kind: Kind, Severity: Severity, Status: Status, Source: Source}
_ENUMS |= {kind | None: kind for kind in _ENUMS.values()}


def _read(kind: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(tuple(one) if isinstance(one, list) else one for one in value)
    return _ENUMS[kind](value) if kind in _ENUMS and value is not None else value
