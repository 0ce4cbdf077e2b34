"""Questions to the store. Private incidents are filtered here, by the viewer, and nowhere else."""

from typing import Any

import orjson

from bot.domain.alert import Alert, AlertStatus
from bot.domain.events import Event
from bot.domain.state import Incident, Interval
from bot.domain.terms import Kind, Micros, stream_of
from bot.domain.transcript import Line
from bot.ports import AttemptRow, Group, Json, MessageAt, Person, PlanText, Reads, TokenRow, Viewer
from storage import guards, replicas, rows
from storage.derived import read_state
from storage.journal import event_of
from storage.session import Session
from storage.sql import Found, Sql

_MAY = (
    " (s.private = 0 OR :all = 1 OR EXISTS (SELECT 1 FROM insider i WHERE i.number = s.number AND i.person = :person))"
)
INCIDENT = Sql("SELECT s.state FROM incident_state s WHERE s.number = :number AND {may}", may=_MAY)
IN_CHANNEL = Sql("SELECT state FROM incident_state WHERE channel = :channel AND channel <> ''")
INCIDENTS = Sql("SELECT s.state FROM incident_state s WHERE {may} ORDER BY s.number DESC LIMIT :limit", may=_MAY)
OPEN = Sql(
    "SELECT s.state FROM incident_state s WHERE s.is_open = 1 AND {may} ORDER BY s.number DESC LIMIT :limit", may=_MAY
)
TIMELINE = Sql(
    "SELECT e.*, b.body FROM event e JOIN incident_state s ON s.number = :number"
    " LEFT JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq"
    " WHERE e.stream = :stream AND e.seq > :after AND {may} ORDER BY e.seq",
    may=_MAY,
)
HEADS = Sql("SELECT stream, seq, hash FROM stream")
HEAD_AT = Sql("SELECT hash FROM event WHERE stream = :stream AND seq = :seq")
ORGANISATION = Sql(
    "SELECT e.*, b.body FROM event e LEFT JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq"
    " WHERE e.stream = 'org' AND e.kind = :kind ORDER BY e.seq"
)
FACTS = Sql(
    "SELECT s.facts FROM incident_facts s WHERE s.opened_at >= :since AND s.opened_at < :until"
    " AND {may} ORDER BY s.opened_at, s.number",
    may=_MAY,
)
OUTAGE = Sql(
    "SELECT kind, occurred_at, data FROM event WHERE stream = 'org' AND kind IN ('outage_began', 'outage_ended')"
    " ORDER BY seq DESC LIMIT 1"
)
ALERTS = Sql(
    "SELECT a.* FROM alert_group g JOIN alert a ON a.source = g.source AND a.group_key = g.group_key AND a.kind = g.kind"
    " WHERE g.incident = :number ORDER BY a.status, a.starts_at DESC, a.fingerprint LIMIT :limit"
)
_ENVS = (
    "SELECT DISTINCT {env} AS env FROM alert_group g"
    " JOIN alert a ON a.source = g.source AND a.group_key = g.group_key AND a.kind = g.kind WHERE g.incident = :number"
)
ENVS = Sql(_ENVS, env="json_extract(a.detail, '$.labels.env')")
SERVER_ENVS = Sql(_ENVS, env="CAST(a.detail AS json) -> 'labels' ->> 'env'")
HEARD = Sql(
    "SELECT a.*, g.incident FROM alert a LEFT JOIN alert_group g"
    " ON a.source = g.source AND a.group_key = g.group_key AND a.kind = g.kind LEFT JOIN incident_state s"
    " ON s.number = g.incident WHERE (:service = '' OR a.service = :service) AND (s.number IS NULL OR {may})"
    " ORDER BY a.last_seen DESC, a.fingerprint LIMIT :limit",
    may=_MAY,
)
FIRES = Sql(
    "SELECT a.* FROM alert_group g JOIN alert a ON a.source = g.source AND a.group_key = g.group_key AND a.kind = g.kind"
    " WHERE g.incident = :number AND a.status = :firing ORDER BY a.last_seen DESC, a.fingerprint LIMIT 1"
)
# Rare questions about what a state holds: it is JSON as text, and letter for letter is enough for ids that nobody guesses.
HOLDS = Sql("SELECT state FROM incident_state WHERE state LIKE :word ORDER BY number")
PINNED = Sql(
    "SELECT state FROM incident_state WHERE status NOT IN ('closed', 'declined', 'merged', 'cancelled', 'false_positive')"
    " AND state LIKE :word ORDER BY number"
)
COPIED = Sql("SELECT number FROM incident_state WHERE state LIKE :sha LIMIT 1")
EFFECTS = Sql("SELECT * FROM effect WHERE stream = :stream ORDER BY created_at, lane, seq")
PERSON = Sql("SELECT * FROM person WHERE id = :id")
PEOPLE = Sql("SELECT * FROM person ORDER BY id")
GROUPS = Sql("SELECT * FROM usergroup ORDER BY id")
MESSAGE = Sql("SELECT * FROM message WHERE key = :key")
MESSAGE_AT = Sql("SELECT * FROM message WHERE channel = :channel AND ts = :ts")
PLAN = Sql("SELECT * FROM plan_revision WHERE sha = :sha")
ATTEMPT = Sql("SELECT * FROM attempt WHERE id = :id")
LINES = Sql("SELECT * FROM transcript WHERE number = :number ORDER BY at, channel, ts")
LINE = Sql("SELECT number FROM transcript WHERE channel = :channel AND ts = :ts")
TOKEN = Sql("SELECT * FROM token WHERE id = :id")
TOKENS = Sql("SELECT * FROM token ORDER BY made_at, id")
FOREVER: Micros = 2**62


