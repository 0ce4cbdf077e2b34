"""What the store remembers of alerts: read and locked once for a batch, changed as the batch goes on, written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import orjson

from bot.domain.alert import Alert, AlertGroup, AlertStatus, KnownAlert
from bot.domain.terms import Kind, Micros
from storage import tables
from storage.chain import canonical
from storage.database import Deadlock
from storage.session import Session
from storage.sql import Sql, upsert

Key: TypeAlias = tuple[str, str, str]
"""(source, kind, fingerprint or group key): in this order rows are locked."""

ALERTS = Sql(
    "SELECT fingerprint, status, starts_at, ends_at, group_key, count FROM alert"
    " WHERE source = :source AND kind = :kind AND fingerprint = ANY(:keys)"
)
GROUPS = Sql(
    "SELECT group_key, incident, since, last_seen, flaps, truncated FROM alert_group"
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
)
STORM = Sql("SELECT opened, urgent, incident FROM storm WHERE kind = :kind")
LOCK_STORM = Sql(
    "INSERT INTO storm (kind, opened, urgent, incident) VALUES (:kind, '[]', '[]', NULL)"
    " ON CONFLICT (kind) DO UPDATE SET kind = excluded.kind RETURNING opened, urgent, incident"
)
PUT_STORM = upsert(tables.storm)


@dataclass(slots=True)
class Group:
    """A group of alerts. truncated: how many alerts the source left out when it last spoke of it."""

    row: AlertGroup
    truncated: int = 0

    def move(self, incident: int) -> None:
        """It belongs to this incident from now on."""
        row = self.row  # not dataclasses.replace: it takes ten times as long, and storms move thousands
        self.row = AlertGroup(row.source, row.group_key, row.kind, incident, row.since, row.last_seen, row.flaps)

    def flap(self) -> None:
        """It fires again after it was over."""
        self.row = replace(self.row, flaps=self.row.flaps + 1)


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
    groups: dict[Key, Group] = field(default_factory=dict)
    _changed: dict[Key, dict[str, Any]] = field(default_factory=dict)
    _again: dict[Key, int] = field(default_factory=dict)
    _touched: dict[Key, Group] = field(default_factory=dict)

    def group(self, key: Key) -> Group:
        """The group, made if it is new."""
        found = self.groups.get(key)
        if found is None:
            source, kind, group_key = key
            found = Group(AlertGroup(source, group_key, Kind(kind), None, self.now, self.now))
            self.groups[key] = found
        self._touched[key] = found
        return found

    def repeat(self, key: Key) -> None:
        """Seen again and nothing new."""
        row = self._changed.get(key)
        if row is not None:
            row["count"] += 1
        else:
            self._again[key] = self._again.get(key, 0) + 1

    def put(self, key: Key, alert: Alert, group_key: str, starts_at: Micros, raw_ref: str) -> None:
        """The alert as it is now. raw_ref: sha256 of the body that said so."""
        before = self.alerts.get(key)
        count = self._changed[key]["count"] + 1 if key in self._changed else 1 + self._again.pop(key, 0)
        self._changed[key] = {
            **_alert_row(alert, starts_at, self.now),
            "group_key": group_key,
            "raw_ref": raw_ref,
            "count": count,
        }
        self.alerts[key] = KnownAlert(
            alert.source,
            alert.fingerprint,
            alert.kind,
            alert.status,
            starts_at,
            alert.ends_at,
            group_key,
            count + (before.count if before else 0),
        )

    async def write(self, session: Session) -> None:
        """Write all that has changed."""
        await session.many(
            PUT_GROUPS, [_group_row(group, self.now) for _, group in sorted(self._touched.items(), key=_first)]
        )
        again = [_again_row(key, times, self.now) for key, times in self._again.items()]
        await session.many(PUT_ALERTS, [row for _, row in sorted(self._changed.items(), key=_first)])
        await session.many(SEEN_AGAIN, again)


def _first(item: tuple[Key, Any]) -> Key:
    return item[0]


def _alert_row(alert: Alert, starts_at: Micros, now: Micros) -> dict[str, Any]:
    detail = {"labels": alert.labels, "annotations": alert.annotations, "links": alert.links}
    return {
        "source": alert.source,
        "fingerprint": alert.fingerprint,
        "kind": alert.kind.value,
        "status": alert.status.value,
        "starts_at": starts_at,
        "ends_at": alert.ends_at,
        "severity": alert.severity,
        "service": alert.service,
        "title": alert.title,
        "summary": alert.summary,
        "detail": canonical(detail),
        "truncated": alert.truncated,
        "first_seen": now,
        "last_seen": now,
    }


def _group_row(group: Group, now: Micros) -> dict[str, Any]:
    row = group.row
    return {
        "source": row.source,
        "group_key": row.group_key,
        "kind": row.kind.value,
        "incident": row.incident,
        "since": row.since,
        "last_seen": now,
        "flaps": row.flaps,
        "truncated": group.truncated,
    }


def _again_row(key: Key, times: int, now: Micros) -> dict[str, Any]:
    source, kind, fingerprint = key
    return {"source": source, "kind": kind, "fingerprint": fingerprint, "times": times, "now": now}


async def remember(session: Session, groups: Iterable[Key], alerts: Sequence[Key]) -> Memory:
    """Lock the groups in their order (those given, and those that the alerts came in before), then read all."""
    memory = Memory(session.now, await _known(session, alerts))
    mine = set(groups) | {_own(key, known) for key, known in memory.alerts.items()}
    for (source, kind), keys in _sorted(mine).items():
        if session.shared:
            await session.change(CLAIM, source=source, kind=kind, keys=keys, now=session.now)
        for row in await session.rows(GROUPS, source=source, kind=kind, keys=keys):
            truncated = row.pop("truncated")
            group = AlertGroup(source=source, kind=Kind(kind), **row)
            memory.groups[source, kind, group.group_key] = Group(group, truncated)
    if session.shared:  # somebody may have stored the same alerts while we waited for the groups
        memory.alerts = await _known(session, alerts)
        if any(_own(key, known) not in mine for key, known in memory.alerts.items()):
            raise Deadlock("an alert moved to a group that is not locked")
    return memory


async def _known(session: Session, alerts: Sequence[Key]) -> dict[Key, KnownAlert]:
    found = {}
    for (source, kind), keys in _sorted(alerts).items():
        for row in await session.rows(ALERTS, source=source, kind=kind, keys=keys):
            status = AlertStatus(row.pop("status"))
            known = KnownAlert(source=source, kind=Kind(kind), status=status, **row)
            found[source, kind, known.fingerprint] = known
    return found


def _own(key: Key, known: KnownAlert) -> Key:
    return (key[0], key[1], known.group_key)


def _sorted(keys: Iterable[Key]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for source, kind, key in sorted(set(keys)):
        found.setdefault((source, kind), []).append(key)
    return found


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
