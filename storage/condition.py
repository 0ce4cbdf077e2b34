"""How a database is found, for `tocsin check`: looked at and never changed, also beside a running bot."""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.errors import StartError
from storage.migrations import HEAD, revision_of
from storage.opening import sound
from storage.sqlite import connect


@dataclass(frozen=True, slots=True)
class Condition:
    """there: it has been written before; schema: its revision, "" if it has none; newest: what this program would make of it."""

    there: bool
    schema: str = ""
    newest: str = HEAD


async def condition(url: str) -> Condition:
    """The database at `sqlite:///path` or `postgresql://…`. StartError: it is damaged, or cannot be reached or made."""
    if url.startswith("sqlite:///"):
        return await asyncio.to_thread(_sqlite, Path(url.removeprefix("sqlite:///")))
    return await asyncio.to_thread(_postgres, url)


def _sqlite(path: Path) -> Condition:
    if not path.exists():
        if not os.access(path.absolute().parent, os.W_OK):
            raise StartError(f"There is no database {path}, and its folder cannot be written.")
        return Condition(False)
    try:
        sound(path, write=False)
        with closing(connect(path, write=False)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    except sqlite3.Error as error:
        raise StartError(f"The database {path} cannot be read: {error}.") from error
    return Condition(True, str(found["version_num"]) if found else "")


def _postgres(url: str) -> Condition:
    try:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    except ImportError as error:
        raise StartError("PostgreSQL needs its driver: pip install 'tocsin[postgres]'.") from error
    try:
        with engine.connect() as connection:
            schema = revision_of(connection)
    except DBAPIError as error:
        raise StartError(f"PostgreSQL does not answer: {str(error.orig).splitlines()[0]}") from error
    finally:
        engine.dispose()
    return Condition(bool(schema), schema)
