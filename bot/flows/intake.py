"""What a batch of alert requests does to the database, in one transaction: decisions, events, what follows from them.

Awaits nothing but statements (it runs in the database's own thread on SQLite). Locks, always in this order: groups sorted →
incidents ascending → storm window → number → lanes. Repeats are folded: an alert that says nothing new costs one counted row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.domain.alert import FIRING, RESOLVED, AlertGroup, Decision
from bot.domain.events import Draft, Event
from bot.domain.ingest import AGAIN, Known, Verdict, all_clear, decide, opening
from bot.domain.naming import channel_name
from bot.domain.organisation import Organisation
from bot.domain.route import Do
from bot.domain.state import Incident
from bot.domain.terms import Kind, stream_of
from bot.flows.calling import refused
from bot.flows.fates import Fates
from bot.flows.request import Item, Request, answer
from bot.flows.seen import Body
from bot.flows.window import StormWindow
from bot.ports import Cause, Effect, Json
from storage import alerts
from storage.alerts import Episode, Key, Memory
from storage.tx import SqlTx

REAL = Kind.REAL
OPENING = (Decision.OPEN, Decision.STORM)
Follow: TypeAlias = Callable[[Incident, Sequence[Event]], Sequence[Effect]]
"""What must happen outside: the incident as it is now, and its events of this transaction (bot/flows/consequences.py)."""


async def take_in(
    tx: SqlTx, requests: Sequence[Request | Body], organisation: Organisation, follow: Follow
) -> list[list[Json] | None]:
    """Store the requests, one after another; for each what became of its alerts.

    A body that said nothing new before is counted; None if that cannot be told of it any more. Raises Lost.
    """
    items = [item for request in requests if isinstance(request, Request) for item in request.items]
    groups = {item.group for item in items}.union(*(body.groups for body in requests if isinstance(body, Body)))
    memory = await alerts.remember(tx, groups, [item.key for item in items])
    intake = Intake(tx, organisation, memory)
    await intake.lock(items)
    answers = [await intake.take(one) if isinstance(one, Request) else intake.again(one) for one in requests]
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
        groups = {key for item in news for key in (item.group, self._home(item))}
        numbers = {group.incident for key in groups if (group := self.memory.groups.get(key))}
        needs = {need for service in {item.routed.service for item in news} for need in self._needs(service)}
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

    def _may_open(self, item: Item, incident: Incident | None) -> bool:
        """It may need a place in the storm window. incident: that of its group."""
        if incident is not None and incident.status.open:
            return False
        return item.alert.kind is REAL and item.routed.do is not Do.RECORD and self._is_news(item)

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

    def again(self, body: Body) -> list[Json] | None:
        """Count a body that says nothing new. A group that it completes is something new; that an alert of it is gone is found when
        it is counted (storage.alerts.Lost), since a group is there by now, whatever became of the one that it was in."""
        if any((group := self.memory.groups.get(key)) and group.truncated for key in body.groups):
            return None
        numbers = {key: self.memory.group(key).incident for key in body.groups}
        for said in body.said:
            self.memory.repeated(said.episode)
        return [_repeat(said.episode, numbers[said.group]) for said in body.said]

    async def _append(self, number: int, drafts: Iterable[Draft], cause: Cause) -> None:
        decided = list(drafts)
        if decided:
            self.events.setdefault(number, []).extend(await self.tx.append(stream_of(number), decided, cause))

    async def _item(self, fates: Fates, item: Item) -> Json:
        alert = item.alert
        home = item.home = self._home(item)
        named = self.memory.group(item.group)
        group = named if home is item.group else self.memory.group(home)
        incident = self._incident(group.incident)
        if not self.window.locked and self._may_open(item, incident):
            await self.window.lock()
        verdict = self._decide(item, group, incident)
        number = verdict.incident
        if number is None and verdict.decision in OPENING:
            number = await self._open(fates, item, verdict)
        self._keep(fates, item, home, group, verdict, number)
        new_group = number is not None and verdict.fired > 0 and group.incident != number
        if new_group:
            group.incident = number
        fates.add(alert, item.routed, verdict, number, new_group)
        fates.left_out(named, alert, item.routed, verdict)
        return answer(alert.fingerprint, alert.status, verdict.decision, number, verdict.reason)

    def _home(self, item: Item) -> Key:
        """The group that the alert belongs to: the one that its request names, or where it began.

        They differ if the source sends one alert in several groups (Alertmanager with several receivers): what goes on or ends
        does so where it began.
        """
        known, alert = self.memory.alerts.get(item.key), item.alert
        if known is None or known.group_key == item.group[2]:
            return item.group
        same = alert.starts_at is None or alert.starts_at <= known.starts_at
        if same or alert.status is RESOLVED or known.status is FIRING:
            return (item.key[0], item.key[1], known.group_key)
        return item.group

    def _decide(self, item: Item, group: AlertGroup, incident: Incident | None) -> Verdict:
        service = item.routed.service
        known = Known(
            self.memory.alerts.get(item.key),
            group,
            incident,
            self._cause(service),
            self.organisation.services.tier(service) == 1,
        )
        return decide(item.alert, item.routed, known, self.window.now, self.window.limits, self.tx.now)

    def _incident(self, number: int | None) -> Incident | None:
        return None if number is None else self.tx.journal.states.get(number)

    def _cause(self, service: str) -> int | None:
        """The open incident of the nearest service that this one depends on."""
        for need in self._needs(service):
            found = self._incident(self._causes.get(need))
            if found is not None and found.status.open:
                return found.number
        return None

    async def _open(self, fates: Fates, item: Item, verdict: Verdict) -> int:
        """Open an incident for the alert, or the storm incident that it joins with others."""
        alert, routed, reason = item.alert, item.routed, verdict.reason
        storm = verdict.decision is Decision.STORM
        if storm:
            routed = replace(routed, title="Alert storm", service="", triage=False)
        number = await self.tx.next_number()
        roles = self.organisation.grade(routed.severity).roles
        real = alert.kind is Kind.REAL
        name = channel_name(number, routed.title if real else f"{alert.kind} {routed.title}")
        await self._append(number, [opening(number, alert, routed, reason, name, roles)], fates.cause)
        fates.opened.add(number)
        if storm:
            self.window.began(number)
        elif alert.kind is Kind.REAL:
            self.window.opened(urgent=reason == "urgent")
        if routed.service and alert.kind is Kind.REAL:
            self._causes.setdefault(routed.service, number)
        return number

    def _keep(
        self, fates: Fates, item: Item, home: Key, group: AlertGroup, verdict: Verdict, number: int | None
    ) -> None:
        """The rows of the alert and its group."""
        self.memory.seen(item.key)
        if verdict.decision is Decision.REPEAT:
            return
        if verdict.fired and item.key in self.memory.alerts and group.incident == number:
            group.flaps += 1
        self.memory.put(item.key, item.alert, home[2], verdict.starts_at, fates.raw_sha)

    async def finish(self, follow: Follow) -> None:
        """Write what was decided, and enqueue what follows from it."""
        await self.window.write()
        effects = [effect for number in sorted(self.events) for effect in self._effects(number, follow)]
        await self.tx.enqueue(effects)
        await self.memory.write(self.tx)

    def _effects(self, number: int, follow: Follow) -> Sequence[Effect]:
        return follow(self.tx.journal.states[number], self.events[number])


def _repeat(said: Episode, number: int | None) -> Json:
    return answer(said.key[2], said.status, Decision.REPEAT, number, AGAIN)
