"""What goes wrong on the way to the app: a plan of mishaps, each for so many deliveries."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.workspace.gate import drawn

Mischief = Literal["lost", "unheard", "twice", "late", "swapped", "disconnect"]
MISCHIEF: dict[Mischief, str] = {
    "lost": "what is sent to the app gets lost",
    "unheard": "the app gets it, and its ack is not heard",
    "twice": "the app gets it two times",
    "late": "the app gets it only after a while",
    "swapped": "the app gets it after the event that follows it",
    "disconnect": "the socket breaks, and it is not delivered",
}


@dataclass(slots=True)
class Mishap:
    """For the next `times` deliveries of a `kind` (events_api, slash_commands, interactive; `*`: any), after `skip` that go well.

    after: seconds that late waits, and that swapped waits at most.
    """

    mischief: Mischief
    kind: str = "events_api"
    times: int = 1
    skip: int = 0
    after: float = 10


async def _nothing() -> None:
    """There is no socket in HTTP mode."""


@dataclass(slots=True)
class Mishaps:
    """hang_up: breaks the connection of the app without a word."""

    plan: list[Mishap] = field(default_factory=list)
    hang_up: Callable[[], Awaitable[None]] = _nothing
    _passed: "list[asyncio.Future[None]]" = field(default_factory=list)

    def take(self, kind: str) -> Mishap | None:
        """What befalls this delivery; one of its times is used up."""
        return drawn(self.plan, lambda mishap: mishap.kind in ("*", kind))

    def overtaken(self) -> "asyncio.Future[None]":
        """Done as soon as another event went past."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._passed.append(future)
        return future

    def passes(self) -> None:
        """An event was delivered: what waited for that follows."""
        for future in self._passed:
            if not future.done():
                future.set_result(None)
        self._passed.clear()
