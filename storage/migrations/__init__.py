"""The schema's history, run by the program itself: `upgrade(url)` brings a database to the present, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StartError

HEAD = "0005"
"""The newest revision (a test compares it with the files)."""
COPYING = "copying"
"""Stands in the revision's place while `tocsin db copy` fills a database: until it is whole, no version of Tocsin opens it."""
_HERE = Path(__file__).parent


def upgrade(url: str, to: str = HEAD, scripts: Path = _HERE) -> str:
    """Bring the database to revision `to` in one transaction; the revision it had before, "" if it was empty.

    Raises StartError for a schema newer than this program and for a server that does not answer.
    """
    with changing(url) as connection:
        found = revision_of(connection)
        if found != to:
            run(connection, to, scripts)
        return found


@contextmanager
def changing(url: str) -> Iterator[Connection]:
    """A transaction that changes the schema; on PostgreSQL whoever else begins one waits for its end. Raises StartError."""
    engine = _engine(url)
    try:
        with _one_at_a_time(engine) as connection:
            yield connection
    except DBAPIError as error:
        raise StartError(f"The database cannot be brought up to date: {error.orig}") from error
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
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(engine, "connect", _wal)
    return engine


def _wal(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(6478926)"))
        yield connection
