"""What becomes of an alert: one named decision with its reason, from what is known. Counted, logged, one table of tests.

The alert's own status counts, never the one on top of a request. An episode is (source, fingerprint, kind, starts_at): the
same status of the same episode is a repeat, however often it is sent. Nothing here ends an incident: people do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.alert import FIRING, RESOLVED, Alert, AlertGroup, Decision, KnownAlert
from bot.domain.events import AlertsChanged, AllClear, Draft, Opened, SeverityChanged
from bot.domain.organisation import Storm
from bot.domain.route import Do, Routed
from bot.domain.state import MOST_SERVICES, Incident, is_person
from bot.domain.terms import MINUTE, Kind, Micros, Milestone, Severity, Status

AGAIN = "again"
"""Why an alert is a repeat whose episode and status are known already."""
MOST_FINGERPRINTS = 100
"""So many alerts are named in one event; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Window:
    """The storm window now: channels opened within it, urgent ones apart; storm: the open storm incident, None = none yet."""

    opened: int = 0
    urgent: int = 0
    storm: int | None = None


@dataclass(slots=True)
class Known:
    """What the store knows of an alert before it.

    alert: its last episode; group: of its routed group key; incident: the group's, None if it has none; cause: an open
    incident of a service that this one depends on; tier1: its service may never wait.
    """

    alert: KnownAlert | None = None
    group: AlertGroup | None = None
    incident: Incident | None = None
    cause: int | None = None
    tier1: bool = False


@dataclass(slots=True)
class Verdict:
    """What becomes of an alert. incident: where it goes, None = a new one (or nowhere, for a record or a repeat).

    starts_at: of the episode (ours to choose if the source says nothing); fired, cleared: what it changes in the count of
    the incident's alerts; page: its channel was refused by the storm cap, so people are called all the same.
    """

    decision: Decision
    reason: str
    incident: int | None
    starts_at: Micros
    fired: int = 0
    cleared: int = 0
    page: bool = False


_CLOCKS_DIFFER: Micros = 5 * MINUTE


def decide(alert: Alert, routed: Routed, known: Known, window: Window, storm: Storm, now: Micros) -> Verdict:
    """What becomes of an alert."""
    before = known.alert
    starts = _starts(alert, before, now)
    if before is not None and starts <= before.starts_at:
        return _same_episode(alert, before, known, starts)
    if alert.status is RESOLVED:
        return _ended_unseen(before, known, starts)
    if routed.do is Do.RECORD:
        return Verdict(Decision.RECORD_ONLY, "route", None, starts)
    if known.incident is not None:
        verdict = _in_its_incident(routed, known.incident, before, starts, now)
        if verdict is not None:
            return verdict
    return _new(alert, routed, known, window, storm, starts)


def _starts(alert: Alert, before: KnownAlert | None, now: Micros) -> Micros:
    """A source without start times, or whose clock is wrong: the open episode's, else now. Nothing has begun in the future; who
    believed that would hear of nothing that begins before it."""
    if alert.starts_at is not None and alert.starts_at <= now + _CLOCKS_DIFFER:
        return alert.starts_at
    open_episode = before is not None and (before.status is FIRING or alert.status is RESOLVED)
    return before.starts_at if before is not None and open_episode else now


def _same_episode(alert: Alert, before: KnownAlert, known: Known, starts: Micros) -> Verdict:
    where = known.group.incident if known.group else None
    if starts < before.starts_at:
        return Verdict(Decision.REPEAT, "older_episode", where, before.starts_at)
    if alert.status is before.status:
        return Verdict(Decision.REPEAT, AGAIN, where, starts)
    if alert.status is FIRING:
        return Verdict(Decision.REPEAT, "late_firing", where, starts)
    return Verdict(Decision.RESOLVE, "clears", where, starts, cleared=1)


def _ended_unseen(before: KnownAlert | None, known: Known, starts: Micros) -> Verdict:
    """A newer episode is over that we never saw firing: the one that we did see is over as well."""
    if before is not None and before.status is FIRING:
        return Verdict(
            Decision.RESOLVE, "clears_newer", known.group.incident if known.group else None, starts, cleared=1
        )
    return Verdict(Decision.RECORD_ONLY, "resolved_before_firing", None, starts)


def _in_its_incident(
    routed: Routed, incident: Incident, before: KnownAlert | None, starts: Micros, now: Micros
) -> Verdict | None:
    """The group has an incident: it joins, or opens it again; None if that one is too long over."""
    cleared = 1 if before is not None and before.status is FIRING else 0
    if incident.status.open:
        worse = routed.severity_given and routed.severity.worse_than(incident.severity)
        decision, reason = (Decision.WORSE, "worse_severity") if worse else (Decision.ATTACH, "same_group")
        return Verdict(decision, reason, incident.number, starts, 1, cleared)
    if incident.status is Status.MERGED or incident.archived or now - _ended_at(incident) > routed.reopen_within:
        return None
    return Verdict(Decision.REOPEN, "fires_again", incident.number, starts, 1, cleared)


