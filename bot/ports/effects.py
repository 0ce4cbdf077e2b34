"""What must happen outside: the effect, one try at it, and its outcomes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.domain.events import Draft
from bot.domain.terms import Micros
from bot.ports.rows import Json, Row


@dataclass(frozen=True, slots=True)
class Effect:
    """A thing that must happen outside, or a decision that is due later (kinds and policies: bot/work/effects.py).

    key: unique for ever; says which one thing this is (`inc:42:card:17`). lane: order is promised within it. stream: the
    incident (or `org`) whose lock its settling takes. after: keys of effects that must be done first. coalesce: one waiting
    row per value; the older row keeps its place. not_before, expires_at: µs UTC. priority: lower goes first (PRIORITY).
    """

    key: str
    kind: str
    lane: str
    stream: str
    args: Json = field(default_factory=dict)
    priority: int = 50
    after: tuple[str, ...] = ()
    coalesce: str = ""
    not_before: Micros = 0
    expires_at: Micros | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One try at an effect, given to its handler.

    attempt: 1, 2 …; again: an earlier try may have been carried out (crash or ambiguous failure): the handler of a
    *reconcile* kind looks before it acts, that of a *repeat_marked* kind marks what it sends; members: the effects that a
    digest stands for (this one first); members[1:] are empty for most; since: the effect was stored then, so that nothing of it was
    carried out before.
    """

    effect: Effect
    attempt: int
    again: bool
    members: tuple[Effect, ...] = ()
    since: Micros = 0


@dataclass(frozen=True, slots=True)
class Done:
    """It happened. events: appended to the effect's stream; rows: what is not an event (Row); result: kept on the effect."""

    events: tuple[Draft, ...] = ()
    rows: tuple[Row, ...] = ()
    result: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. after: seconds; limited: rate keys that the other side closed (a 429: no attempt is counted, nothing was done);
    ambiguous: it may have happened (the next try is `again`); counted: False for a poll that simply goes on, and where nobody
    was reached: such a try is none, and after it `after` is waited, no longer."""

    after: float
    reason: str = ""
    limited: tuple[str, ...] = ()
    ambiguous: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will not happen; what waited for it is skipped."""

    reason: str
    events: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether it happened."""

    reason: str
    events: tuple[Draft, ...] = ()


Outcome: TypeAlias = Done | Retry | GiveUp | Unknown
Handler: TypeAlias = Callable[[Call], Awaitable[Outcome]]
