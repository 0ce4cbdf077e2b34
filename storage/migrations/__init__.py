"""The schema's history, run by the program itself: `upgrade(url)` brings a database to the present, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StartError

HEAD = "0001"
"""The newest revision (a test compares it with the files)."""
_HERE = Path(__file__).parent


def upgrade(url: str, to: str = HEAD, scripts: Path = _HERE) -> None:
    """Bring the database to revision `to` in one transaction.

    Raises StartError for a schema newer than this program and for a server that does not answer.
    """
    engine = _engine(url)
    try:
        with _one_at_a_time(engine) as connection:
            if revision_of(connection) != to:
                _run(connection, to, scripts)
    except DBAPIError as error:
        raise StartError(f"The database cannot be brought up to date: {error.orig}") from error
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str:
    """The schema's revision, "" for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _run(connection: Connection, to: str, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = revision_of(connection)
    if found and found not in known:
        raise StartError(
            f"The database was written by a newer Tocsin (schema {found}). Use that version, or another database."
        )
    command.upgrade(config, to)


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
