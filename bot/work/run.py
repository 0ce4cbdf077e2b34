"""A run through a lane, and the ways in which it can be over before its time."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import StoreAway
from bot.ports import Engine
from bot.telemetry import count, log


class Late(Exception):
    """Somebody else has taken over this lane: everything in the transaction is rolled back."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that was caught."""

    error: Exception

    @property
    def reason(self) -> str:
        return f"{type(self.error).__name__}: {self.error}"


def failed(where: str, said: str, error: Exception, what: str) -> None:
    """Into the log. A database that was away is nobody's fault in here: it counts elsewhere, and needs no traceback."""
    if isinstance(error, StoreAway):
        log(said, level="warning", reason=error.for_log(), what=what)
        return
    count("failures", where=where)
    log(said, level="error", error=error, what=what)


@dataclass(slots=True)
class Run:
    """One run through a lane. fence: None until it has changed something."""

    lane: str
    engine: Engine
    go_on: Callable[[], bool]
    fence: int | None = None
