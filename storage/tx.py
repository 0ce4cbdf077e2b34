"""One transaction: events, what follows from them, effects, rows, guards; all of it or nothing."""

from collections.abc import Sequence
from typing import Any

import orjson

from bot.domain.events import Draft, Event
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.ports import Cause, Effect, Engine, GroupKey, Held, Ids, Json, Row, Tx
from storage import effects, groups, guards, rows
from storage.chain import canonical
from storage.database import Wire
from storage.journal import Journal
from storage.reads import SqlReads
from storage.sql import Sql

CLAIM = Sql("INSERT INTO input (id, at, stream, answer) VALUES (:id, :at, '', '{}') ON CONFLICT (id) DO NOTHING")
ANSWER_OF = Sql("SELECT answer FROM input WHERE id = :id")
ANSWER = Sql(
    "INSERT INTO input (id, at, stream, answer) VALUES (:id, :at, :stream, :answer)"
    " ON CONFLICT (id) DO UPDATE SET stream = excluded.stream, answer = excluded.answer"
)
NEXT = Sql(
    "INSERT INTO serial (name, value) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = serial.value + 1 RETURNING value"
)


class SqlTx(SqlReads, Tx):
    """A transaction of either database. engine: whom `enqueue` asks to wake lanes, None where nobody works (imports, tests).

    holds: the lane that this transaction will settle in; `enqueue` locks it together with those it fills, in order.
    woken: the lanes that an engine will wake at the end of it.
    """

    def __init__(self, wire: Wire, now: Micros, ids: Ids, engine: Engine | None) -> None:
        super().__init__(wire.ask, now, wire.driver, wire.at_once, wire.at_last)
        self.engine = engine
        self.ids = ids
        self.journal = Journal(self, ids)
        self.holds: set[str] = set()
        self.woken: set[str] = set()

    async def _settled(self) -> None:
        await self.journal.flush()

    async def answered(self, input: str) -> Json | None:
        if await self.change(CLAIM, id=input, at=self.now):
            return None
        row = await self.row(ANSWER_OF, id=input)
        assert row is not None
        answer: dict[str, Any] = orjson.loads(row["answer"])
        return answer

    async def answer(self, input: str, stream: str, answer: Json) -> None:
        await self.change(ANSWER, id=input, at=self.now, stream=stream, answer=canonical(answer))

    async def next_number(self) -> int:
        return await self._next("incident")

    async def next_followup(self) -> int:
        return await self._next("followup")

    async def _next(self, name: str) -> int:
        row = await self.row(NEXT, name=name)
        assert row is not None
        return int(row["value"])

    async def lock(self, number: int) -> Incident:
        return await self.whole(self.journal.lock(number))

    async def append(self, stream: str, drafts: Sequence[Draft], cause: Cause) -> list[Event]:
        return await self.journal.append(stream, drafts, cause)

    async def enqueue(self, made: Sequence[Effect]) -> None:
        await self.whole(effects.enqueue(self, made))

    async def save(self, rows_: Sequence[Row]) -> None:
        await rows.save(self, rows_)

    async def groups_of(self, number: int) -> list[GroupKey]:
        return await groups.of(self, number)

    async def group_of(self, source: str, fingerprint: str, kind: str) -> tuple[GroupKey, int | None] | None:
        return await groups.of_alert(self, source, fingerprint, kind)

    async def move_groups(self, keys: Sequence[GroupKey], to: int) -> None:
        await groups.move(self, keys, to)

    async def alerts_in(self, keys: Sequence[GroupKey]) -> tuple[int, int]:
        return await groups.alerts_in(self, keys)

    async def services_in(self, number: int) -> set[str]:
        return await groups.services(self, number)

    async def count_runs(self, key: str, since: Micros) -> list[Micros]:
        return await guards.runs(self, key, since)

    async def count_run(self, key: str, at: Micros) -> None:
        await self.change(guards.RUN, id=self.ids.new(), key=key, at=at)

    async def uncount_run(self, key: str, at: Micros) -> None:
        await self.change(guards.NO_RUN, key=key, at=at)

    async def queue(self, key: str) -> None:
        await guards.queue(self, key)

    async def take_lock(self, key: str, holder: str, most: int) -> bool:
        return await guards.take(self, key, holder, most)

    async def held(self) -> list[Held]:
        return await guards.held(self)

    async def free_lock(self, holder: str) -> None:
        await self.change(guards.FREE, holder=holder)

    async def breaker(self, plan: str) -> Json | None:
        return await guards.breaker(self, plan)

    async def set_breaker(self, plan: str, state: str, by: str) -> None:
        await guards.set_breaker(self, plan, state, by)

    async def take_turn(self, name: str, until: Micros) -> bool:
        return await guards.take_turn(self, name, until)

    async def set_turn(self, name: str, until: Micros) -> None:
        await guards.set_turn(self, name, until)
