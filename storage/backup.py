"""A backup of an SQLite database while it is in use, and one put in its place.

Only SQLite itself opens a database's file: if we opened and closed it ourselves in the bot's own process, the locks that SQLite
holds on it there would be gone. So a file is copied by SQLite's online backup, from a connection that only reads and that sees
one moment; the writer goes on beside it.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.errors import StartError
from bot.ports import Clock, Ids
from storage.audit import verified
from storage.disk import sync_folder
from storage.migrations import judge
from storage.opening import RESTORING
from storage.pidlock import PidLock
from storage.schema import schema_of_file
from storage.sqlite import Sqlite
from storage.sqlite_file import connect
from storage.store import SqlStore

PARTIAL = ".partial"
"""Ends the name of a backup that is not whole yet."""
STEP = 1000
"""Pages copied at a time: 4 MB."""
COUNTS = "SELECT (SELECT count(*) FROM stream WHERE stream LIKE 'inc:%') AS incidents, (SELECT count(*) FROM event) AS events"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database file holds. size: bytes."""

    incidents: int
    events: int
    schema: str
    size: int


def backup(source: Path, target: Path, step: int = STEP) -> Contents:
    """Write the database, as it is at this moment, to the new file `target`, `step` pages at a time.

    Raises StartError; then there is no such file.
    """
    if target.exists():
        raise StartError(f"{target} is there already; a backup overwrites nothing.")
    partial = target.with_name(target.name + PARTIAL)
    try:
        _copy(source, partial, step)
        found = contents(partial)
        partial.rename(target)
        sync_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise StartError(f"There is no backup: {source} could not be copied to {target}: {error}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return found


async def restore(
    file: Path, target: Path, clock: Clock, ids: Ids, anyway: bool = False
) -> tuple[Contents, Path | None]:
    """Put a backup in the place of the database `target`; what it holds, and where the old database is now (if there was one).

    `file` stays as it is. anyway: also if a chain does not verify. Raises StartError: the database is in use; the backup is
    damaged, of a newer version, or does not verify. Then nothing was changed.
    """
    lock = PidLock(target.with_name(target.name + ".lock"))
    ready = target.with_name(target.name + RESTORING)
    try:
        found = await _prepare(file, ready, clock, ids, anyway)
        return found, await asyncio.to_thread(_put, ready, target)
    except (sqlite3.Error, OSError) as error:
        raise StartError(f"{file} cannot be restored: {error}.") from error
    finally:
        lock.free()


def contents(path: Path) -> Contents:
    """Look through every page of a file that nobody uses. Raises StartError, sqlite3.Error."""
    schema = schema_of_file(path)
    if not schema:
        raise StartError("That is no database of Tocsin.")
    judge(schema)
    with closing(connect(path, write=False)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()["integrity_check"]
        if found != "ok":
            raise sqlite3.DatabaseError(" ".join(found.split()))
        return Contents(**connection.execute(COUNTS).fetchone(), schema=schema, size=path.stat().st_size)


async def _prepare(file: Path, ready: Path, clock: Clock, ids: Ids, anyway: bool) -> Contents:
    """Copy the backup to where it will be renamed from, and look through the copy; it is gone again if it is not good."""
    try:
        found = await asyncio.to_thread(_looked_through, file, ready)
        await _verify(file, ready, clock, ids, anyway)
    except BaseException:
        await asyncio.to_thread(ready.unlink, missing_ok=True)
        raise
    return found


def _looked_through(file: Path, ready: Path) -> Contents:
    if not file.exists():
        raise StartError(f"There is no backup {file}.")
    _copy(file, ready)
    return contents(ready)


def _copy(source: Path, target: Path, step: int = STEP) -> None:
    """One file that holds everything (no -wal beside it), readable by us alone."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(source, write=False)) as old, closing(sqlite3.connect(target, isolation_level=None)) as new:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees one moment
        old.backup(new, pages=step)
        new.execute("PRAGMA journal_mode = DELETE")


async def _verify(file: Path, ready: Path, clock: Clock, ids: Ids, anyway: bool) -> None:
    store = SqlStore(Sqlite(ready, None), clock, ids)
    try:
        wrong = (await verified(store)).broken
    finally:
        await store.close()
    if wrong and not anyway:
        raise StartError(
            f"The backup {file} does not verify: {wrong[0].stream}, event {wrong[0].seq}, {wrong[0].why}."
            " `--anyway` restores it as it is; nothing was changed."
        )


def _put(ready: Path, target: Path) -> Path | None:
    """The old database steps aside together with its -wal, without which it would not be whole."""
    names = (target.with_name(f"{target.name}.before-restore-{n}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    had = target.exists()
    if had:
        target.rename(aside)
    for suffix in ("-wal", "-shm"):
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    ready.rename(target)
    sync_folder(target.parent)
    return aside if had else None
