"""What the alerts of one request mean for incidents: one event per incident and decision."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.domain.alert import Alert, AlertGroup, Decision
from bot.domain.events import Draft, StatusChanged
from bot.domain.ingest import Verdict, raised, together
from bot.domain.joined import Joined, written
from bot.domain.organisation import Organisation
from bot.domain.route import Routed
from bot.domain.state import Incident
from bot.domain.terms import Micros, Status
from bot.ports import Cause

ARRIVED = (Decision.OPEN, Decision.STORM)
WORSEN = (Decision.WORSE, Decision.STORM)
"""What may raise the severity of an incident that is there."""


@dataclass
class Fate:
    """Alerts of one request that meet the same decision in one incident. groups: those that are new to it."""

    taken: list[tuple[Alert, Verdict]] = field(default_factory=list)
    routed: list[Routed] = field(default_factory=list)
    groups: int = 0
    truncated: int = 0

    def joined(self) -> str:
        """What people read of it in a storm incident."""
        fired = ((a, v, r) for (a, v), r in zip(self.taken, self.routed) if v.fired)
        return written(Joined(v.page, r.severity, r.service, r.title) for _, v, r in fired)


@dataclass
class Fates:
    """One request's. opened: incidents that it opened; raw_sha: sha256 of its body."""

    cause: Cause
    raw_sha: str
    opened: set[int] = field(default_factory=set)
    _fates: dict[int, dict[Decision, Fate]] = field(default_factory=dict)

    def add(self, alert: Alert, routed: Routed, verdict: Verdict, number: int | None, new_group: bool) -> None:
        """Count an alert."""
        if number is not None and verdict.decision is not Decision.REPEAT:
            fate = self._fate(number, verdict.decision)
            fate.taken.append((alert, verdict))
            fate.routed.append(routed)
            fate.groups += new_group

    def left_out(self, group: AlertGroup, alert: Alert, routed: Routed, verdict: Verdict) -> None:
        """Count the alerts that the source left out of the group: the change since it last spoke of it."""
        change = alert.truncated - group.truncated
        number = group.incident
        if not change:
            return
        group.truncated = alert.truncated
        if number is None:
            return
        fates = self._fates.get(number)
        fate = next(iter(fates.values())) if fates else self._fate(number, Decision.ATTACH)
        if not fate.taken:  # the alert itself may be counted in another incident
            fate.taken.append((alert, replace(verdict, fired=0, cleared=0)))
            fate.routed.append(routed)
        fate.truncated += change

    def numbers(self) -> list[int]:
        """Incidents that change, ascending."""
        return sorted(self._fates)

    def drafts(self, incident: Incident, organisation: Organisation, now: Micros) -> Iterator[Draft]:
        """The events of one incident. What began goes before what is over: more may end in one request than fired."""
        fates = self._fates[incident.number]
        if Decision.REOPEN in fates:
            yield Draft(StatusChanged(incident.status, Status.INVESTIGATING))
        for decision, fate in sorted(fates.items(), key=lambda one: one[0] is Decision.RESOLVE):
            named = fate.joined() if incident.storm else ""
            yield together(decision, fate.taken, fate.groups, fate.truncated, now, named)
        worse = [r for name in WORSEN if name in fates for r in fates[name].routed if r.severity_given]
        if worse:
            worst = min(worse, key=lambda routed: routed.severity.rank)
            yield from raised(incident, worst, organisation.grade(worst.severity).roles)

    def refused(self, number: int) -> tuple[str, ...]:
        """Services that should have had a channel of their own and got none: their people are called all the same."""
        fates = self._fates[number].values()
        return tuple(dict.fromkeys(r.service for fate in fates for r, (_, v) in zip(fate.routed, fate.taken) if v.page))

    def _fate(self, number: int, decision: Decision) -> Fate:
        fates = self._fates.setdefault(number, {})
        if decision is Decision.ATTACH and number in self.opened:
            decision = next((arrived for arrived in ARRIVED if arrived in fates), decision)
        fate = fates.get(decision)
        if fate is None:
            fate = fates[decision] = Fate()
        return fate
