"""Appending events, and what follows from them: the incident's state and facts.

Written at the end of the transaction (or before the next question to these tables), all rows of a table at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.domain.events import Draft, Event, join, split
from bot.domain.incident import fold
from bot.domain.state import Incident
from bot.domain.terms import ORG, Source, number_of
from bot.errors import NotFound
from bot.ports import Cause, Ids
from bot.text import t
from storage import derived, tables
from storage.chain import body_hash, canonical, hash_of
from storage.session import Session
from storage.sql import Found, Sql, insert, upsert

VERSION = 1
HEAD = Sql(
    "INSERT INTO stream (stream, seq, hash) VALUES (:stream, 0, '')"
    " ON CONFLICT (stream) DO UPDATE SET seq = stream.seq RETURNING seq, hash"
)
LOCK = Sql("SELECT stream, seq, hash FROM stream WHERE stream = ANY(:streams) ORDER BY stream FOR UPDATE")
STATES = Sql("SELECT number, seq, state FROM incident_state WHERE number = ANY(:numbers)")
SINCE = Sql(
    "SELECT e.*, b.body FROM event e LEFT JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq"
    " WHERE e.stream = :stream AND e.seq > :after ORDER BY e.seq"
)
EVENTS = insert(tables.event)
BODIES = insert(tables.event_body)
HEADS = upsert(tables.stream)


def event_of(row: Found) -> Event:
    """An event from its row joined with its body (None if it has none any more)."""
    words = orjson.loads(row["body"]) if row["body"] else {}
    return Event(
        stream=row["stream"],
        seq=row["seq"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        source=Source(row["source"]),
        input=row["input"],
        payload=join(row["kind"], orjson.loads(row["data"]), words),
    )


@dataclass
class Head:
    """Where a stream ends."""

    seq: int
    hash: str


@dataclass
class Journal:
    """The streams that a transaction has locked, and what it wrote to them."""

    session: Session
    ids: Ids
    heads: dict[str, Head] = field(default_factory=dict)
    states: dict[int, Incident] = field(default_factory=dict)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _bodies: list[dict[str, Any]] = field(default_factory=list)
    _changed: dict[str, Head] = field(default_factory=dict)

    async def lock(self, number: int) -> Incident:
        """The incident, its stream locked. NotFound if there is none."""
        await self.lock_all([number])
        if number not in self.states:
            raise NotFound(t("There is no incident INC-{number}.", number=number))
        return self.states[number]

    async def lock_all(self, numbers: Sequence[int]) -> None:
        """Lock several incidents at once, in their order; those that do not exist are left out."""
        wanted = {f"inc:{number}": number for number in sorted(numbers) if number not in self.states}
        if not wanted:
            return
        for row in await self.session.rows(LOCK, streams=list(wanted)):
            self.heads[row["stream"]] = Head(row["seq"], row["hash"])
        for row in await self.session.rows(STATES, numbers=list(wanted.values())):
            self.states[row["number"]] = await self._up_to_date(row["number"], derived.read_state(row["state"]))

    async def _up_to_date(self, number: int, state: Incident) -> Incident:
        stream = f"inc:{number}"
        if self.heads[stream].seq == state.seq:
            return state
        for row in await self.session.rows(SINCE, stream=stream, after=state.seq):
            state = fold(state, event_of(row))
        return state

    async def append(self, stream: str, drafts: Sequence[Draft], cause: Cause) -> list[Event]:
        """Put events at the end of a stream and fold them."""
        if stream not in self.heads:
            await self._open(stream)
        head = self.heads[stream]
        events = [self._event(stream, head.seq + n, draft, cause) for n, draft in enumerate(drafts, 1)]
        for event in events:
            head.hash = self._keep(event, head.hash)
            head.seq = event.seq
        self._changed[stream] = head
        if stream != ORG:
            number = number_of(stream)
            for event in events:
                self.states[number] = fold(self.states.get(number), event)
        return events

    async def _open(self, stream: str) -> None:
        row = await self.session.row(HEAD, stream=stream)
        assert row is not None
        self.heads[stream] = Head(row["seq"], row["hash"])
        if stream != ORG and row["seq"]:
            await self.lock(number_of(stream))

    def _event(self, stream: str, seq: int, draft: Draft, cause: Cause) -> Event:
        now = self.session.now
        at = now if draft.at is None else draft.at
        actor = cause.actor if draft.actor is None else draft.actor
        source = cause.source if draft.source is None else draft.source
        return Event(stream, seq, at, now, actor, source, cause.input, draft.payload)

    def _keep(self, event: Event, prev: str) -> str:
        data, words = split(event.payload)
        row: dict[str, Any] = {
            "stream": event.stream,
            "seq": event.seq,
            "version": VERSION,
            "kind": event.kind,
            "occurred_at": event.occurred_at,
            "recorded_at": event.recorded_at,
            "actor": event.actor,
            "source": event.source.value,
            "input": event.input,
            "data": canonical(data),
            "body_hash": "",
        }
        if words:
            salt, body = self.ids.new(), canonical(words)
            row["body_hash"] = body_hash(salt, body)
            self._bodies.append({"stream": event.stream, "seq": event.seq, "salt": salt, "body": body})
        head = hash_of(prev, row)
        self._events.append({**row, "prev": prev, "hash": head})
        return head

    async def flush(self) -> None:
        """Write what was appended. Nothing happens if there is nothing new."""
        events, bodies, changed = self._events, self._bodies, self._changed
        self._events, self._bodies, self._changed = [], [], {}
        await self.session.many(EVENTS, events)
        await self.session.many(BODIES, bodies)
        heads = [{"stream": name, "seq": head.seq, "hash": head.hash} for name, head in changed.items()]
        await self.session.many(HEADS, heads)
        await derived.write(self.session, [self.states[number_of(name)] for name in changed if name != ORG])
