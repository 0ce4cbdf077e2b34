"""Slack, the database, refusals, redaction."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, event
from bot.domain.terms import Micros


@event("effect_failed")
@dataclass(frozen=True, slots=True)
class EffectFailed(Payload):
    """Something that should have happened outside did not: key and kind of the effect, and Slack's or our code."""

    effect: str
    what: str
    reason: str


@event("outage_began")
@dataclass(frozen=True, slots=True)
class OutageBegan(Payload):
    """Slack cannot be reached since occurred_at."""

    why: str


@event("outage_ended")
@dataclass(frozen=True, slots=True)
class OutageEnded(Payload):
    """Slack is back; began_at: when it went away."""

    began_at: Micros


@event("database_away")
@dataclass(frozen=True, slots=True)
class DatabaseAway(Payload):
    """From began_at until occurred_at nothing could be saved: no alert, no click."""

    began_at: Micros


@event("redacted")
@dataclass(frozen=True, slots=True)
class Redacted(Payload):
    """The body of event `seq` was deleted; the chain still verifies."""

    seq: int


@event("refused")
@dataclass(frozen=True, slots=True)
class RefusedTo(Payload):
    """Somebody asked for what they may not do. verb, code of the refusal."""

    verb: str
    code: str
