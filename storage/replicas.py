"""The processes that work on this database: each says every few seconds that it lives.

`runner` is the directory that holds what became of its attempts: as long as somebody with that directory lives, nobody else judges
them. `version` lets an older process stand back from a newer one.
"""

from dataclasses import dataclass

from bot.domain.terms import SECOND, Micros
from storage.session import Session
from storage.sql import Sql, upsert
from storage.tables import replica

SILENT: Micros = 60 * SECOND
"""Whose runner has not been seen for so long may be judged by others."""

SCHEMA = Sql("SELECT version_num FROM alembic_version")
BEAT = upsert(replica)
FORGET = Sql("DELETE FROM replica WHERE id = :id OR seen_at < :before")
LIVING = Sql("SELECT id, version FROM replica WHERE seen_at >= :since ORDER BY id")
LAST = Sql("SELECT MAX(seen_at) AS seen FROM replica")
OTHERS = Sql("SELECT seen_at FROM replica WHERE id <> :id")
SERVER = Sql("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS now")
SEEN = Sql("SELECT MAX(seen_at) AS seen FROM replica WHERE runner = :runner")


@dataclass(frozen=True, slots=True)
class Replica:
    """A process. version: of the program, such as 1.2.0."""

    id: str
    version: str


async def schema(session: Session) -> str:
    """The revision that the database has now (storage/migrations)."""
    row = await session.row(SCHEMA)
    return "" if row is None else str(row["version_num"])


async def beat(tx: Session, id: str, runner: str, version: str, at: Micros, kept: Micros) -> None:
    """This process lived at that moment. kept: rows of others that were seen last longer ago are removed."""
    await tx.change(FORGET, id=id, before=at - kept)
    await tx.change(BEAT, id=id, runner=runner, version=version, seen_at=at)


async def forget(tx: Session, id: str) -> None:
    """This process ends."""
    await tx.change(FORGET, id=id, before=0)


async def living(session: Session, since: Micros) -> list[Replica]:
    """Who was seen since then."""
    return [Replica(**row) for row in await session.rows(LIVING, since=since)]


async def last(session: Session) -> Micros:
    """When any process was seen last; 0 if none is known."""
    row = await session.row(LAST)
    return 0 if row is None else row["seen"] or 0


async def others(session: Session, id: str) -> list[Micros]:
    """When each other process was seen last."""
    return [row["seen_at"] for row in await session.rows(OTHERS, id=id)]


async def server_time(session: Session) -> Micros:
    """What the server's clock shows."""
    row = await session.row(SERVER)
    assert row is not None
    return int(row["now"])


async def seen(session: Session, runner: str) -> Micros | None:
    """When a process with this runner directory was seen last; None if none is known."""
    row = await session.row(SEEN, runner=runner)
    return None if row is None else row["seen"]
