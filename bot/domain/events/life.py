"""The incident's life: it opens, alerts come and go, its state changes."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Kind, Micros, Severity, Status


@event("opened")
@dataclass(frozen=True, slots=True)
class Opened(Payload):
    """An incident begins. via: alert | command | button | shortcut | import | backfill; rule: why (the ingest decision or "");
    room: id of the channel that it adopts.

    required: the roles that this severity asks for, as the settings said at that moment (they make the quorum).
    """

    number: int
    kind: Kind
    severity: Severity
    status: Status
    service: str
    via: str
    severity_given: bool = True
    private: bool = False
    rule: str = ""
    name: str = ""  # the channel's name, decided here: the recorded intent by which it is found again
    required: tuple[str, ...] = ()
    room: str = ""
    title: str = body()


@event("alerts_changed")
@dataclass(frozen=True, slots=True)
class AlertsChanged(Payload):
    """Alerts joined, cleared or grew worse. Counts (fired, cleared, groups, truncated) are changes, not totals.

    decision: open | attach | worse | resolve | reopen | symptom | storm | stale; first_at: earliest start of what fired; last_at:
    latest start or end in the request; groups: alert groups that are new to the incident; named: what joined a storm, see
    bot.domain.joined.
    """

    decision: str
    source: str
    fired: int
    cleared: int
    last_at: Micros
    first_at: Micros | None = None
    groups: int = 0
    services: tuple[str, ...] = ()
    truncated: int = 0
    fingerprints: tuple[str, ...] = ()
    named: str = body()


@event("all_clear")
@dataclass(frozen=True, slots=True)
class AllClear(Payload):
    """No alert of the incident fires any more; people are asked. since: end of the last alert."""

    since: Micros


@event("snoozed")
@dataclass(frozen=True, slots=True)
class Snoozed(Payload):
    """A person says that it is not back to normal yet. until: when people are asked again."""

    until: Micros


@event("acknowledged")
@dataclass(frozen=True, slots=True)
class Acknowledged(Payload):
    """A person says: I have seen it."""


@event("status_changed")
@dataclass(frozen=True, slots=True)
class StatusChanged(Payload):
    """undo: takes back a change made within the last two minutes (an undone resolve is not a reopening)."""

    before: Status
    after: Status
    undo: bool = False
    reason: str = body()


@event("severity_changed")
@dataclass(frozen=True, slots=True)
class SeverityChanged(Payload):
    """required: the roles that the new severity asks for; None: the same as before."""

    before: Severity
    after: Severity
    required: tuple[str, ...] | None = None
    reason: str = body()


@event("kind_changed")
@dataclass(frozen=True, slots=True)
class KindChanged(Payload):
    before: Kind
    after: Kind
    reason: str = body()


@event("milestone_marked")
@dataclass(frozen=True, slots=True)
class MilestoneMarked(Payload):
    """A person, a plan step or an answer sets a milestone; the event's occurred_at is its value. how: mark | step | answer."""

    milestone: str
    how: str = "mark"
    reason: str = body()


@event("channel_made")
@dataclass(frozen=True, slots=True)
class ChannelMade(Payload):
    """adopted: it was there already under our name and intent (after a crash); marked: its purpose says whose it is, False where
    Slack did not take that yet."""

    channel: str
    name: str
    adopted: bool = False
    marked: bool = True
