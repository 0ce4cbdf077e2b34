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
from bot.flows.calling import refused
from bot.flows.fates import Fates
from bot.flows.window import StormWindow
from bot.ports import Cause, Effect, Json
from storage import alerts
from storage.alerts import Group, Key, Memory
from storage.tx import SqlTx

Follow: TypeAlias = Callable[[Incident, Sequence[Event]], Sequence[Effect]]
"""What must happen outside: the incident as it is now, and its events of this transaction (bot/flows/consequences.py)."""


class Item:
    """An alert of a request, what it means here, and under which keys the store remembers it and the group it names."""

    __slots__ = ("alert", "group", "key", "routed")

    def __init__(self, alert: Alert, routed: Routed) -> None:
        kind = alert.kind.value
        self.alert = alert
        self.routed = routed
        self.key: Key = (alert.source, kind, alert.fingerprint)
        self.group: Key = (alert.source, kind, routed.group_key)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a sender; raw_sha: sha256 of its body."""

    items: Sequence[Item]
    raw_sha: str
    cause: Cause


async def take_in(
    tx: SqlTx, requests: Sequence[Request], organisation: Organisation, follow: Follow
) -> list[list[Json]]:
    """Store the requests, one after another; for each what became of its alerts."""
    items = [item for request in requests for item in request.items]
    memory = await alerts.remember(tx, (item.group for item in items), [item.key for item in items])
    intake = Intake(tx, organisation, memory)
    await intake.lock(items)
    answers = [await intake.take(request) for request in requests]
    await intake.finish(follow)
    return answers


@dataclass
class Intake:
    """The work on one batch."""

    tx: SqlTx
    organisation: Organisation
    memory: Memory
    window: StormWindow = field(init=False)
    events: dict[int, list[Event]] = field(default_factory=dict)
    _causes: dict[str, int] = field(default_factory=dict)
    _chains: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.window = StormWindow(self.tx, self.organisation.storm)

    async def lock(self, items: Sequence[Item]) -> None:
        """Lock the incidents that may change, in their order."""
        news = [item for item in items if self._is_news(item)]
        if not news:
            return
        numbers = {group.row.incident for item in news for group in self._groups(item)}
        needs = {need for item in news for need in self._needs(item.routed.service)}
        self._causes = await alerts.causes(self.tx, sorted(needs))
        numbers |= {await alerts.storm_incident(self.tx, Kind.REAL), *self._causes.values()}
        await self.tx.journal.lock_all([number for number in numbers if number is not None])

    def _is_news(self, item: Item) -> bool:
        """It may change more than a counter. An alert that is wrongly taken for news is only slower."""
        known, alert = self.memory.alerts.get(item.key), item.alert
        if known is None or known.status is not alert.status or alert.starts_at is None:
            return True
        group = self.memory.groups.get(item.group)
        return alert.starts_at > known.starts_at or group is None or group.truncated != alert.truncated

    def _needs(self, service: str) -> tuple[str, ...]:
        """Services whose fault would be this one's, the nearest first."""
        found = self._chains.get(service)
        if found is None:
            found = self._chains[service] = self.organisation.services.causes(service) if service else ()
        return found

    async def take(self, request: Request) -> list[Json]:
        """Store one request; what became of its alerts."""
        fates = Fates(request.cause, request.raw_sha)
        answers = [await self._item(fates, item) for item in request.items]
        for number in fates.numbers():
            incident = self.tx.journal.states[number]
            await self._append(number, fates.drafts(incident, self.organisation, self.tx.now), request.cause)
            if services := fates.refused(number):
                called = await refused(self.tx, self.organisation, self.tx.journal.states[number], services)
                await self._append(number, called, request.cause)
            await self._append(number, all_clear(self.tx.journal.states[number]), request.cause)
        return answers

    async def _append(self, number: int, drafts: Iterable[Draft], cause: Cause) -> None:
        decided = list(drafts)
        if decided:
            self.events.setdefault(number, []).extend(await self.tx.append(stream_of(number), decided, cause))

    async def _item(self, fates: Fates, item: Item) -> Json:
        alert, routed = item.alert, item.routed
        named, group = self._groups(item)
        verdict = await self._decide(item, group)
        number = await self._place(fates, alert, routed, verdict)
        self._keep(fates, item, group, verdict, number)
        new_group = number is not None and verdict.fired > 0 and group.row.incident != number
        if new_group and number is not None:
            group.move(number)
        fates.add(alert, routed, verdict, number, new_group)
        fates.left_out(named, alert, routed, verdict)
        return {
            "fingerprint": alert.fingerprint,
            "status": alert.status.value,
            "decision": verdict.decision.value,
            "incident": number,
            "why": verdict.reason,
        }

    def _groups(self, item: Item) -> tuple[Group, Group]:
        """The group that the request names, and the one that the alert belongs to.

        They differ if the source sends one alert in several groups (Alertmanager with several receivers): what goes on or ends
        does so where it began.
        """
        named, alert = self.memory.group(item.group), item.alert
        known = self.memory.alerts.get(item.key)
        if known is None or known.group_key == named.row.group_key:
            return named, named
        same = alert.starts_at is None or alert.starts_at <= known.starts_at
        if same or alert.status is AlertStatus.RESOLVED or known.status is AlertStatus.FIRING:
            return named, self.memory.group((item.key[0], item.key[1], known.group_key))
        return named, named

    async def _decide(self, item: Item, group: Group) -> Verdict:
        service = item.routed.service
        known = Known(
            alert=self.memory.alerts.get(item.key),
            group=group.row,
            incident=self._incident(group.row.incident),
            cause=self._cause(service),
            tier1=self.organisation.services.tier(service) == 1,
        )
        if self._may_open(item, known):
            await self.window.lock()
        return decide(item.alert, item.routed, known, self.window.now(), self.window.limits, self.tx.now)

    def _may_open(self, item: Item, known: Known) -> bool:
        if known.incident is not None and known.incident.status.open:
            return False
        return item.alert.kind is Kind.REAL and item.routed.do is not Do.RECORD and self._is_news(item)

    def _incident(self, number: int | None) -> Incident | None:
        return None if number is None else self.tx.journal.states.get(number)

    def _cause(self, service: str) -> int | None:
        """The open incident of the nearest service that this one depends on."""
        for need in self._needs(service):
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
            self.window.began(number)
            return number
        return verdict.incident

    async def _open(self, fates: Fates, alert: Alert, routed: Routed, reason: str) -> int:
        if alert.kind is Kind.REAL:
            self.window.opened(urgent=reason == "urgent", storm=reason.endswith("_cap"))
        number = await self.tx.next_number()
        roles = self.organisation.grade(routed.severity).roles
        name = channel_name(number, routed.title)
        await self._append(number, [opening(number, alert, routed, reason, name, roles)], fates.cause)
        fates.opened.add(number)
        if routed.service and alert.kind is Kind.REAL:
            self._causes.setdefault(routed.service, number)
        return number

    def _keep(self, fates: Fates, item: Item, group: Group, verdict: Verdict, number: int | None) -> None:
        """The rows of the alert and its group."""
        if verdict.decision is Decision.REPEAT:
            self.memory.repeat(item.key)
            return
        if verdict.fired and item.key in self.memory.alerts and group.row.incident == number:
            group.flap()
        self.memory.put(item.key, item.alert, group.row.group_key, verdict.starts_at, fates.raw_sha)

    async def finish(self, follow: Follow) -> None:
        """Write what was decided, and enqueue what follows from it."""
        await self.window.write()
        effects = [effect for number in sorted(self.events) for effect in self._effects(number, follow)]
        await self.tx.enqueue(effects)
        await self.memory.write(self.tx)

    def _effects(self, number: int, follow: Follow) -> Sequence[Effect]:
        return follow(self.tx.journal.states[number], self.events[number])
