"""What the store remembers of alerts: read and locked once for a batch, changed as the batch goes on, written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import orjson

from bot.domain.alert import Alert, AlertGroup, AlertStatus, KnownAlert
from bot.domain.terms import Kind, Micros
from storage import tables
from storage.chain import canonical
from storage.database import Deadlock
from storage.session import Session
from storage.sql import Sql, Values, upsert

Key: TypeAlias = tuple[str, str, str]
"""(source, kind, fingerprint or group key): in this order rows are locked."""


class Episode(NamedTuple):
    """What was said of an alert, and stored: firing, or resolved, in the episode that began then."""

    key: Key
    status: str
    starts_at: Micros


Changed: TypeAlias = tuple[Alert, KnownAlert, str]
"""What was said last of an alert, what is remembered of it, and sha256 of the body that said it."""

ALERTS = Sql(
    "SELECT fingerprint, status, starts_at, group_key FROM alert"
    " WHERE source = :source AND kind = :kind AND fingerprint = ANY(:keys)"
)
GROUPS = Sql(
    "SELECT group_key, incident, since, flaps, truncated FROM alert_group"
    " WHERE source = :source AND kind = :kind AND group_key = ANY(:keys) ORDER BY group_key FOR UPDATE"
)
# PostgreSQL only: groups that are new to everybody exist, and are ours, before anybody decides about them.
CLAIM = Sql(
    "INSERT INTO alert_group (source, group_key, kind, incident, since, last_seen, flaps, truncated)"
    " SELECT :source, key, :kind, NULL, :now, :now, 0, 0 FROM unnest(CAST(:keys AS text[])) AS key"
    " ON CONFLICT DO NOTHING"
)
CAUSES = Sql(
    "SELECT service, MIN(number) AS number FROM incident_state"
    " WHERE is_open = 1 AND kind = 'real' AND service = ANY(:services) GROUP BY service"
)
PUT_ALERTS = upsert(tables.alert, first_seen="alert.first_seen", count="alert.count + excluded.count")
PUT_GROUPS = upsert(tables.alert_group, ["incident", "last_seen", "flaps", "truncated"])
SEEN_AGAIN = Sql(
    "UPDATE alert SET last_seen = :now, count = count + :times"
    " WHERE source = :source AND fingerprint = :fingerprint AND kind = :kind"
    " AND (starts_at > :episode OR (starts_at = :same AND (status = 'resolved' OR :firing = 1)))"
)
STORM = Sql("SELECT opened, urgent, incident FROM storm WHERE kind = :kind")
LOCK_STORM = Sql(
    "INSERT INTO storm (kind, opened, urgent, incident) VALUES (:kind, '[]', '[]', NULL)"
    " ON CONFLICT (kind) DO UPDATE SET kind = excluded.kind RETURNING opened, urgent, incident"
)
PUT_STORM = upsert(tables.storm)


class Lost(Deadlock):
    """An alert that counts as known, because it was stored once, is not there as it was: the database is an older one by now
    (a standby that was behind, a backup). Nothing was written; what was to be counted unread must be read."""


_STATUS = {status.value: status for status in AlertStatus}


@dataclass(slots=True)
class StormRow:
    """The storm window: when channels were opened, urgent ones apart, and the storm incident (which may be over)."""

    opened: list[Micros] = field(default_factory=list)
    urgent: list[Micros] = field(default_factory=list)
    incident: int | None = None


@dataclass
class Memory:
    """What concerns the alerts of one batch."""

    now: Micros
    alerts: dict[Key, KnownAlert] = field(default_factory=dict)
    groups: dict[Key, AlertGroup] = field(default_factory=dict)
    _changed: dict[Key, Changed] = field(default_factory=dict)
    _times: dict[Key, int] = field(default_factory=dict)
    _repeats: dict[Episode, int] = field(default_factory=dict)
    _touched: dict[Key, AlertGroup] = field(default_factory=dict)

    def group(self, key: Key) -> AlertGroup:
        """The group, made if it is new."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = AlertGroup(None, self.now)
        self._touched[key] = found
        return found

    def seen(self, key: Key) -> None:
        """It was sent once more."""
        self._times[key] = self._times.get(key, 0) + 1

    def repeated(self, episode: Episode) -> None:
        """It was sent once more by somebody whose words were not read, because they are known."""
        self._repeats[episode] = self._repeats.get(episode, 0) + 1

    def put(self, key: Key, alert: Alert, group_key: str, starts_at: Micros, raw_ref: str) -> None:
        """The alert as it is now. raw_ref: sha256 of the body that said so."""
        self.alerts[key] = known = KnownAlert(alert.status, starts_at, group_key)
        self._changed[key] = (alert, known, raw_ref)

    async def write(self, session: Session) -> None:
        """Write all that has changed, each sort of row in the order of its keys. Raises Lost."""
        now, times = self.now, self._times
        await session.lines(
            PUT_GROUPS, [_group_row(key, group, now) for key, group in sorted(self._touched.items(), key=_first)]
        )
        changed = sorted(self._changed.items(), key=_first)
        await session.lines(PUT_ALERTS, [_alert_row(key, *rest, now, times.pop(key)) for key, rest in changed])
        read = [(self._episode(key), many) for key, many in times.items()]
        lines = [_again_line(now, *one) for one in sorted([*read, *self._repeats.items()])]
        if await session.lines(SEEN_AGAIN, lines) != len(lines):
            raise Lost("an alert that was stored once is not in the database any more")

    def _episode(self, key: Key) -> Episode:
        known = self.alerts[key]
        return Episode(key, known.status, known.starts_at)


