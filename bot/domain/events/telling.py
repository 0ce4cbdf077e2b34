"""What people tell besides notes and updates: decisions, tries, reports, impact."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("decided")
@dataclass(frozen=True, slots=True)
class Decided(Payload):
    """The response goes this way from here."""

    text: str = body()


@event("tried")
@dataclass(frozen=True, slots=True)
class Tried(Payload):
    """Something that was tried by hand, and what came of it ("" if nobody knows yet)."""

    text: str = body()
    result: str = body()


@event("seen")
@dataclass(frozen=True, slots=True)
class SeenBy(Payload):
    """Somebody outside monitoring sees it; occurred_at is when they said so. group: a code of bot.domain.told.SEEN_BY; channel, ts,
    author: the message that says so, "" if there is none; too: by [I see it too], which is no answer to a call."""

    group: str
    channel: str = ""
    ts: str = ""
    author: str = ""
    text: str = body()
    too: bool = False


@event("impact")
@dataclass(frozen=True, slots=True)
class ImpactTold(Payload):
    """What stood still for the business. function: its name, "" if none was named; percent: how much of it, None if nobody said;
    0 without a function: nothing was affected. began_at, ended_at: None if nobody said."""

    function: str = ""
    percent: int | None = None
    began_at: Micros | None = None
    ended_at: Micros | None = None


@event("cause_named")
@dataclass(frozen=True, slots=True)
class CauseNamed(Payload):
    """What made it happen or last, one of several. code: of bot.domain.questions.CAUSES."""

    code: str
    text: str = body()


@event("followup")
@dataclass(frozen=True, slots=True)
class FollowupMade(Payload):
    """Something to do afterwards. owner: a person, "" if nobody yet; due: a day (2026-12-01), "" if nobody said; channel, ts: the
    message that was flagged, "" if it was said in words; number: F-17, of all incidents, 0 for the oldest, which have none."""

    owner: str = ""
    due: str = ""
    channel: str = ""
    ts: str = ""
    number: int = 0
    text: str = body()


@event("unflagged")
@dataclass(frozen=True, slots=True)
class Unflagged(Payload):
    """The flag was taken off a message: there is nothing to do about it."""

    channel: str
    ts: str
