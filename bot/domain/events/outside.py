"""Slack, the database, refusals, redaction."""

from dataclasses import dataclass, field

from bot.domain.events.base import Payload, event
from bot.domain.terms import Micros


@event("effect_failed")
@dataclass(frozen=True, slots=True)
class EffectFailed(Payload):
    """Something that should have happened outside did not: key and kind of the effect, and Slack's or our code."""

    effect: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Absence(Payload):
    """From began_at until occurred_at nobody could be judged: what was left of each timer counts on from then.

    In an incident it says what people missed meanwhile. alerts: so many fired; due: what was due, as `what:name` (`step:2.4`,
    `approval:restart`, `role:operations`, `call:orders`, `update:`); runs: so many actions began; told: the channel is told;
    judged: so often people were said to be late before anybody knew of it.
    """

    began_at: Micros
    alerts: int = 0
    due: tuple[str, ...] = ()
    runs: int = 0
    told: bool = False
    judged: int = field(default=0, kw_only=True)


@event("outage_began")
@dataclass(frozen=True, slots=True)
class OutageBegan(Payload):
    """Slack is away since occurred_at. why: unreachable | deaf (it takes what we post and brings nothing)."""

    why: str


@event("outage_ended")
@dataclass(frozen=True, slots=True)
class OutageEnded(Absence):
    """Slack is back. why: as in OutageBegan."""

    why: str = ""


@event("database_away")
@dataclass(frozen=True, slots=True)
class DatabaseAway(Absence):
    """Nothing could be saved: no alert, no click."""


@event("stopped")
@dataclass(frozen=True, slots=True)
class Stopped(Absence):
    """No process of Tocsin was running."""


@event("clock_set")
@dataclass(frozen=True, slots=True)
class ClockSet(Payload):
    """The machine's clock was set by `jump` (µs, forward or back); what was left of each timer counts on."""

    jump: Micros


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