def _viewer(viewer: Viewer) -> dict[str, Any]:
    return {"all": int(viewer.all), "person": viewer.person}


def alert_of(row: Found) -> Alert:
    """An alert as the database remembers it."""
    detail = orjson.loads(row["detail"])
    return Alert(
        source=row["source"],
        fingerprint=row["fingerprint"],
        status=AlertStatus(row["status"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        group_key=row["group_key"],
        severity=row["severity"],
        service=row["service"],
        title=row["title"],
        summary=row["summary"],
        labels=detail["labels"],
        annotations=detail["annotations"],
        links=detail["links"],
        kind=Kind(row["kind"]),
        truncated=row["truncated"],
        raw_ref=row["raw_ref"],
    )


class SqlReads(Session, Reads):
    """Questions, all answered as of one moment."""

    async def _settled(self) -> None:
        """Before a question about events and what follows from them: a transaction writes its own first."""

    async def incident(self, number: int, viewer: Viewer) -> Incident | None:
        await self._settled()
        row = await self.row(INCIDENT, number=number, **_viewer(viewer))
        return read_state(row["state"]) if row else None

    async def incident_in(self, channel: str) -> Incident | None:
        await self._settled()
        row = await self.row(IN_CHANNEL, channel=channel)
        return read_state(row["state"]) if row else None

    async def incidents(self, viewer: Viewer, open_only: bool = True, limit: int = 50) -> list[Incident]:
        await self._settled()
        found = await self.rows(OPEN if open_only else INCIDENTS, limit=limit, **_viewer(viewer))
        return [read_state(row["state"]) for row in found]

    async def timeline(self, number: int, viewer: Viewer, after: int = 0) -> list[Event]:
        await self._settled()
        params = {"number": number, "stream": stream_of(number), "after": after, **_viewer(viewer)}
        return [event_of(row) for row in await self.rows(TIMELINE, **params)]

    async def heads(self) -> dict[str, tuple[int, str]]:
        await self._settled()
        return {row["stream"]: (row["seq"], row["hash"]) for row in await self.rows(HEADS)}

    async def head_at(self, stream: str, seq: int) -> str:
        await self._settled()
        row = await self.row(HEAD_AT, stream=stream, seq=seq)
        return str(row["hash"]) if row else ""

    async def of_organisation(self, *kinds: str) -> list[Event]:
        await self._settled()
        found = [event_of(row) for kind in kinds for row in await self.rows(ORGANISATION, kind=kind)]
        return sorted(found, key=lambda event: event.seq)

    async def outage(self) -> Interval | None:
        await self._settled()
        row = await self.row(OUTAGE)
        if row is None:
            return None
        said, at = orjson.loads(row["data"]), row["occurred_at"]
        if row["kind"] == "outage_began":
            return Interval(said["why"], at)
        return Interval(said["why"], said["began_at"], at)

    async def facts(self, viewer: Viewer, since: Micros = 0, until: Micros | None = None) -> list[Json]:
        await self._settled()
        end = FOREVER if until is None else until
        return [orjson.loads(row["facts"]) for row in await self.rows(FACTS, since=since, until=end, **_viewer(viewer))]

    async def person(self, person: str) -> Person | None:
        row = await self.row(PERSON, id=person)
        return rows.person_of(row) if row else None

    async def people(self) -> dict[str, Person]:
        return {row["id"]: rows.person_of(row) for row in await self.rows(PEOPLE)}

    async def groups(self) -> list[Group]:
        return [rows.group_of(row) for row in await self.rows(GROUPS)]

    async def message(self, key: str) -> MessageAt | None:
        row = await self.row(MESSAGE, key=key)
        return MessageAt(**row) if row else None

    async def message_at(self, channel: str, ts: str) -> MessageAt | None:
        row = await self.row(MESSAGE_AT, channel=channel, ts=ts)
        return MessageAt(**row) if row else None

    async def plan_text(self, sha: str) -> PlanText | None:
        row = await self.row(PLAN, sha=sha)
        return rows.plan_of(row) if row else None

    async def attempt(self, attempt: str) -> AttemptRow | None:
        row = await self.row(ATTEMPT, id=attempt)
        return rows.attempt_of(row) if row else None

    async def token(self, token: str) -> TokenRow | None:
        row = await self.row(TOKEN, id=token)
        return TokenRow(**row) if row else None

    async def tokens(self) -> list[TokenRow]:
        return [TokenRow(**row) for row in await self.rows(TOKENS)]

    async def runner_seen(self, runner: str) -> Micros | None:
        return await replicas.seen(self, runner)

    async def turn(self, name: str) -> Micros:
        return await guards.turn(self, name)

    async def heard_of(self, number: int) -> tuple[Alert, Micros] | None:
        row = await self.row(FIRES, number=number, firing=AlertStatus.FIRING.value)
        return None if row is None else (alert_of(row), row["last_seen"])

    async def incident_alerts(self, number: int, limit: int = 50) -> list[Alert]:
        return [alert_of(row) for row in await self.rows(ALERTS, number=number, limit=limit)]

    async def incident_envs(self, number: int) -> frozenset[str]:
        rows = await self.rows(SERVER_ENVS if self.shared else ENVS, number=number)
        return frozenset(row["env"] or "" for row in rows)

    async def alerts(self, viewer: Viewer, service: str = "", limit: int = 15) -> list[tuple[Alert, int | None]]:
        found = await self.rows(HEARD, service=service, limit=limit, **_viewer(viewer))
        return [(alert_of(row), row["incident"]) for row in found]

    async def with_pin(self, pin: str) -> list[Incident]:
        found = [read_state(row["state"]) for row in await self.rows(PINNED, word=f'%"{pin}"%')]
        return [incident for incident in found if pin in incident.pins]

    async def with_evidence(self, file: str) -> list[Incident]:
        found = [read_state(row["state"]) for row in await self.rows(HOLDS, word=f'%"{file}"%')]
        return [incident for incident in found if any(one.file == file for one in incident.evidence)]

    async def keeps_copy(self, sha: str) -> bool:
        return await self.row(COPIED, sha=f'%"{sha}"%') is not None

    async def transcript(self, number: int, viewer: Viewer) -> list[Line]:
        sees = await self.incident(number, viewer) is not None
        return [rows.line_of(row) for row in await self.rows(LINES, number=number)] if sees else []

    async def line_of(self, channel: str, ts: str) -> int | None:
        row = await self.row(LINE, channel=channel, ts=ts)
        return row["number"] if row else None

    async def effects(self, stream: str) -> list[Json]:
        return [rows.effect_of(row) for row in await self.rows(EFFECTS, stream=stream)]
