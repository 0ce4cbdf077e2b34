"""How a database is found, for `tocsin check`: looked at and never changed, also beside a running bot."""

import asyncio
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StartError
from storage.migrations import HEAD, judge
from storage.opening import sound
from storage.schema import schema_of_file, schema_of_server


@dataclass(frozen=True, slots=True)
class Condition:
    """there: it has been written before; schema: its revision, "" if it has none; newest: what this program would make of it."""

    there: bool
    schema: str = ""
    newest: str = HEAD


async def condition(url: str) -> Condition:
    """The database at `sqlite:///path` or `postgresql://…`.

    StartError: it is damaged, cannot be reached or made, is newer than this program, or holds a copy that did not end.
    """
    if url.startswith("sqlite:///"):
        found = await asyncio.to_thread(_sqlite, Path(url.removeprefix("sqlite:///")))
    else:
        found = await asyncio.to_thread(_postgres, url)
    judge(found.schema)
    return found


def _sqlite(path: Path) -> Condition:
    if not path.exists():
        if not os.access(path.absolute().parent, os.W_OK):
            raise StartError(f"There is no database {path}, and its folder cannot be written.")
        return Condition(False)
    try:
        sound(path, write=False)
    except sqlite3.Error as error:
        raise StartError(f"The database {path} cannot be read: {error}.") from error
    return Condition(True, schema_of_file(path))


def _postgres(url: str) -> Condition:
    schema = schema_of_server(url)
    return Condition(bool(schema), schema)
