"""An incident as it stands: the fold of its events (bot/domain/incident.py folds).

Everything here is bounded by the number of people, steps and runs, never by the number of alerts: a storm must not rewrite a
growing row. `TypeAdapter(Incident)` of pydantic reads and writes it as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.terms import COMMANDER, Kind, Micros, Milestone, Severity, Source, Status


@dataclass(frozen=True)
class Mark:
    """A milestone's value and where it came from. revision: 0 as recorded, +1 for each correction; first: as first recorded."""

    at: Micros
    source: Source
    by: str
    recorded_at: Micros
    revision: int = 0
    first: Micros = 0
    how: str = ""


@dataclass(frozen=True)
class Interval:
    """A value held for a time; end None = still."""

    value: str
    start: Micros
    end: Micros | None = None
    by: str = ""


@dataclass(frozen=True)
class Offer:
    """A role offered and not yet answered."""

    role: str
    person: str
    at: Micros
    why: str
    due_at: Micros | None = None


@dataclass(frozen=True)
class AlertCounts:
    """Alerts of the incident: firing now, ever, groups; moments of the first start and the last change."""

    firing: int = 0
    total: int = 0
    groups: int = 0
    services: tuple[str, ...] = ()
    first_at: Micros | None = None
    last_at: Micros | None = None
    truncated: int = 0
    clear_since: Micros | None = None


@dataclass(frozen=True)
class Visit:
    """One time that a step was current.

    state: open | unconfirmed | waiting (for an approval) | running | unknown | done | skipped | left (the plan went elsewhere).
    """

    step: str
    visit: int
    started_at: Micros
    role: str = ""
    person: str = ""
    due_at: Micros | None = None
    meanwhile: bool = False
    state: str = "open"
    overdue: bool = False
    done_at: Micros | None = None
    done_by: str = ""
    confirmed_at: Micros | None = None
    confirmed_by: str = ""
    alone: bool = False
    evidence: bool = False
    answer: str = ""
    to: str = ""


@dataclass(frozen=True)
class Walk:
    """A plan being walked. visits in the order they began; outcome "" while it runs."""

    run: int
    plan: str
    sha: str
    why: str
    matchers: int
    started_at: Micros
    visits: tuple[Visit, ...] = ()
    ended_at: Micros | None = None
    outcome: str = ""

    @property
    def current(self) -> Visit | None:
        """The step that holds up the next one."""
        return next((v for v in reversed(self.visits) if not v.meanwhile and v.state not in SETTLED), None)

    @property
    def open(self) -> tuple[Visit, ...]:
        """All steps that wait for somebody, the holding one last."""
        waiting = [v for v in self.visits if v.state not in SETTLED]
        return tuple(sorted(waiting, key=lambda v: not v.meanwhile))

    def visit(self, step: str) -> Visit | None:
        """The latest visit of a step."""
        return next((v for v in reversed(self.visits) if v.step == step), None)


SETTLED = frozenset({"done", "skipped", "left"})


@dataclass(frozen=True)
class Approval:
    """A question whether an action may run. state: open | given | denied | expired; given: who said yes, in order."""

    digest: str
    run: int
    step: str
    visit: int
    action: str
    need: int
    may: tuple[str, ...]
    asked_at: Micros
    expires_at: Micros
    starter: str = ""
    then: tuple[str, ...] = ()
    widen_at: Micros | None = None
    given: tuple[str, ...] = ()
    state: str = "open"
    ended_at: Micros | None = None
    ended_by: str = ""
    floor: str = ""
    policy_sha: str = ""
    target: str = ""

    @property
    def code(self) -> str:
        return self.digest[:4]


@dataclass(frozen=True)
class Attempt:
    """One try at an action. state: running | exited | timed_out | stopped | unknown | never_started | ok | failed.

    `ok` = verified (or ended with 0 where nothing is to be verified); settled_by: the person who answered an unknown.
    """

    id: str
    run: int
    step: str
    visit: int
    action: str
    n: int
    changes: bool
    started_at: Micros
    kind: str = ""
    digest: str = ""
    approvers: tuple[str, ...] = ()
    target: str = ""
    state: str = "running"
    exit: int | None = None
    ended_at: Micros | None = None
    verified: bool | None = None
    verified_at: Micros | None = None
    settled_by: str = ""


@dataclass(frozen=True)
class Page:
    """A call for a person. answer: "" while it rings, take | pass."""

    id: str
    person: str
    about: str
    level: int
    role: str
    at: Micros
    answer: str = ""
    answered_at: Micros | None = None


@dataclass(frozen=True)
class Incident:
    """An incident as it stands after event `seq`."""

    number: int
    kind: Kind
    severity: Severity
    status: Status
    service: str
    opened_at: Micros
    via: str
    seq: int = 0
    title: str = ""
    name: str = ""
    private: bool = False
    severity_given: bool = True
    channel: str = ""
    opened_by: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    statuses: tuple[Interval, ...] = ()
    severities: tuple[Interval, ...] = ()
    roles: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    people: Mapping[str, Micros] = field(default_factory=dict)  # who has shown a sign of life, and when first
    pages: tuple[Page, ...] = ()
    alerts: AlertCounts = AlertCounts()
    updates: tuple[Micros, ...] = ()
    next_update_at: Micros | None = None
    walks: tuple[Walk, ...] = ()
    approvals: tuple[Approval, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    reopened: tuple[Micros, ...] = ()
    outages: tuple[Interval, ...] = ()
    refusals: int = 0

    @property
    def ref(self) -> str:
        """`INC-42`."""
        return f"INC-{self.number}"

    @property
    def walk(self) -> Walk | None:
        """The plan that is being walked, or was last."""
        return self.walks[-1] if self.walks else None

    def holder(self, role: str) -> str:
        """Who holds a role now, "" if nobody."""
        held = self.roles.get(role, ())
        return held[-1].value if held and held[-1].end is None else ""

    @property
    def commander(self) -> str:
        return self.holder(COMMANDER)

    def mark(self, milestone: Milestone) -> Micros | None:
        """The moment of a milestone, None if it is not known."""
        found = self.marks.get(milestone)
        return found.at if found else None

    def approval(self, digest: str) -> Approval | None:
        """The approval whose digest is, or begins with, `digest`; the newest first."""
        return next((a for a in reversed(self.approvals) if digest and a.digest.startswith(digest)), None)

    def attempt(self, attempt: str) -> Attempt | None:
        return next((a for a in self.attempts if a.id == attempt), None)