def _ended_at(incident: Incident) -> Micros:
    resolved = incident.mark(Milestone.RESOLVED)
    return incident.statuses[-1].start if resolved is None else resolved


def _new(alert: Alert, routed: Routed, known: Known, window: Window, storm: Storm, starts: Micros) -> Verdict:
    """It belongs to no incident yet. Drills and tests take no place in a storm."""
    if alert.kind is not Kind.REAL:
        return Verdict(Decision.OPEN, "not_real", None, starts, 1)
    if is_urgent(routed, known):
        if window.urgent < storm.urgent:
            return Verdict(Decision.OPEN, "urgent", None, starts, 1)
        return Verdict(Decision.STORM, "urgent_cap", window.storm, starts, 1, page=True)
    if known.cause is not None:
        return Verdict(Decision.SYMPTOM, "depends_on", known.cause, starts, 1)
    if window.opened < storm.channels:
        return Verdict(Decision.OPEN, "new_group", None, starts, 1)
    return Verdict(Decision.STORM, "channel_cap", window.storm, starts, 1)


def is_urgent(routed: Routed, known: Known) -> bool:
    """Never waits for a channel behind others."""
    return known.tier1 or (routed.severity_given and routed.severity is Severity.SEV1)


def opening(number: int, alert: Alert, routed: Routed, reason: str, name: str, required: tuple[str, ...]) -> Draft:
    """The first event of an incident that an alert opens. name: of its channel; required: roles of its severity."""
    status = Status.TRIAGE if routed.triage else Status.INVESTIGATING
    return Draft(
        Opened(
            number=number,
            kind=alert.kind,
            severity=routed.severity,
            status=status,
            service=routed.service,
            via="alert",
            severity_given=routed.severity_given,
            rule=reason,
            name=name,
            required=required,
            title=routed.title,
        )
    )


def together(
    decision: Decision,
    taken: Sequence[tuple[Alert, Verdict]],
    groups: int,
    truncated: int,
    now: Micros,
    named: str = "",
) -> Draft:
    """One event for all alerts of one request that meet the same fate in one incident.

    groups: how many of their groups are new to it; truncated: change in the number of alerts that the source left out;
    named: see AlertsChanged.
    """
    starts = [verdict.starts_at for _, verdict in taken if verdict.fired]
    services = dict.fromkeys([alert.service for alert, _ in taken])
    services.pop("", None)
    return Draft(
        AlertsChanged(
            decision=decision.value,
            source=taken[0][0].source,
            fired=sum([verdict.fired for _, verdict in taken]),
            cleared=sum([verdict.cleared for _, verdict in taken]),
            last_at=max([_last(alert, verdict, now) for alert, verdict in taken]),
            first_at=min(starts, default=None),
            groups=groups,
            services=tuple(services)[:MOST_SERVICES],
            truncated=truncated,
            fingerprints=tuple([alert.fingerprint for alert, _ in taken[:MOST_FINGERPRINTS]]),
            named=named,
        )
    )


def _last(alert: Alert, verdict: Verdict, now: Micros) -> Micros:
    """When it began or ended; an end that is not said, or lies ahead of us, is now."""
    if alert.status is FIRING:
        return verdict.starts_at
    return now if alert.ends_at is None else min(alert.ends_at, now)


def raised(incident: Incident, routed: Routed, required: tuple[str, ...]) -> tuple[Draft, ...]:
    """What is worse raises the severity (actor: the alert), unless a person has said how bad it is."""
    if is_person(incident.severities[-1].by) or not routed.severity.worse_than(incident.severity):
        return ()
    return (Draft(SeverityChanged(incident.severity, routed.severity, required)),)


def all_clear(incident: Incident) -> tuple[Draft, ...]:
    """Nothing fires any more and nothing was left out: people are asked, once. () otherwise."""
    alerts = incident.alerts
    quiet = alerts.total and not alerts.firing and not alerts.truncated and alerts.clear_since is None
    if not quiet or not incident.status.open or alerts.last_at is None:
        return ()
    if incident.watched_until is not None:  # people are asked when that is over
        return ()
    return (Draft(AllClear(alerts.last_at)),)


def stale(incident: Incident, source: str, last_seen: Micros, stale_after: Micros, now: Micros) -> tuple[Draft, ...]:
    """Alerts fire on and nothing was heard of them for long: people are asked, nothing is closed. () otherwise."""
    if not incident.status.open or not incident.alerts.firing or now - last_seen < stale_after:
        return ()
    return (Draft(AlertsChanged(Decision.STALE.value, source, 0, 0, last_seen)),)
