"""An alert as every source gives it, and the row that remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.terms import Kind, Micros


class AlertStatus(StrEnum):
    """Per alert; the status on top of a webhook is never believed."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class KnownAlert:
    """What the store remembers of an alert (source, fingerprint, kind): its present episode."""

    source: str
    fingerprint: str
    kind: Kind
    status: AlertStatus
    starts_at: Micros
    ends_at: Micros | None
    group_key: str
    count: int


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Which incident a group of alerts belongs to; storm, merge and split only move these rows."""

    source: str
    group_key: str
    kind: Kind
    incident: int | None
    since: Micros
    last_seen: Micros
    flaps: int = 0
    truncated: int = 0  # alerts that the source has and left out the last time


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
