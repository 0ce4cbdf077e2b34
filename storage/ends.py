"""The two ends of a copy: held so that nobody else uses them, and the target marked for as long as it is not whole."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, exists, select

from bot.errors import StartError
from bot.ports import Clock
from storage import address, migrations
from storage.database import Database
from storage.opening import sound
from storage.pidlock import PidLock
from storage.schema import readable, schema_of_file, schema_of_server
from storage.sqlite import Sqlite
from storage.tables import metadata

# A bot has connections for as long as it runs. Those of other roles (a monitor's, say) are nobody's concern.
OTHERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND application_name <> %s ORDER BY pid"
)
PATIENCE = 2.0
"""Seconds for sessions that are about to end: of somebody who only looked, or of a process that was killed."""


@dataclass(frozen=True)
class End:
    """A database that we alone use. url: as we connect to it; name: ours among a server's connections, "" on SQLite."""

    url: str
    database: Database
    name: str = ""

    @property
    def server(self) -> bool:
        return bool(self.name)


@asynccontextmanager
async def held(url: str, write: bool, clock: Clock) -> AsyncIterator[End]:
    """The database at `sqlite:///path` or `postgresql://…`, for us alone. Raises StartError: in use, damaged, not there."""
    if url.startswith("sqlite:///"):
        end = await asyncio.to_thread(_file, Path(url.removeprefix("sqlite:///")), write)
    elif url.startswith("postgresql://"):
        end = _server(url)
    else:
        raise StartError("A database is written as sqlite:///path or postgresql://…")
    try:
        await alone(end, clock)
        yield end
    finally:
        await end.database.close()


def same(source: str, target: str) -> bool:
    """Whether both addresses lead to one file. (Of servers it is seen by what is in them.)"""
    files = [Path(url.removeprefix("sqlite:///")).resolve() for url in (source, target) if url.startswith("sqlite:///")]
    return len(files) == 2 and files[0] == files[1]


def _file(path: Path, write: bool) -> End:
    if not write and not path.exists():
        sound(path, write)  # which says so, and leaves no lock beside a file that is not there
    lock = PidLock(path.with_name(path.name + ".lock"))
    try:
        sound(path, write)
    except sqlite3.Error as error:
        lock.free()
        raise StartError(f"The database {path} is damaged ({error}).") from error
    except BaseException:
        lock.free()
        raise
    return End(f"sqlite:///{path}", Sqlite(path, lock))


def _server(url: str) -> End:
    try:
        from storage.postgres import Postgres
    except ImportError as error:
        raise StartError("PostgreSQL needs its driver: pip install 'tocsin[postgres]'.") from error
    address.judge(url)
    name = f"tocsin db copy {os.getpid()}"
    base, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("application_name=")]
    ours = f"{base}?{'&'.join([*kept, 'application_name=' + name.replace(' ', '%20')])}"
    return End(ours, Postgres(ours), name)


async def alone(end: End, clock: Clock) -> None:
    """Raises StartError if somebody else stays connected with the same role. (An SQLite file is locked already.)"""
    if not end.server:
        return
    given_up = clock.monotonic() + PATIENCE
    while found := await asyncio.to_thread(_others, end):
        if clock.monotonic() > given_up:
            raise StartError(
                f"The PostgreSQL database is in use (server processes {', '.join(found)})."
                " Stop every Tocsin that uses it, and close other sessions of the same role."
            )
        await clock.sleep(0.1)


def _others(end: End) -> list[str]:
    import psycopg

    try:
        with psycopg.connect(end.url, autocommit=True) as connection:
            return [str(row[0]) for row in connection.execute(OTHERS, (end.name,))]
    except psycopg.OperationalError as error:
        raise StartError(f"PostgreSQL cannot be used: {str(error).splitlines()[0]}") from error


def present(source: End) -> None:
    """Raises StartError unless the source has the schema of this program."""
    path = source.url.removeprefix("sqlite:///")
    readable(schema_of_server(source.url) if source.server else schema_of_file(Path(path)))


def begin(target: End) -> None:
    """Make the target's tables and mark it. What an interrupted copy left is removed; anything else is refused."""
    with migrations.changing(target.url) as connection:
        found = migrations.revision_of(connection)
        if found == migrations.COPYING:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))
        else:
            if found != migrations.HEAD:
                migrations.run(connection)
            _empty(connection)
        migrations.mark(connection, migrations.COPYING)


def _empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(exists().select_from(table))).scalar():
            raise StartError(
                f"The target is not empty: its table {table.name} has rows. Copy into a new database; nothing was changed."
            )


def finish(target: End) -> None:
    """The target is whole: from now on it may be opened."""
    with migrations.changing(target.url) as connection:
        migrations.mark(connection, migrations.HEAD)
