"""A transaction's statements, whoever carries them out.

Code of this package is written once, as coroutines whose only awaits are statements (`await tx.rows(SQL, lane="x")`). They run in
two ways. *Live*: each statement goes to the database when it is awaited. *As a script*: the coroutine is driven by hand inside
the database's own thread (`drive`), which saves the way there and back for each statement; a busy ingest needs that.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

from bot.domain.terms import Micros
from storage.sql import Found, Params, Sql, Values

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """One statement to carry out. want: rows → list of Found; count → rows changed; many → once for each of params (values in
    the order of sql.names) → rows changed in all."""

    sql: Sql
    params: Params | Sequence[Values]
    want: Literal["rows", "count", "many"]

    def __await__(self) -> "Generator[Ask, Any, Any]":
        return (yield self)


async def as_script(ask: Ask) -> Any:
    """Hand the statement to whoever drives the script."""
    return await ask


def drive(script: Coroutine[Any, Any, T], execute: Callable[[Ask], Any]) -> T:
    """Run a coroutine that awaits nothing but statements, here and now. It cannot catch what a statement raises."""
    try:
        ask = script.send(None)
        while True:
            ask = script.send(execute(ask))
    except StopIteration as end:
        found: T = end.value
        return found
    finally:
        script.close()


Whole: TypeAlias = Callable[[Coroutine[Any, Any, Any]], Awaitable[Any]]
"""Carries out a script whose statements are handed to it by `as_script`."""


class Session:
    """What statements need: somebody who carries them out, the moment, and what to do after the commit."""

    def __init__(
        self,
        ask: Callable[[Ask], Awaitable[Any]],
        now: Micros,
        driver_connection: Any = None,
        at_once: Whole | None = None,
        at_last: Whole | None = None,
    ) -> None:
        self._ask = ask
        self._at_once, self._at_last = at_once, at_last
        self.now = now
        self.driver_connection = driver_connection
        self.beforehand: list[Callable[[], Awaitable[None]]] = []
        self.afterwards: list[Callable[[], None]] = []

    @property
    def shared(self) -> bool:
        """Others may write at the same time (PostgreSQL); otherwise this transaction is the only one that writes."""
        return self.driver_connection is not None

    async def whole(self, script: Coroutine[Any, Any, T]) -> T:
        """Carry out a coroutine that awaits nothing but statements of this session, in one go where that is cheaper: then each of
        them is a call within the database's thread, and not a way there and back past all else that the program does."""
        return await self._carried_out(script, self._at_once)

    async def last(self, script: Coroutine[Any, Any, T]) -> T:
        """The same for what a transaction does at its very end: the commit goes with it."""
        return await self._carried_out(script, self._at_last)

    async def _carried_out(self, script: Coroutine[Any, Any, T], by: Whole | None) -> T:
        if by is None or self._ask is as_script:
            return await script
        live, self._ask = self._ask, as_script
        try:
            found: T = await by(script)
        finally:
            self._ask = live
        return found

    async def rows(self, sql: Sql, **params: Any) -> list[Found]:
        """Rows that the statement finds (or returns)."""
        found: list[Found] = await self._ask(Ask(sql, params, "rows"))
        return found

    async def row(self, sql: Sql, **params: Any) -> Found | None:
        """The first row, None if there is none."""
        found = await self.rows(sql, **params)
        return found[0] if found else None

    async def change(self, sql: Sql, **params: Any) -> int:
        """Carry out a change; how many rows it touched."""
        touched: int = await self._ask(Ask(sql, params, "count"))
        return touched

    async def many(self, sql: Sql, rows: Sequence[Params]) -> None:
        """Carry out a change once for each row given, in order."""
        names = sql.names
        await self.lines(sql, [tuple([row[name] for name in names]) for row in rows])

    async def lines(self, sql: Sql, rows: Sequence[Values]) -> int:
        """The same with rows whose values stand in the order of sql.names: for what is written by the thousand. How many rows of
        the table it touched."""
        touched: int = await self._ask(Ask(sql, rows, "many")) if rows else 0
        return touched

    def before_commit(self, call: Callable[[], Awaitable[None]]) -> None:
        """Call this once all else is done, still inside the transaction."""
        self.beforehand.append(call)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this in the event loop once the transaction is committed; never if it is rolled back."""
        self.afterwards.append(call)
