"""A call for a person. Part of bot/domain/state.py."""

from dataclasses import dataclass

from bot.domain.terms import Micros


@dataclass(frozen=True)
class Page:
    """A call for a person. answer: "" while it rings, take | pass | over (somebody else has it: `by`); ended: seq of the event
    that ended it; caller: who called; base, due_at: as in PageSent."""

    id: str
    person: str
    about: str
    level: int
    role: str
    at: Micros
    answer: str = ""
    answered_at: Micros | None = None
    service: str = ""
    base: int = 0
    caller: str = ""
    by: str = ""
    ended: int = 0
    due_at: Micros | None = None
