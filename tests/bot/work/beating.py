"""A database that can be away, and processes on it that beat."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.terms import SECOND, Micros
from bot.errors import StoreAway
from bot.ports import Clock
from bot.text import PlainShow, render
from bot.work.clocks import LIVING, TURN
from bot.work.pulse import Pulse
from storage import replicas
from storage.opening import open_store
from storage.sql import Sql
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock, FakeIds


class World:
    """A database that can be away, and processes on it. told: when it was away, as people are told; stopped: when nobody ran;
    steps: of the clock, in seconds, and since when, so that each is told once; time: what they go by."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.time: Clock = self.clock
        self.away = False
        self.told: list[tuple[float, float]] = []
        self.stopped: list[tuple[float, float]] = []
        self.steps: list[int] = []
        self.since: set[Micros] = set()
        self.breaks = False
        self.store: SqlStore

    def watch(self, moment: str) -> None:
        if self.away and moment in ("begin", "read"):
            raise StoreAway("away")

    def pulse(self, id: str = "p1", version: str = "1.2.0", runner: str = "r1") -> Pulse:
        return Pulse(self.store, self.time, id, runner, version, self)

    async def database_was_away(self, began: Micros, ended: Micros) -> None:
        if self.away or self.breaks:
            raise StoreAway("away")
        self.told.append(((began - NINE) / SECOND, (ended - NINE) / SECOND))

    async def was_stopped(self, began: Micros, ended: Micros) -> None:
        if self.breaks:
            raise StoreAway("away")
        self.stopped.append(((began - NINE) / SECOND, (ended - NINE) / SECOND))

    async def clock_was_set(self, step: Micros, at: Micros, since: Micros) -> None:
        if self.breaks:
            raise StoreAway("away")
        if since not in self.since:
            self.since.add(since)
            self.steps.append(round(step / SECOND))
        async with self.store.begin() as tx:
            await tx.set_turn(TURN, at)

    async def living(self) -> list[str]:
        async with self.store.read() as reads:
            return [found.id for found in await replicas.living(reads, self.clock.now() - LIVING)]

    async def set_schema(self, revision: str) -> None:
        async with self.store.begin() as tx:
            await tx.change(Sql("UPDATE alembic_version SET version_num = :to"), to=revision)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    made = World()
    made.store = await open_store(database_url, made.clock, FakeIds(), watch=made.watch)
    yield made
    await made.store.close()


def why(pulse: Pulse) -> str:
    return render(pulse.back, PlainShow()) if pulse.back else ""
