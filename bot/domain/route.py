"""What an alert means here: `routes.yaml` as values, and the answer for one alert.

The first route that matches decides. One that says `continue` sets what it names and lets the next that match set the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.alert import Alert
from bot.domain.matcher import Matcher
from bot.domain.terms import HOUR, Kind, Micros, Severity

SEVERITIES: Mapping[str, Severity] = {
    "critical": Severity.SEV2,
    "page": Severity.SEV2,
    "error": Severity.SEV3,
    "warning": Severity.SEV3,
    "info": Severity.SEV4,
}
"""What a source's word for severity means if no route says otherwise."""

NOT_GIVEN = Severity.SEV3
REOPEN_WITHIN = 24 * HOUR
STALE_AFTER = 9 * HOUR
LONGEST_TITLE = 150


class Do(StrEnum):
    """What a firing alert brings: an incident, only a record, or an incident and a page."""

    OPEN = "open"
    RECORD = "record"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Route:
    """One route. What is None, "" or empty is not said. severity: the source's word in lower case → ours.

    group_by: labels whose values make the group, instead of the source's own group; triage: open as *triage*.
    """

    match: tuple[Matcher, ...] = ()
    source: str = ""
    service: str = ""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()
    do: Do | None = None
    triage: bool | None = None
    reopen_within: Micros | None = None
    stale_after: Micros | None = None
    go_on: bool = False
    line: int = 0

    def meets(self, alert: Alert) -> bool:
        """Whether the alert is one of those that the route speaks of."""
        if self.source and self.source != alert.source:
            return False
        return all(matcher.holds(alert.labels) for matcher in self.match)


@dataclass(slots=True)
class Routed:
    """What an alert means here; not frozen for the reason that Alert is not.

    line: of the first route that matched, 0 = none did (the defaults).
    """

    severity: Severity
    severity_given: bool
    service: str
    do: Do
    title: str
    group_key: str
    triage: bool = False
    reopen_within: Micros = REOPEN_WITHIN
    stale_after: Micros = STALE_AFTER
    line: int = 0


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes, in order."""

    routes: tuple[Route, ...] = ()

    def route(self, alert: Alert) -> Routed:
        """What this alert means here."""
        said = _together(self._that_meet(alert)) if self.routes else UNROUTED
        severity = said.severity.get(alert.severity.lower())
        return Routed(  # in the order of its fields, see Alert
            severity or NOT_GIVEN,
            severity is not None,
            said.service or alert.service,
            said.do or Do.OPEN,
            _one_line(alert.title or alert.fingerprint),
            _group(alert, said.group_by),
            bool(said.triage),
            REOPEN_WITHIN if said.reopen_within is None else said.reopen_within,
            STALE_AFTER if said.stale_after is None else said.stale_after,
            said.line,
        )

    def _that_meet(self, alert: Alert) -> list[Route]:
        found: list[Route] = []
        for route in self.routes:
            if route.meets(alert):
                found.append(route)
                if not route.go_on:
                    break
        return found


UNROUTED = Route(severity=SEVERITIES)


def _together(routes: list[Route]) -> Route:
    """One route that says what the first of them says, else the next, else the defaults."""
    if not routes:
        return UNROUTED
    severity = dict(SEVERITIES)
    for route in reversed(routes):
        severity.update(route.severity)
    return Route(
        service=next((r.service for r in routes if r.service), ""),
        severity=severity,
        group_by=next((r.group_by for r in routes if r.group_by), ()),
        do=next((r.do for r in routes if r.do), None),
        triage=next((r.triage for r in routes if r.triage is not None), None),
        reopen_within=next((r.reopen_within for r in routes if r.reopen_within is not None), None),
        stale_after=next((r.stale_after for r in routes if r.stale_after is not None), None),
        line=routes[0].line,
    )


def _group(alert: Alert, labels: tuple[str, ...]) -> str:
    """Drills are grouped as alerts of their labels are, and each stays by itself: else a second one would join the first, or one of
    yesterday be opened again."""
    if not labels:
        return alert.group_key or alert.fingerprint
    together = ", ".join(f'{label}="{alert.labels.get(label, "")}"' for label in labels)
    return f'{together}, drill="{alert.fingerprint}"' if alert.kind is Kind.DRILL else together


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"
