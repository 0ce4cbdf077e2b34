"""What a person is asked: a role that is offered, a call."""

from dataclasses import dataclass

from bot.domain.terms import Micros


@dataclass(frozen=True)
class Offer:
    """A role offered by event `seq`. answer: "" while it is open, take | pass | over (somebody else has it) | late (a hand-over
    that nobody accepted in time) | ended (with the incident); ended: seq of the event that ended it.
    """

    role: str
    person: str
    at: Micros
    why: str
    due_at: Micros | None = None
    seq: int = 0
    answer: str = ""
    ended: int = 0


@dataclass(frozen=True)
class Page:
    """A call for a person. answer: "" while it rings, take | pass | over (somebody else has it: `by`) | ended (with the incident);
    ended: seq of the event that ended it; caller: who called; base, due_at: as in PageSent; woken: by their notifier,
    too."""

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
    woken: bool = False
