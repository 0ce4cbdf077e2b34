"""Drills and experiments: they begin, tell people something, are stopped, and are signed."""

from dataclasses import dataclass, field

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("drill_began")
@dataclass(frozen=True, slots=True)
class DrillBegan(Payload):
    """The incident is a drill of a plan. by: who began it, "" for the schedule; injects: so long after this each is told (µs).

    live: its targets are there for drills, so that actions really run; ends_at: of an experiment, when it is taken back at the
    latest; checks: ids of what is looked at until then; abort: of an experiment, what ends it at once, a line each.
    """

    plan: str
    sha: str
    by: str = ""
    injects: tuple[int, ...] = ()
    live: bool = False
    ends_at: Micros | None = None
    checks: tuple[str, ...] = ()
    abort: str = body()


@event("drill_injected")
@dataclass(frozen=True, slots=True)
class DrillInjected(Payload):
    """Something happens in the drill. n: row of the plan's table, from 0; tell: a role, or `everybody`; person: who is told."""

    n: int
    tell: str
    person: str = ""
    text: str = body()


@event("drill_stopped")
@dataclass(frozen=True, slots=True)
class DrillStopped(Payload):
    """why: real (an incident that is no drill needs everybody) | asked | time (an experiment's end) | abort (what should end it at
    once is so) | blind (nobody can see any more whether it is). incident: of `real` (this one: the experiment
    itself was called so), 0 if it is private.
    """

    why: str
    incident: int = 0
    reason: str = body()


@event("condition_seen")
@dataclass(frozen=True, slots=True)
class ConditionSeen(Payload):
    """What ends an experiment at once was looked at. what: holds (it is so) | blind (it could not be seen); check: its id.

    code, params: of the gate that forbade it, as in ActionRefused, "" if none did.
    """

    check: str
    what: str
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)
    reason: str = body()


@event("drill_found")
@dataclass(frozen=True, slots=True)
class DrillFound(Payload):
    """Something to mend. what: said (by a person) | other_plan (the alert got `plan`) | nobody (nobody could be called)."""

    what: str
    plan: str = ""
    text: str = body()


@event("drill_signed")
@dataclass(frozen=True, slots=True)
class DrillSigned(Payload):
    """A person stands for the report. met, missed: objectives at that moment, without those to which it did not come; findings: how
    many there were."""

    met: int
    missed: int
    findings: int
    words: str = body()