def _first(item: tuple[Key, Any]) -> Key:
    return item[0]


def _alert_row(key: Key, alert: Alert, known: KnownAlert, raw_ref: str, now: Micros, times: int) -> Values:
    """In the order of the table's columns, as PUT_ALERTS has them."""
    source, kind, fingerprint = key
    return (
        source,
        fingerprint,
        kind,
        str(alert.status),
        known.starts_at,
        alert.ends_at,
        known.group_key,
        alert.severity,
        alert.service,
        alert.title,
        alert.summary,
        canonical({"labels": alert.labels, "annotations": alert.annotations, "links": alert.links}),
        alert.truncated,
        raw_ref,
        now,
        now,
        times,
    )


def _again_line(now: Micros, episode: Episode, times: int) -> Values:
    """For SEEN_AGAIN: what is stored of the alert is that, or newer."""
    (source, kind, fingerprint), status, since = episode
    return (now, times, source, fingerprint, kind, since, since, int(status == AlertStatus.FIRING))


def _group_row(key: Key, group: AlertGroup, now: Micros) -> Values:
    """In the order of the table's columns, as PUT_GROUPS has them."""
    source, kind, group_key = key
    return (source, group_key, kind, group.incident, group.since, now, group.flaps, group.truncated)


async def remember(session: Session, groups: Iterable[Key], alerts: Sequence[Key]) -> Memory:
    """Lock the groups in their order (those given, and those that the alerts came in before), then read all."""
    memory = Memory(session.now, await _known(session, alerts))
    mine = set(groups) | {_own(key, known) for key, known in memory.alerts.items()}
    for (source, kind), keys in _sorted(mine).items():
        if session.shared:
            await session.change(CLAIM, source=source, kind=kind, keys=keys, now=session.now)
        for row in await session.rows(GROUPS, source=source, kind=kind, keys=keys):
            key = (source, kind, row.pop("group_key"))
            memory.groups[key] = AlertGroup(**row)
    if session.shared:  # somebody may have stored the same alerts while we waited for the groups
        memory.alerts = await _known(session, alerts)
        if any(_own(key, known) not in mine for key, known in memory.alerts.items()):
            raise Deadlock("an alert moved to a group that is not locked")
    return memory


async def _known(session: Session, alerts: Sequence[Key]) -> dict[Key, KnownAlert]:
    found = {}
    for (source, kind), keys in _sorted(alerts).items():
        for row in await session.rows(ALERTS, source=source, kind=kind, keys=keys):
            known = KnownAlert(_STATUS[row["status"]], row["starts_at"], row["group_key"])
            found[source, kind, row["fingerprint"]] = known
    return found


def _own(key: Key, known: KnownAlert) -> Key:
    return (key[0], key[1], known.group_key)


def _sorted(keys: Iterable[Key]) -> dict[tuple[str, str], list[str]]:
    """The keys of each source and kind, all in the order of locks."""
    found: dict[tuple[str, str], set[str]] = {}
    for source, kind, key in keys:
        found.setdefault((source, kind), set()).add(key)
    return {of: sorted(found[of]) for of in sorted(found)}


async def causes(session: Session, services: Sequence[str]) -> dict[str, int]:
    """Services of these that have an open incident → the oldest of those."""
    if not services:
        return {}
    return {row["service"]: row["number"] for row in await session.rows(CAUSES, services=list(services))}


async def storm_incident(session: Session, kind: Kind) -> int | None:
    """The storm incident, not locked: to be locked in its turn among the incidents."""
    row = await session.row(STORM, kind=kind.value)
    return row["incident"] if row else None


async def lock_storm(session: Session, kind: Kind) -> StormRow:
    """The storm window, locked."""
    row = await session.row(LOCK_STORM, kind=kind.value)
    assert row is not None
    return StormRow(orjson.loads(row["opened"]), orjson.loads(row["urgent"]), row["incident"])


async def put_storm(session: Session, kind: Kind, storm: StormRow) -> None:
    row = {"opened": canonical(storm.opened), "urgent": canonical(storm.urgent), "incident": storm.incident}
    await session.many(PUT_STORM, [{"kind": kind.value, **row}])
