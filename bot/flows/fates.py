"""What the alerts of one request mean for incidents: one event per incident and decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.alert import Alert, Decision
from bot.domain.events import Draft, PageSent, StatusChanged
from bot.domain.ingest import Verdict, raised, together
from bot.domain.organisation import Organisation
from bot.domain.route import Routed
from bot.domain.state import Incident
from bot.domain.terms import Status
from bot.ports import Cause
from storage.alerts import Group
from storage.tx import SqlTx

ARRIVED = (Decision.OPEN, Decision.STORM)


@dataclass
class Fate:
    """Alerts of one request that meet the same decision in one incident. groups: those that are new to it."""

    taken: list[tuple[Alert, Verdict]] = field(default_factory=list)
    routed: list[Routed] = field(default_factory=list)
    groups: int = 0
    truncated: int = 0


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

    def left_out(self, group: Group, alert: Alert, routed: Routed, verdict: Verdict) -> None:
        """Count the alerts that the source left out of the group: the change since it last spoke of it."""
        change = alert.truncated - group.truncated
        number = group.row.incident
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

    def drafts(self, incident: Incident, organisation: Organisation, tx: SqlTx) -> Iterator[Draft]:
        """The events of one incident."""
        fates = self._fates[incident.number]
        if Decision.REOPEN in fates:
            yield Draft(StatusChanged(incident.status, Status.INVESTIGATING))
        for decision, fate in fates.items():
            yield together(decision, fate.taken, fate.groups, fate.truncated, tx.now)
            if decision is Decision.WORSE:
                worst = min(fate.routed, key=lambda routed: routed.severity.rank)
                yield from raised(incident, worst, organisation.grade(worst.severity).roles)
            yield from _pages(fate, organisation, tx)

    def _fate(self, number: int, decision: Decision) -> Fate:
        fates = self._fates.setdefault(number, {})
        if decision is Decision.ATTACH and number in self.opened:
            decision = next((arrived for arrived in ARRIVED if arrived in fates), decision)
        return fates.setdefault(decision, Fate())


def _pages(fate: Fate, organisation: Organisation, tx: SqlTx) -> Iterator[Draft]:
    """What should have had a channel of its own and got none: its people are called all the same."""
    services = dict.fromkeys(routed.service for routed, (_, v) in zip(fate.routed, fate.taken) if v.page)
    people: Sequence[str] = [person for service in services for person in organisation.on_call(service)[:1]]
    for person in dict.fromkeys(people):
        yield Draft(PageSent(tx.ids.new(), person, "incident"))
