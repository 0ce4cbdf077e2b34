"""Rows that are not events: how each is written and read."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from bot.domain.transcript import Line
from bot.ports import AttemptRow, Group, Json, MessageAt, Person, PlanText, Row, TokenRow
from storage import tables
from storage.chain import canonical
from storage.session import Session
from storage.sql import Found, Params, Sql, upsert


def _person(row: Person) -> Params:
    flags = {"bot": int(row.bot), "deleted": int(row.deleted), "stranger": int(row.stranger)}
    return {"id": row.id, "name": row.name, "zone": row.zone, "seen_at": row.seen_at, **flags}


def _group(row: Group) -> Params:
    return {"id": row.id, "handle": row.handle, "members": canonical(row.members), "seen_at": row.seen_at}


def _message(row: MessageAt) -> Params:
    return {"key": row.key, "stream": row.stream, "surface": row.surface, "channel": row.channel, "ts": row.ts}


def _plan(row: PlanText) -> Params:
    return {"sha": row.sha, "plan": row.plan, "path": row.path, "body": row.text, "revision": row.commit}


def _attempt(row: AttemptRow) -> Params:
    spec = canonical(row.order)
    return {"id": row.id, "stream": row.stream, "runner": row.runner, "state": row.state, "spec": spec}


def _token(row: TokenRow) -> Params:
    return asdict(row)


def _line(row: Line) -> Params:
    words = {"author": row.by, "body": row.text, "gone": int(row.gone)}
    place = {"channel": row.channel, "ts": row.ts, "number": row.number, "thread": row.thread}
    return {**place, **words, "at": row.at, "changed": row.changed}


# What is told again changes nothing, nor does what is older, nor anything after the end.
_NEWER = "transcript.gone = 0 AND (excluded.gone = 1 OR excluded.changed > transcript.changed)"

_WRITE: dict[type[Any], tuple[Sql, Callable[[Any], Params]]] = {
    Person: (upsert(tables.person), _person),
    Group: (upsert(tables.usergroup), _group),
    MessageAt: (upsert(tables.message), _message),
    PlanText: (upsert(tables.plan_revision, ["path", "revision"]), _plan),
    AttemptRow: (upsert(tables.attempt), _attempt),
    TokenRow: (upsert(tables.token), _token),
    Line: (upsert(tables.transcript, ["body", "changed", "gone"], _NEWER), _line),
}


async def save(session: Session, rows: Sequence[Row]) -> None:
    """Write rows, each over the one with its key; of a plan's text only where it comes from changes, never the text."""
    for kind, (sql, params) in _WRITE.items():
        await session.many(sql, [params(row) for row in rows if type(row) is kind])


def person_of(row: Found) -> Person:
    flags = {name: bool(row[name]) for name in ("bot", "deleted", "stranger")}
    return Person(id=row["id"], name=row["name"], zone=row["zone"], seen_at=row["seen_at"], **flags)


def group_of(row: Found) -> Group:
    return Group(row["id"], row["handle"], tuple(orjson.loads(row["members"])), row["seen_at"])


def plan_of(row: Found) -> PlanText:
    return PlanText(row["sha"], row["plan"], row["path"], row["body"], row["revision"])


def attempt_of(row: Found) -> AttemptRow:
    return AttemptRow(row["id"], row["stream"], row["runner"], row["state"], orjson.loads(row["spec"]))


def line_of(row: Found) -> Line:
    words = {"by": row["author"], "text": row["body"], "gone": bool(row["gone"])}
    place = {name: row[name] for name in ("channel", "ts", "number", "thread", "at", "changed")}
    return Line(**place, **words)


def effect_of(row: Found) -> Json:
    """A row of the outbox with its args and result as values."""
    result = orjson.loads(row["result"]) if row["result"] else {}
    return {**row, "args": orjson.loads(row["args"]), "result": result}
