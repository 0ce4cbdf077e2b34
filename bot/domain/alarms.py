"""What alerts make of an incident: how many there are, and the question whether it is back to normal."""

from dataclasses import dataclass

from bot.domain.joined import Joined
from bot.domain.terms import Micros


@dataclass(frozen=True)
class AlertCounts:
    """Alerts of the incident: firing now, ever, groups; moments of the first start and the last change.

    services: the first of them (MOST_SERVICES); truncated: alerts that a source has and did not send; clear_since: end of
    the last alert, None while one fires; reached_at: when the first of them reached Tocsin; named: of a storm, the worst;
    fired_at: the latest start.
    """

    firing: int = 0
    total: int = 0
    groups: int = 0
    services: tuple[str, ...] = ()
    first_at: Micros | None = None
    last_at: Micros | None = None
    truncated: int = 0
    clear_since: Micros | None = None
    reached_at: Micros | None = None
    named: tuple[Joined, ...] = ()
    fired_at: Micros | None = None


@dataclass(frozen=True)
class Question:
    """Whether it is back to normal, as people were asked last. seq: of the event that asked; since: end of the last alert.

    before: seq of the question before it, 0 if there was none; over: seq of the event after which it makes no sense any more
    (it fires again, it was opened again), 0 while it does; by, again_at: who said "not yet", and when it is asked again.
    """

    seq: int
    since: Micros
    before: int = 0
    over: int = 0
    by: str = ""
    again_at: Micros | None = None
