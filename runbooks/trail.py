"""What happened when a plan was rehearsed, held against what its test expects."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.text import Code, Text, t
from runbooks.cases import Expect


@dataclass
class Trail:
    """What happened. places: phases, steps and actions in their order; states: of attempts that change something; undone: what
    was undone, in this order; aborted: the check that ended it."""

    places: list[str] = field(default_factory=list)
    approvals: int = 0
    states: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    ends: str = ""


def differences(expect: Expect, trail: Trail) -> Iterator[Text]:
    """What did not come true."""
    walked = ", ".join(trail.places)
    rest = iter(trail.places)
    missing = next((place for place in expect.path if place not in rest), "")
    if missing:
        yield t("path: {place} did not come in this order; it went {path}", place=Code(missing), path=walked)
    for place in expect.never:
        if place in trail.places:
            yield t("never: it came to {place}; it went {path}", place=Code(place), path=walked)
    came: dict[str, tuple[Any, Any]] = {
        "approvals": (expect.approvals, trail.approvals),
        "states": (expect.states, tuple(trail.states)),
        "attempts": (expect.attempts, len(trail.states)),
        "refused": (expect.refused, tuple(trail.refused)),
        "undone": (expect.undone, tuple(trail.undone)),
        "aborted": (expect.aborted, tuple(trail.aborted)),
        "ends": (expect.ends or None, trail.ends),
    }
    for key, (wanted, found) in came.items():
        if wanted is not None and wanted != found:
            yield t("{key}: expected {wanted}, was {found}", key=key, wanted=_said(wanted), found=_said(found))


def _said(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)
