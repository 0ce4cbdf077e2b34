"""Replicas for tests: one alone, and several on one database."""

import psycopg

from bot.ports import Clock, Ids, Tasks
from bot.work.postgres import Replica
from bot.work.worker import Worker
from storage.postgres import Postgres
from storage.store import SqlStore


def lone_replica(store: SqlStore, clock: Clock, ids: Ids, tasks: Tasks, worker: Worker) -> Replica:
    """The only replica there is: all that were there before have died long ago."""
    assert isinstance(store.database, Postgres)
    bury(store.database.url)
    return Replica(store, clock, ids, tasks, worker)


def bury(url: str) -> None:
    """Make the heartbeats of all replicas old, as if they had been dead for a while."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
