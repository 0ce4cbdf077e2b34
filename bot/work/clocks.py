"""The time that Tocsin goes by, and when it was set.

On PostgreSQL it is that of the database's server, which all replicas share, whatever the clocks of their machines show. Each asks
for it when it begins and with every beat of its pulse, and counts on from there by its monotonic clock. On SQLite there is nobody
to share it with: it is the machine's.
"""

import asyncio
from typing import Any

from bot.domain.terms import SECOND, Micros
from bot.ports import Clock
from bot.telemetry import log
from storage import replicas
from storage.session import Session
from storage.store import SqlStore

LIVING: Micros = 15 * SECOND
"""Who was seen within this time counts as alive."""
STEP: Micros = 60 * SECOND
"""A clock that shows so much more or less than it should was set."""
CLOSE: Micros = SECOND // 4
"""The clocks of two replicas may differ by twice as much; and by what a question to the database takes."""
TURN = "clock"
"""What the clock showed when people were told last that it was set."""


class SharedClock(Clock):
    """The server's clock. Until it is asked for the first time, the machine's."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._at = machine.now(), machine.monotonic()
        self._warned = False

    def now(self) -> Micros:
        at, asked = self._at
        return at + round((self._machine.monotonic() - asked) * SECOND)

    def monotonic(self) -> float:
        return self._machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    async def wait(self, future: "asyncio.Future[Any]", seconds: float) -> bool:
        return await self._machine.wait(future, seconds)

    async def ask(self, session: Session) -> None:
        """Go by what the server's clock shows now. StoreAway."""
        began = self._machine.monotonic()
        shown = await replicas.server_time(session)
        ended = self._machine.monotonic()
        half = round((ended - began) * SECOND / 2)
        if abs(shown + half - self.now()) > CLOSE + half:
            self._at = shown + half, ended
        self._compare(self._machine.now() - self.now())

    def _compare(self, off: Micros) -> None:
        """People should know: what others tell us the time of (alerts, Slack) is compared with the server's clock."""
        if abs(off) > STEP and not self._warned:
            ahead = off / SECOND
            log(
                "this machine's clock is not the database server's; we go by the server's", level="warning", ahead=ahead
            )
        self._warned = abs(off) > STEP


def common(database_url: str, machine: Clock) -> Clock:
    """The clock of all who work on this database."""
    return machine if database_url.startswith("sqlite") else SharedClock(machine)


async def begin(clock: Clock, store: SqlStore) -> None:
    """What is written first is written by the right time, too. StoreAway."""
    if isinstance(clock, SharedClock):
        async with store.read() as reads:
            await clock.ask(reads)


class Steps:
    """untold: by how much our clock was set (µs, forward or back), until those who should know are `told`; 0 if it was not.
    since: what names this step, whoever tells it."""

    def __init__(self, store: SqlStore, clock: Clock, id: str) -> None:
        self._store = store
        self._clock = clock
        self._id = id
        self._at = clock.now(), clock.monotonic()
        self._known: Micros = 0
        self.untold: Micros = 0
        self.since: Micros = 0

    @property
    def open(self) -> bool:
        """Our clock was set, and that is not told yet."""
        return self.untold != 0 or abs(self._step()) > STEP

    def told(self) -> None:
        self.untold = 0

    def _step(self) -> Micros:
        """How much more has passed by the clock since the last look than by the monotonic one."""
        now, passed = self._clock.now(), self._clock.monotonic()
        return now - self._at[0] - round((passed - self._at[1]) * SECOND)

    async def look(self) -> None:
        """Before we show ourselves to the others. StoreAway: nothing was looked at.

        By whose clock somebody else lives already, he has told it, or only we stood still.
        """
        async with self._store.read() as reads:
            if isinstance(self._clock, SharedClock):
                await self._clock.ask(reads)
            told = await reads.turn(TURN)
            others = await replicas.others(reads, self._id)
        now, step = self._clock.now(), self._step()
        if abs(step) > STEP and not any(abs(seen - now) <= LIVING for seen in others):
            self.since = self.since if self.untold else self._known
            self.untold += step
        self._at, self._known = (now, self._clock.monotonic()), told
