"""The schema's history, run by the program itself: `upgrade(url)` brings a database to the present, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StartError
from bot.telemetry import log
from storage import address
from storage.database import BOUND

HEAD = "0005"
"""The newest revision (a test compares it with the files)."""
COPYING = "copying"
"""Stands in the revision's place while `tocsin db copy` fills a database: until it is whole, no version of Tocsin opens it."""
TURNS = 60
"""Seconds that somebody who wants to change the schema waits for who does."""
KEY = 6478926
LOCK = text(f"SELECT pg_try_advisory_xact_lock({KEY})")
_HERE = Path(__file__).parent


def upgrade(url: str, to: str = HEAD, scripts: Path = _HERE) -> str:
    """Bring the database to revision `to` in one transaction; the revision it had before, "" if it was empty.

    Raises StartError for a schema newer than this program, for a server that does not answer, and where another program changes the
    schema without end.
    """
    if url.startswith("postgresql") and schema_of(url) == to:
        return to  # nobody has to wait for those who change something
    with changing(url) as connection:
        found = revision_of(connection)
        if found != to:
            run(connection, to, scripts)
        return found


@contextmanager
def changing(url: str, turns: int = TURNS) -> Iterator[Connection]:
    """A transaction that changes the schema; on PostgreSQL whoever else begins one waits for its end, for `turns` seconds at most.
    Raises StartError."""
    engine = _engine(url)
    try:
        with _one_at_a_time(engine, turns) as connection:
            yield connection
    except DBAPIError as error:
        raise StartError(f"The database cannot be brought up to date: {error.orig}") from error
    finally:
        engine.dispose()


def schema_of(url: str) -> str:
    """The revision of a server's database, "" if it has none. Raises StartError."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET statement_timeout = {BOUND * 1000:.0f}"))
            return revision_of(connection)
    except DBAPIError as error:
        raise StartError(f"PostgreSQL cannot be used: {str(error.orig).splitlines()[0]}") from error
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str:
    """The schema's revision, "" for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def run(connection: Connection, to: str = HEAD, scripts: Path = _HERE) -> None:
    """The revisions up to `to`, in the transaction of this connection. Raises StartError for a schema that is not ours."""
    from alembic import command
    from alembic.config import Config

    judge(revision_of(connection), scripts)
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def judge(found: str, scripts: Path = _HERE) -> None:
    """Raises StartError for a revision that this program must leave alone: a newer one, or a copy that did not end."""
    if found in ("", HEAD):
        return
    if found == COPYING:
        raise StartError(
            "The database holds a copy that did not end, so something is missing in it."
            " Run the same `tocsin db copy` again: it begins anew."
        )
    from alembic.script import ScriptDirectory

    if found not in {script.revision for script in ScriptDirectory(str(scripts)).walk_revisions()}:
        raise StartError(
            f"The database was written by a newer Tocsin (schema {found}). Use that version, or another database."
        )


def mark(connection: Connection, revision: str) -> None:
    """Write the revision by hand: what `tocsin db copy` does at its beginning and its end."""
    connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _engine(url: str) -> Engine:
    """A short-lived engine; on SQLite every transaction begins IMMEDIATE, so that schema changes can be taken back."""
    if not url.startswith("sqlite"):
        own = {} if "connect_timeout" in url else {"connect_timeout": round(BOUND)}
        # SQLAlchemy reads addresses in its own way, and not those of several hosts.
        return create_engine("postgresql+psycopg://", poolclass=NullPool, creator=lambda: _connected(url, **own))
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(engine, "connect", _wal)
    return engine


def _connected(url: str, **own: Any) -> Any:
    import psycopg

    address.judge(url)
    return psycopg.connect(url, **own)


def _wal(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _one_at_a_time(engine: Engine, turns: int) -> Iterator[Connection]:
    """Where others may change the schema, too, wait for their end: a second at a time, in words."""
    for turn in range(turns):
        with engine.begin() as connection:
            if engine.dialect.name != "postgresql" or connection.execute(LOCK).scalar():
                yield connection
                return
            if turn == 0:
                log("another Tocsin changes the database's schema: waiting for its end", level="warning")
            connection.execute(text("SELECT pg_sleep(1)"))
    raise StartError(
        f"Another program has been changing the database's schema for {turns} s. See whether it hangs:"
        f" it holds the advisory lock {KEY}."
    )
