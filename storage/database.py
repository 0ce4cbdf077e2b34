"""What the store needs of a database: transactions, snapshots, scripts."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.errors import StoreAway
from storage.session import Ask, Whole

T = TypeVar("T")
BOUND = 5.0
"""Seconds of real time after which the database counts as away."""


class Deadlock(StoreAway):
    """This transaction was rolled back for no reason of its own (two waited for each other, the tables were altered); it may be
    repeated at once."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection in the middle of a transaction. driver: psycopg's connection, None on SQLite. at_once: carries out several
    statements in one go, None where that is no cheaper; at_last: the same, with the commit behind them."""

    ask: Callable[[Ask], Awaitable[Any]]
    driver: Any = None
    at_once: Whole | None = None
    at_last: Whole | None = None


Script: TypeAlias = Callable[[Wire], Coroutine[Any, Any, T]]
Committed: TypeAlias = Callable[[], None]


class Database(Protocol):
    """One of the two databases. Everything raises StoreAway when the database cannot be reached within BOUND."""

    shared: bool
    """Whether several processes may use it at once."""

    def transaction(self, committed: Committed) -> AbstractAsyncContextManager[Wire]:
        """Commits with `at_last` where there is one, else at the end of the block, then calls `committed` in the event loop; rolls
        back on an exception."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Wire]:
        """Reading only; all questions see the same moment."""
        ...

    async def run(self, script: Script[T], committed: Committed) -> T:
        """A transaction whose coroutine awaits nothing but statements: in one go where that is cheaper."""
        ...

    async def close(self) -> None: ...
