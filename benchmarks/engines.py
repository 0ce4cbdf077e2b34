"""Store, worker and engine of either database in this process, without Slack."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import KeptTasks, RandomIds, SystemClock
from bot.domain.events import Event
from bot.ports import Effect, Engine, Handler, Tx
from bot.work.effects import KINDS
from bot.work.embedded import Embedded
from bot.work.worker import Worker
from storage.migrations import upgrade
from storage.opening import open_store
from storage.store import SqlStore


@dataclass(frozen=True, slots=True)
class Machinery:
    """What a bot works with. The engine does nothing until somebody runs it."""

    store: SqlStore
    engine: Engine
    clock: SystemClock
    tasks: KeptTasks


def new_file(folder: Path) -> str:
    """The URL of a new SQLite database with our tables."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'tocsin.db'}"
    upgrade(url)
    return url


@asynccontextmanager
async def machinery(url: str, handlers: dict[str, Handler]) -> AsyncIterator[Machinery]:
    """All of it on a database that has our tables. handlers: kind of effect → what carries it out."""
    clock, ids, tasks = SystemClock(), RandomIds(), KeptTasks()
    store = await open_store(url, clock, ids)
    try:
        worker = Worker(store, clock, ids, tasks, handlers, dict.fromkeys(KINDS, _nothing))
        engine: Engine = Embedded(store, clock, ids, tasks, worker)
        if store.shared:
            from bot.work.postgres import Replica  # needs what only PostgreSQL needs

            engine = Replica(store, clock, ids, tasks, worker)
        store.engine = engine
        yield Machinery(store, engine, clock, tasks)
    finally:
        await tasks.stop()
        await store.close()


async def _nothing(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
    pass
