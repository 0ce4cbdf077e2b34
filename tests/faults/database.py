"""The bot's database, read beside it: what is committed, at this very moment and at the end."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.clock import RandomIds, SystemClock
from bot.domain.state import Incident
from bot.ports import Viewer
from storage.audit import broken
from storage.opening import open_store

EVERYTHING = Viewer("bot", all=True)


class Database:
    """Looks never wait, and see nothing before the bot has made its tables."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            if self._opened is None:
                self._opened = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=0)
            return self._opened.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def close(self) -> None:
        """Before the file is looked at as a file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def happened(self, kind: str) -> bool:
        """An event of this kind is committed."""
        return bool(self.rows("SELECT 1 FROM event WHERE kind = ? LIMIT 1", kind))

    def wait_for(self, kind: str, times: int, then: Callable[[], None]) -> None:
        """Call `then` within a fraction of a millisecond after the commit of the event. Blocks: to be called in a thread."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=0)) as looking:
            while looking.execute("SELECT count(*) FROM event WHERE kind = ?", (kind,)).fetchone()[0] < times:
                pass
        then()

    def effects(self, *statuses: str) -> list[str]:
        """Keys of the effects that stand so; decisions of later are left out."""
        found = self.rows("SELECT key, status FROM effect WHERE kind NOT LIKE 'clock.%'")
        return [key for key, status in found if status in statuses]

    async def incident(self, number: int = 1) -> Incident:
        """The incident as the program itself reads it."""
        store = await open_store(f"sqlite:///{self._path}", SystemClock(), RandomIds(), write=False)
        try:
            async with store.read() as reads:
                found = await reads.incident(number, EVERYTHING)
                assert await broken(reads) == []
        finally:
            await store.close()
        assert found is not None
        return found
