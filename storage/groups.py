"""Which incident a group of alerts belongs to: merging and splitting only move its rows."""

from collections.abc import Sequence

from bot.domain.alert import FIRING
from bot.ports import GroupKey
from storage.session import Session
from storage.sql import Sql

OF = Sql(
    "SELECT source, kind, group_key FROM alert_group WHERE incident = :number ORDER BY source, kind, group_key FOR UPDATE"
)
OF_ALERT = Sql("SELECT group_key FROM alert WHERE source = :source AND fingerprint = :fingerprint AND kind = :kind")
ONE = Sql(
    "SELECT incident FROM alert_group WHERE source = :source AND kind = :kind AND group_key = :group_key FOR UPDATE"
)
MOVE = Sql("UPDATE alert_group SET incident = :to WHERE source = :source AND kind = :kind AND group_key = :group_key")
ALERTS = Sql(
    "SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN status = :firing THEN 1 ELSE 0 END), 0) AS firing FROM alert"
    " WHERE source = :source AND kind = :kind AND group_key = :group_key"
)

SERVICES = Sql(
    "SELECT DISTINCT a.service FROM alert_group g JOIN alert a"
    " ON a.source = g.source AND a.group_key = g.group_key AND a.kind = g.kind WHERE g.incident = :number"
)


async def of(session: Session, number: int) -> list[GroupKey]:
    """The groups of an incident, locked in their order."""
    rows = await session.rows(OF, number=number)
    return [(row["source"], row["kind"], row["group_key"]) for row in rows]


async def of_alert(session: Session, source: str, fingerprint: str, kind: str) -> tuple[GroupKey, int | None] | None:
    """The group of an alert, locked, and its incident."""
    alert = await session.row(OF_ALERT, source=source, fingerprint=fingerprint, kind=kind)
    if alert is None:
        return None
    group = (source, kind, alert["group_key"])
    row = await session.row(ONE, **_key(group))
    return (group, row["incident"]) if row else None


async def move(session: Session, groups: Sequence[GroupKey], to: int) -> None:
    """These groups belong to another incident from now on."""
    await session.many(MOVE, [{"to": to, **_key(group)} for group in groups])


async def alerts_in(session: Session, groups: Sequence[GroupKey]) -> tuple[int, int]:
    """How many alerts of these groups fire, and how many there are."""
    firing = total = 0
    for group in groups:
        row = await session.row(ALERTS, firing=FIRING.value, **_key(group))
        assert row is not None
        firing, total = firing + int(row["firing"]), total + int(row["total"])
    return firing, total


async def services(session: Session, number: int) -> set[str]:
    """The services of an incident's alerts."""
    return {row["service"] for row in await session.rows(SERVICES, number=number)}


def _key(group: GroupKey) -> dict[str, str]:
    source, kind, group_key = group
    return {"source": source, "kind": kind, "group_key": group_key}
