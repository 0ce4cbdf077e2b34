"""Which schema a database has, found out without changing anything, also beside a running bot."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StartError
from storage.migrations import HEAD, judge, schema_of
from storage.sqlite_file import connect


def schema_of_file(path: Path) -> str:
    """The revision of an SQLite file, "" if it has none. Raises StartError."""
    try:
        with closing(connect(path, write=False)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    except sqlite3.Error as error:
        raise StartError(f"The database {path} cannot be read: {error}.") from error
    return str(found["version_num"]) if found else ""


def schema_of_server(url: str) -> str:
    """The revision of a PostgreSQL database, "" if it has none. Raises StartError."""
    try:
        return schema_of(url)
    except ImportError as error:
        raise StartError("PostgreSQL needs its driver: pip install 'tocsin[postgres]'.") from error


def readable(schema: str) -> None:
    """Raises StartError unless this program may read such a database as it is."""
    if schema == HEAD:
        return
    judge(schema)
    if not schema:
        raise StartError("The database holds nothing yet; `tocsin serve` or `tocsin db upgrade` makes its tables.")
    raise StartError(f"The database has schema {schema}, this Tocsin needs {HEAD}: run `tocsin db upgrade` first.")
