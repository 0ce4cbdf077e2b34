"""What a batch of alert requests does to the database, in one transaction: decisions, events, what follows from them.

Awaits nothing but statements (it runs in the database's own thread on SQLite). Locks, always in this order: groups sorted →
incidents ascending → storm window → number → lanes. Repeats are folded: an alert that says nothing new costs one counted row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.domain.alert import Alert, AlertStatus, Decision
from bot.domain.events import Draft, Event
from bot.domain.ingest import Known, Verdict, all_clear, decide, opening
from bot.domain.naming import channel_name
from bot.domain.organisation import Organisation
from bot.domain.route import Do, Routed
from bot.domain.state import Incident
from bot.domain.terms import Kind, stream_of
from bot.flows.fates import Fates
from bot.flows.window import StormWindow
from bot.ports import Cause, Effect, Json
from storage import alerts
from storage.alerts import Group, Key, Memory
from storage.tx import SqlTx

Follow: TypeAlias = Callable[[Incident, Sequence[Event]], Sequence[Effect]]
"""What must happen outside: the incident as it is now, and its events of this transaction (bot/flows/consequences.py)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a sender: its alerts, each with what it means here; raw_sha: sha256 of its body."""

    alerts: Sequence[tuple[Alert, Routed]]
    raw_sha: str
    cause: Cause


async def take_in(
    tx: SqlTx, requests: Sequence[Request], organisation: Organisation, follow: Follow
) -> list[list[Json]]:
    """Store the requests, one after another; for each what became of its alerts."""
    intake = Intake(tx, organisation, await _remember(tx, requests))
    await intake.lock(requests)
    answers = [await intake.take(request) for request in requests]
    await intake.finish(follow)
    return answers


async def _remember(tx: SqlTx, requests: Sequence[Request]) -> Memory:
    pairs = [pair for request in requests for pair in request.alerts]
    return await alerts.remember(tx, (group_key(a, r) for a, r in pairs), [alert_key(a) for a, _ in pairs])


def alert_key(alert: Alert) -> Key:
    return (alert.source, alert.kind.value, alert.fingerprint)


def group_key(alert: Alert, routed: Routed) -> Key:
    return (alert.source, alert.kind.value, routed.group_key)


@dataclass
class Intake:
    """The work on one batch."""

    tx: SqlTx
    organisation: Organisation
    memory: Memory
    window: StormWindow = field(init=False)
    events: dict[int, list[Event]] = field(default_factory=dict)
    _causes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.window = StormWindow(self.tx, self.organisation.storm)

    async def lock(self, requests: Sequence[Request]) -> None:
        """Lock the incidents that may change, in their order."""
        news = [pair for request in requests for pair in request.alerts if self._is_news(*pair)]
        if not news:
            return
        numbers = {group.row.incident for a, r in news for group in self._groups(a, r)}
        services = {s for _, r in news if r.service for s in self.organisation.services.causes(r.service)}
        self._causes = await alerts.causes(self.tx, sorted(services))
        numbers |= {await alerts.storm_incident(self.tx, Kind.REAL), *self._causes.values()}
        await self.tx.journal.lock_all([number for number in numbers if number is not None])

    def _is_news(self, alert: Alert, routed: Routed) -> bool:
        """It may change more than a counter. An alert that is wrongly taken for news is only slower."""
        known = self.memory.alerts.get(alert_key(alert))
        if known is None or known.status is not alert.status or alert.starts_at is None:
            return True
        group = self.memory.groups.get(group_key(alert, routed))
        return alert.starts_at > known.starts_at or group is None or group.truncated != alert.truncated

    async def take(self, request: Request) -> list[Json]:
        """Store one request; what became of its alerts."""
        fates = Fates(request.cause, request.raw_sha)
        answers = [await self._alert(fates, alert, routed) for alert, routed in request.alerts]
        for number in fates.numbers():
            incident = self.tx.journal.states[number]
            await self._append(number, fates.drafts(incident, self.organisation, self.tx), request.cause)
            await self._append(number, all_clear(self.tx.journal.states[number]), request.cause)
        return answers

    async def _append(self, number: int, drafts: Iterable[Draft], cause: Cause) -> None:
        decided = list(drafts)
        if decided:
            self.events.setdefault(number, []).extend(await self.tx.append(stream_of(number), decided, cause))

    async def _alert(self, fates: Fates, alert: Alert, routed: Routed) -> Json:
        named, group = self._groups(alert, routed)
        verdict = await self._decide(alert, routed, group)
        number = await self._place(fates, alert, routed, verdict)
        self._keep(fates, alert, group, verdict, number)
        new_group = number is not None and verdict.fired > 0 and group.row.incident != number
        if new_group and number is not None:
            self.memory.move(group, number)
        fates.add(alert, routed, verdict, number, new_group)
        fates.left_out(named, alert, routed, verdict)
        return {
            "fingerprint": alert.fingerprint,
            "status": alert.status.value,
            "decision": verdict.decision.value,
            "incident": number,
            "why": verdict.reason,
        }

    def _groups(self, alert: Alert, routed: Routed) -> tuple[Group, Group]:
        """The group that the request names, and the one that the alert belongs to.

        They differ if the source sends one alert in several groups (Alertmanager with several receivers): what goes on or ends
        does so where it began.
        """
        named = self.memory.group(group_key(alert, routed))
        known = self.memory.alerts.get(alert_key(alert))
        if known is None or known.group_key == routed.group_key:
            return named, named
        same = alert.starts_at is None or alert.starts_at <= known.starts_at
        if same or AlertStatus.RESOLVED is alert.status or known.status is AlertStatus.FIRING:
            return named, self.memory.group((known.source, known.kind.value, known.group_key))
        return named, named

    async def _decide(self, alert: Alert, routed: Routed, group: Group) -> Verdict:
        known = Known(
            alert=self.memory.alerts.get(alert_key(alert)),
            group=group.row,
            incident=self._incident(group.row.incident),
            cause=self._cause(routed.service),
            tier1=self.organisation.services.tier(routed.service) == 1,
        )
        window = await self.window.now(self._may_open(alert, routed, known))
        return decide(alert, routed, known, window, self.window.limits, self.tx.now)

    def _may_open(self, alert: Alert, routed: Routed, known: Known) -> bool:
        if known.incident is not None and known.incident.status.open:
            return False
        return alert.kind is Kind.REAL and routed.do is not Do.RECORD and self._is_news(alert, routed)

    def _incident(self, number: int | None) -> Incident | None:
        return None if number is None else self.tx.journal.states.get(number)

    def _cause(self, service: str) -> int | None:
        """The open incident of the nearest service that this one depends on."""
        for need in self.organisation.services.causes(service) if service else ():
            found = self._incident(self._causes.get(need))
            if found is not None and found.status.open:
                return found.number
        return None

    async def _place(self, fates: Fates, alert: Alert, routed: Routed, verdict: Verdict) -> int | None:
        """The incident that the alert goes to, opened if need be."""
        if verdict.decision is Decision.OPEN:
            return await self._open(fates, alert, routed, verdict.reason)
        if verdict.decision is Decision.STORM and verdict.incident is None:
            storm = replace(routed, title="Alert storm", service="", triage=False)
            number = await self._open(fates, alert, storm, verdict.reason)
            await self.window.began(number)
            return number
        return verdict.incident

    async def _open(self, fates: Fates, alert: Alert, routed: Routed, reason: str) -> int:
        if alert.kind is Kind.REAL:
            await self.window.opened(urgent=reason == "urgent", storm=reason.endswith("_cap"))
        number = await self.tx.next_number()
        roles = self.organisation.grade(routed.severity).roles
        name = channel_name(number, routed.title)
        await self._append(number, [opening(number, alert, routed, reason, name, roles)], fates.cause)
        fates.opened.add(number)
        if routed.service and alert.kind is Kind.REAL:
            self._causes.setdefault(routed.service, number)
        return number

    def _keep(self, fates: Fates, alert: Alert, group: Group, verdict: Verdict, number: int | None) -> None:
        """The rows of the alert and its group."""
        key = alert_key(alert)
        if verdict.decision is Decision.REPEAT:
            self.memory.repeat(key)
            return
        again = verdict.fired > 0 and key in self.memory.alerts and group.row.incident == number
        if again:
            self.memory.flap(group)
        self.memory.put(key, alert, group.row.group_key, verdict.starts_at, fates.raw_sha)

    async def finish(self, follow: Follow) -> None:
        """Write what was decided, and enqueue what follows from it."""
        await self.window.write()
        effects = [effect for number in sorted(self.events) for effect in self._effects(number, follow)]
        await self.tx.enqueue(effects)
        await self.memory.write(self.tx)

    def _effects(self, number: int, follow: Follow) -> Sequence[Effect]:
        return follow(self.tx.journal.states[number], self.events[number])
