"""The file of a SQLite database: which it is, and connections to it."""

import sqlite3
from pathlib import Path
from typing import Any

from storage.database import BOUND
from storage.sql import Found


def which(path: Path) -> int:
    """Which file stands there, 0 if none yet. One that is moved away takes along what is written."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def connect(path: Path, write: bool) -> sqlite3.Connection:
    """A connection as this program wants it. Raises sqlite3.Error."""
    mode = "rwc" if write else "ro"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BOUND,
        check_same_thread=False,
    )
    connection.row_factory = _as_dict
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Found:
    return dict(zip([column[0] for column in cursor.description], row))
