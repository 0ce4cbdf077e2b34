"""What the numbers need of an incident: one small row for each, without words (bot/metrics computes over them).

The only ids of people are those of who set a milestone or a status: a number can be asked where it comes from. Who joined,
held a role or was called is left out: nobody is ever ranked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.events import Event
from bot.domain.incident import replay
from bot.domain.run_facts import Asked, PlanRun, Run, StepRun, asked_of, plan_of, run_of
from bot.domain.state import Incident, Interval, Mark
from bot.domain.terms import SECOND, Kind, Micros, Milestone, Severity, Status
from bot.domain.told import Impact, Seen

__all__ = [
    "GRACE",
    "Asked",
    "Called",
    "Facts",
    "Held",
    "Impact",
    "PlanRun",
    "Run",
    "Seen",
    "StepRun",
    "facts",
    "facts_of",
    "found_by",
]

GRACE: Micros = 60 * SECOND
"""An alert that reaches us this soon after a person's word still counts as found by monitoring."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role held for a time; who held it is left out. why: as in RoleTaken."""

    role: str
    start: Micros
    end: Micros | None
    why: str


@dataclass(frozen=True, slots=True)
class Called:
    """One page. answer: "" while it rings, take | pass."""

    at: Micros
    level: int
    answer: str
    answered_at: Micros | None


@dataclass(frozen=True)
class Facts:
    """Everything that a number is made of. Moments are µs UTC.

    found: monitoring | people_despite_signal | people_before_monitoring | people_no_monitoring | unknown (docs/metrics.md);
    joined: when each person gave the first sign of life; promises: with each update, when the next was promised; seen: what
    people reported; impact: what stood still, () = nothing did, None = nobody has said.
    """

    number: int
    kind: Kind
    severity: Severity
    severity_given: bool
    status: Status
    service: str
    private: bool
    via: str
    opened_at: Micros
    found: str
    marks: Mapping[str, Mark] = field(default_factory=dict)
    statuses: tuple[Interval, ...] = ()
    severities: tuple[Interval, ...] = ()
    roles: tuple[Held, ...] = ()
    required: tuple[str, ...] = ()
    joined: tuple[Micros, ...] = ()
    outages: tuple[Interval, ...] = ()
    pauses: tuple[Interval, ...] = ()
    reopened: tuple[Micros, ...] = ()
    alerts: int = 0
    groups: int = 0
    reached_at: Micros | None = None
    runs: tuple[Run, ...] = ()
    asked: tuple[Asked, ...] = ()
    plans: tuple[PlanRun, ...] = ()
    updates: tuple[Micros, ...] = ()
    promises: tuple[Micros | None, ...] = ()
    calls: tuple[Called, ...] = ()
    refusals: int = 0
    seen: tuple[Seen, ...] = ()
    impact: tuple[Impact, ...] | None = None

    def at(self, milestone: Milestone) -> Micros | None:
        """The moment of a milestone, None if it is not known."""
        mark = self.marks.get(milestone)
        return mark.at if mark else None


def facts(events: Iterable[Event]) -> Facts:
    """The facts of an incident from all its events."""
    return facts_of(replay(events))


def facts_of(incident: Incident) -> Facts:
    """The facts of an incident as it stands."""
    return Facts(
        number=incident.number,
        kind=incident.kind,
        severity=incident.severity,
        severity_given=incident.severity_given,
        status=incident.status,
        service=incident.service,
        private=incident.private,
        via=incident.via,
        opened_at=incident.opened_at,
        found=found_by(incident),
        marks=incident.marks,
        statuses=incident.statuses,
        severities=incident.severities,
        roles=tuple(_held(role, one) for role, held in sorted(incident.roles.items()) for one in held),
        required=incident.required,
        joined=tuple(sorted(incident.people.values())),
        outages=incident.outages,
        pauses=tuple(Interval("", pause.start, pause.end) for pause in incident.pauses),
        reopened=incident.reopened,
        alerts=incident.alerts.total,
        groups=incident.alerts.groups,
        reached_at=incident.alerts.reached_at,
        runs=tuple(run_of(incident, attempt) for attempt in incident.attempts if not attempt.undoes),
        asked=tuple(asked_of(approval) for approval in incident.approvals),
        plans=tuple(plan_of(walk) for walk in incident.walks),
        updates=incident.updates,
        promises=incident.promises,
        calls=tuple(Called(p.at, p.level, p.answer, p.answered_at) for p in incident.pages),
        refusals=incident.refusals,
        seen=incident.told.seen,
        impact=incident.told.impact,
    )


def found_by(incident: Incident) -> str:
    """Who found it: the first rule that holds."""
    if incident.kind is Kind.BACKFILL or incident.via == "import":
        return "unknown"
    found = _first(incident)
    overruled = incident.via == "alert" and incident.answers.get("noticed", "monitoring") != "monitoring"
    return "people_despite_signal" if overruled and found == "monitoring" else found


def _first(incident: Incident) -> str:
    """Whether an alert or a person was first, by what was recorded."""
    heard, alerts = _heard(incident), incident.alerts
    if heard is None or alerts.reached_at is None or alerts.first_at is None:
        return "monitoring" if incident.via == "alert" else "people_no_monitoring"
    if alerts.reached_at <= heard + GRACE:
        return "monitoring"
    return "people_despite_signal" if alerts.first_at < heard else "people_before_monitoring"


def _heard(incident: Incident) -> Micros | None:
    """When the first person said so: by a report, or by opening it."""
    declared = None if incident.via == "alert" else incident.mark(Milestone.DECLARED)
    said = [one.at for one in incident.told.seen] + ([] if declared is None else [declared])
    return min(said, default=None)


def _held(role: str, one: Interval) -> Held:
    return Held(role, one.start, one.end, one.why)
