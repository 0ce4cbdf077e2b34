"""An alert as every source gives it, and what is remembered of it and of its group.

Nobody changes an alert. It is not frozen all the same: a frozen one takes several times as long to make, and a storm makes tens of
thousands per second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.terms import Kind, Micros


class AlertStatus(StrEnum):
    """Per alert; the status on top of a webhook is never believed."""

    FIRING = "firing"
    RESOLVED = "resolved"


FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED
"""By these names they are found at once; through their class it takes as long as all else that is done with them."""


@dataclass(slots=True)
class Alert:
    """One alert of a request, in Tocsin's own words.

    fingerprint: the source's own identity of the alert; starts_at, ends_at: µs UTC, None where the source says nothing;
    group_key: what the source groups by, "" if it does not; severity, service: as the source says, "" if not;
    truncated: alerts of the same group that the source left out; raw_ref: sha256 of the request's body.
    """

    source: str
    fingerprint: str
    status: AlertStatus
    starts_at: Micros | None
    ends_at: Micros | None = None
    group_key: str = ""
    severity: str = ""
    service: str = ""
    title: str = ""
    summary: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.REAL
    truncated: int = 0
    raw_ref: str = ""


@dataclass(slots=True)
class KnownAlert:
    """What the store remembers of an alert (source, fingerprint, kind): its present episode."""

    status: AlertStatus
    starts_at: Micros
    group_key: str


@dataclass(slots=True)
class AlertGroup:
    """A group of alerts as a batch of requests changes it. incident: to which it belongs; storm, merge and split only move it.

    since: when it was first heard of; flaps: how often it fired again after it was over; truncated: alerts that the source has
    and left out the last time.
    """

    incident: int | None
    since: Micros
    flaps: int = 0
    truncated: int = 0


class Decision(StrEnum):
    """What becomes of an alert."""

    OPEN = "open"
    ATTACH = "attach"
    WORSE = "worse"
    REPEAT = "repeat"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    SYMPTOM = "symptom"
    STORM = "storm"
    STALE = "stale"
    RECORD_ONLY = "record_only"
