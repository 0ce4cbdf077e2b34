"""Opening a database: by its URL, with its lock, brought to the present schema; or one clear line why not."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.errors import StartError
from bot.ports import Clock, Ids
from storage.database import Database
from storage.migrations import upgrade
from storage.pidlock import PidLock
from storage.schema import readable, schema_of_file, schema_of_server
from storage.sqlite import Sqlite
from storage.sqlite_file import connect
from storage.store import SqlStore, unwatched

RESTORING = ".restoring"
"""Ends the name of what `tocsin db restore` is about to put in the database's place."""
LOOKED_THROUGH = 64 * 1024 * 1024
"""A file up to this size (bytes) is checked page by page at every start."""


async def open_store(
    url: str,
    clock: Clock,
    ids: Ids,
    *,
    write: bool = True,
    beside: bool = False,
    watch: Callable[[str], None] = unwatched,
) -> SqlStore:
    """The store at `sqlite:///path` or `postgresql://…`, its schema brought up to date.

    write=False: for commands that only read, beside a running bot; nothing is migrated. beside=True: so, too, but a
    row that no bot keeps in mind can be written (SQLite itself lets one writer after the other). Raises StartError: the
    database is in use, damaged, of a newer version (for reading: of another one), a copy that did not end, or cannot be reached.
    """
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        database: Database = await asyncio.to_thread(_open_sqlite, path, write and not beside, beside)
    elif url.startswith("postgresql://"):
        database = await _open_postgres(url, write and not beside)
    else:
        raise StartError("TOCSIN_DATABASE_URL must begin with sqlite:/// or postgresql://")
    return SqlStore(database, clock, ids, watch)


async def _open_postgres(url: str, write: bool) -> Database:
    try:
        from storage.postgres import Postgres
    except ImportError as error:
        raise StartError("PostgreSQL needs its driver: pip install 'tocsin[postgres]'.") from error
    if write:
        await asyncio.to_thread(upgrade, url)
    else:
        readable(await asyncio.to_thread(schema_of_server, url))
    return Postgres(url)


def _open_sqlite(path: Path, write: bool, beside: bool) -> Sqlite:
    lock = PidLock(path.with_name(path.name + ".lock")) if write else None
    try:
        sound(path, write)
        if write:
            new = not path.exists()
            upgrade(f"sqlite:///{path}")
            if new:
                path.chmod(0o600)  # it holds private incidents; SQLite makes the files beside it in its likeness
        else:
            readable(schema_of_file(path))
    except BaseException as error:
        if lock:
            lock.free()
        if isinstance(error, sqlite3.Error):
            damaged = f"The database {path} is damaged ({error}). Restore a backup; nothing was changed."
            raise StartError(damaged) from error
        raise
    return Sqlite(path, lock, beside)


def sound(path: Path, write: bool) -> None:
    """Never a silently new database in place of a lost or damaged one. Raises StartError, sqlite3.Error."""
    if not path.exists():
        _absent(path, write)
        return
    if path.is_dir():
        raise StartError(f"The database {path} is a folder. Name a file in it: sqlite:///{path}/tocsin.db")
    if path.stat().st_size == 0:
        raise StartError(f"The database {path} is an empty file. Restore a backup, or remove it to begin anew.")
    with closing(connect(path, write=False)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if path.stat().st_size <= LOOKED_THROUGH:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()["quick_check"]
            if found != "ok":
                raise StartError(
                    f"The database {path} is damaged ({' '.join(found.split())}). Restore a backup; nothing was changed."
                )


def _absent(path: Path, write: bool) -> None:
    """Nothing is there: it begins anew only if nothing was there before."""
    if path.with_name(path.name + RESTORING).exists():
        raise StartError(f"A restore of the database {path} did not end. Run the same `tocsin db restore` again.")
    if path.with_name(path.name + "-wal").exists():
        raise StartError(
            f"The database {path} is gone, but its -wal file is there: put the file back where it was, then nothing is lost."
            " Else restore a backup; with the -wal file gone as well, it begins anew, empty."
        )
    if not write:
        raise StartError(f"There is no database {path}.")
