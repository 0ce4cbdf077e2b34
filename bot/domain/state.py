"""An incident as it stands: the fold of its events (bot/domain/incident.py folds).

Everything here is bounded by the number of people, steps and runs, never by the number of alerts: a storm must not rewrite a
growing row. `TypeAdapter(Incident)` of pydantic reads and writes it as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bot.domain.alarms import AlertCounts, Question
from bot.domain.called import Offer, Page
from bot.domain.drill_state import Drill
from bot.domain.evidence_state import Evidence
from bot.domain.run_state import SETTLED, Approval, Attempt, Visit, Walk
from bot.domain.terms import BOT, COMMANDER, Kind, Micros, Milestone, Severity, Source, Status
from bot.domain.told import Told

__all__ = [
    "MOST_SERVICES",
    "SETTLED",
    "AlertCounts",
    "Approval",
    "Attempt",
    "Evidence",
    "Incident",
    "Interval",
    "Mark",
    "Offer",
    "Page",
    "Question",
    "Visit",
    "Walk",
    "is_person",
]

MOST_SERVICES = 20
"""So many services of a storm are kept by name."""


def is_person(actor: str) -> bool:
    """The actor is somebody, not Tocsin, an alert (`alert:…`) or a token (`api:…`)."""
    return bool(actor) and actor != BOT and ":" not in actor


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
    """A value held for a time; end None = still. why: of a role, as in RoleTaken."""

    value: str
    start: Micros
    end: Micros | None = None
    by: str = ""
    why: str = ""


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
    storm: bool = False  # no single fault: what found no channel of its own any more
    severity_given: bool = True
    channel: str = ""
    opened_by: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    statuses: tuple[Interval, ...] = ()
    severities: tuple[Interval, ...] = ()
    roles: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()  # those that are open
    past_offers: tuple[Offer, ...] = ()  # the last that ended, of each role to each person
    required: tuple[str, ...] = ()  # the roles that the severity asks for
    people: Mapping[str, Micros] = field(default_factory=dict)  # who has shown a sign of life, and when first
    answered: tuple[str, ...] = ()  # those of them who act here (a command or a button, not a message alone)
    heard_at: Micros | None = None  # when the commander was heard last
    silent_at: Micros | None = None  # when the commander is, or was, too long silent; asked about it: silent
    silent: bool = False
    watching: tuple[str, ...] = ()  # who said that they only look on
    pages: tuple[Page, ...] = ()
    uncalled: tuple[str, ...] = ()  # services for which nobody could be called
    unanswered: tuple[str, ...] = ()  # services, teams, people of whom everybody was called and nobody answers
    alerts: AlertCounts = field(default_factory=AlertCounts)
    question: Question | None = None
    told: Told = field(default_factory=Told)
    updates: tuple[Micros, ...] = ()
    update_seq: int = 0  # of the newest update; its words stand in that event
    clock_set_at: Micros = 0  # when the clock was set last: what was before it is no time that has passed
    promises: tuple[Micros | None, ...] = ()  # with each update: when the next one was promised
    next_update_at: Micros | None = None
    update_asked: int = 0  # seq of the event by which who commands was asked for a late update last, 0 if nobody was
    walks: tuple[Walk, ...] = ()
    locked: Mapping[str, Micros] = field(default_factory=dict)  # plans that failed too often here, and since when
    approvals: tuple[Approval, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    reopened: tuple[Micros, ...] = ()
    outages: tuple[Interval, ...] = ()  # times in which nobody is judged
    refusals: int = 0
    pins: tuple[str, ...] = ()  # `channel:ts` of the messages on the timeline
    evidence: tuple[Evidence, ...] = ()  # files that people shared here
    drill: Drill | None = None
    changed_at: Micros = 0  # when the last change of status was recorded
    ended: int = 0  # seq of the event that resolved it last, 0 if none did
    pauses: tuple[Interval, ...] = ()
    watched_until: Micros | None = None  # it stays open until then
    watched_by: str = ""
    archived: bool = False
    adopted: str = ""  # the channel that people had before and made the incident's, also if it has another one by now
    moved: int = 0  # seq of the event after which it got another channel, 0 if it never did
    leaving: bool = False  # it is private, and still in the channel that everybody reads: the new one is being made
    merged_into: int = 0
    merged_hidden: bool = False  # and few see that one: nobody is told which it is
    took_in: tuple[int, ...] = ()  # incidents that are folded into this one
    questions: int = 0  # seq of the event that put the five questions, 0 if none did
    answers: Mapping[str, str] = field(default_factory=dict)  # what people answered, by code

    @property
    def ref(self) -> str:
        """`INC-42`."""
        return f"INC-{self.number}"

    @property
    def walk(self) -> Walk | None:
        """The plan that is being walked, or was last."""
        return self.walks[-1] if self.walks else None

    @property
    def begun_again(self) -> Micros:
        """When it was opened again last, after an end or a merging; 0 if it never was."""
        turns = ((before, after) for before, after in pairwise(self.statuses))
        again = (after.start for before, after in turns if Status(after.value).open and not Status(before.value).open)
        return max(again, default=0)

    def walked(self, run: int) -> Walk:
        """The walk with this number; there is one."""
        return next(walk for walk in self.walks if walk.run == run)

    @property
    def walking(self) -> Walk | None:
        """The plan that is being walked, None once it has ended."""
        return self.walk if self.walk is not None and self.walk.ended_at is None else None

    @property
    def borrowed(self) -> bool:
        """Its channel is older than it is: people had it before, and will want it afterwards."""
        return bool(self.adopted) and self.channel == self.adopted

    @property
    def announced(self) -> bool:
        """Everybody is told of it."""
        return not self.private and self.kind is not Kind.TEST

    @property
    def insiders(self) -> frozenset[str]:
        """Who sees it when it is private: whoever opened it, was asked (also for a yes), called or given a role, or has spoken in
        it."""
        held = {one.value for intervals in self.roles.values() for one in intervals}
        asked = {offer.person for offer in self.offers} | {page.person for page in self.pages}
        asked |= {person for approval in self.approvals for person in approval.may}
        return frozenset({self.opened_by, *self.people, *held, *asked} - {""})

    @property
    def paused(self) -> Interval | None:
        """The pause that it is in."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    @property
    def healed(self) -> bool:
        """Something that the bot did was proved to help, and nothing says yet that it did not last."""
        return any(a.changes and a.verified and a.lapsed_at is None for a in self.attempts)

    def holder(self, role: str) -> str:
        """Who holds a role now, "" if nobody."""
        held = self.roles.get(role, ())
        return held[-1].value if held and held[-1].end is None else ""

    def roles_of(self, person: str) -> tuple[str, ...]:
        """The roles that a person holds now."""
        return tuple(role for role in self.roles if self.holder(role) == person)

    @property
    def away(self) -> Interval | None:
        """The time without Slack that has not ended."""
        return next((outage for outage in reversed(self.outages) if outage.end is None), None)

    def counted(self, now: Micros) -> Micros:
        """Up to when time counts for those who were asked: it stands still in a pause, and while Slack is away."""
        return min([now, *(still.start for still in (self.paused, self.away) if still is not None)])

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

    def renewed(self, **new: Any) -> "Incident":
        """As dataclasses.replace, in an eighth of its time: ingest folds thousands of events per second."""
        other = object.__new__(Incident)
        other.__dict__.update(self.__dict__, **new)
        return other
