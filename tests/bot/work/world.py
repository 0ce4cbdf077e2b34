"""A small world around the worker: a real database, a fake outside, time that tests move."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.clock import KeptTasks
from bot.domain.events import Event
from bot.ports import Call, Clock, Done, Effect, Engine, Handler, Ids, Outcome, Reaction, Tasks, Tx
from bot.work.effects import KINDS
from bot.work.embedded import Embedded
from bot.work.worker import Worker
from storage.opening import open_store
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock, FakeIds

Answer = Outcome | Exception | Callable[[Call], Awaitable[Outcome]]


class Driveable(Engine, Protocol):
    """An engine that the contract suite can run."""

    async def next_due(self) -> int | None: ...


MakeEngine = Callable[[SqlStore, Clock, Ids, Tasks, Worker], Driveable]


@dataclass
class Outside:
    """What would be Slack and the machines. answers: key → what the next calls bring; nothing named means Done."""

    clock: FakeClock
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list)
    moments: list[int] = field(default_factory=list)

    async def handle(self, call: Call) -> Outcome:
        self.calls.append(call)
        self.moments.append(self.clock.now())
        answers = self.answers[call.effect.key]
        answer: Answer = answers.pop(0) if answers else Done()
        if isinstance(answer, Exception):
            raise answer
        return await answer(call) if callable(answer) else answer

    @property
    def keys(self) -> list[str]:
        """Keys of all calls, in order."""
        return [call.effect.key for call in self.calls]

    def at(self, key: str) -> list[float]:
        """Seconds since the beginning of each call for a key."""
        return [(at - NINE) / 1e6 for call, at in zip(self.calls, self.moments) if call.effect.key == key]


class World:
    """One process: store, worker, engine. `restart` is another process on the same database and the same outside."""

    def __init__(self, url: str, make_engine: MakeEngine = Embedded, clock: FakeClock | None = None) -> None:
        self.url = url
        self.make_engine = make_engine
        self.clock = clock or FakeClock()
        self.outside = Outside(self.clock)
        self.reacted: list[tuple[str, list[Event]]] = []
        self.react: dict[str, Reaction] = dict.fromkeys(KINDS, self.note)
        self.handlers: dict[str, Handler] = dict.fromkeys(KINDS, self.outside.handle)
        self.ids = FakeIds()
        self.others: list[World] = []

    async def open(self, watch: Callable[[str], None] = lambda moment: None) -> "World":
        self.store = await open_store(self.url, self.clock, self.ids, watch=watch)
        self.tasks = KeptTasks()
        self.worker = Worker(self.store, self.clock, self.ids, self.tasks, self.handlers, self.react)
        self.engine = self.make_engine(self.store, self.clock, self.ids, self.tasks, self.worker)
        self.store.engine = self.engine
        self.clock.drive(self.engine)
        return self

    async def close(self) -> None:
        for other in self.others:
            await other.close()
        self.clock.release(self.engine)
        await self.tasks.stop()
        await self.store.close()

    def hurry(self) -> None:
        """For tests whose handlers sleep: do not wait long for those that wait for us. A server needs a little longer."""
        self.clock.patience = 0.5 if self.url.startswith("sqlite") else 0.8

    async def note(self, tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
        self.reacted.append((effect.key, list(events)))

    async def put(self, *effects: Effect) -> None:
        async with self.store.begin() as tx:
            await tx.enqueue(effects)

    async def rows(self) -> dict[str, dict[str, Any]]:
        async with self.store.read() as reads:
            return {row["key"]: dict(row) for row in await reads.effects("org")}

    async def status(self, *keys: str) -> list[str]:
        rows = await self.rows()
        return [rows[key]["status"] for key in keys]


def effect(key: str, kind: str = "plain", lane: str = "talk", **more: Any) -> Effect:
    """An effect of stream `org`. Kind `plain`: no limits, may be repeated (see conftest.py)."""
    return Effect(key, kind, lane, "org", more.pop("args", {}), **more)
