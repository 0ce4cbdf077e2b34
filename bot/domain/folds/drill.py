"""Drills."""

from dataclasses import replace

from bot.domain.drill_state import Drill
from bot.domain.events import ConditionSeen, DrillBegan, DrillFound, DrillInjected, DrillSigned, DrillStopped, Event
from bot.domain.state import Incident


def began(incident: Incident, event: Event, drill: DrillBegan) -> Incident:
    return replace(
        incident,
        drill=Drill(drill.plan, drill.sha, event.occurred_at, drill.by, drill.live, drill.ends_at),
    )


def injected(incident: Incident, event: Event, told: DrillInjected) -> Incident:
    return _with(incident, injected=(*(incident.drill.injected if incident.drill else ()), told.n))


def stopped(incident: Incident, event: Event, stop: DrillStopped) -> Incident:
    return _with(incident, stopped=stop.why)


def condition_seen(incident: Incident, event: Event, seen: ConditionSeen) -> Incident:
    if incident.drill is None or seen.what != "blind":
        return incident
    return _with(incident, blind=(*incident.drill.blind, seen.check))


def found(incident: Incident, event: Event, finding: DrillFound) -> Incident:
    """Nobody has signed a report with it."""
    findings = 1 + (incident.drill.findings if incident.drill else 0)
    return _with(unsigned(incident), findings=findings)


def unsigned(incident: Incident) -> Incident:
    """The report is another one now."""
    return _with(incident, signed_by="", signed_at=None)


def signed(incident: Incident, event: Event, sign: DrillSigned) -> Incident:
    return _with(incident, signed_by=event.actor, signed_at=event.occurred_at)


def _with(incident: Incident, **new: object) -> Incident:
    return incident if incident.drill is None else replace(incident, drill=replace(incident.drill, **new))  # type: ignore[arg-type]
