"""Whether Slack is there: looked at every few seconds, and kept as one interval of the whole organisation.

Slack is away if nobody of us reaches it, or if it brings us nothing although it takes what we post. With replicas it is away only
if it is away for all of them: one that reaches it ends the interval, or keeps it from beginning.
"""

from bot.domain.state import Interval
from bot.domain.terms import SECOND, Micros
from bot.errors import StoreAway
from bot.flows import absence
from bot.flows.desk import Desk
from bot.ports import EVERYTHING
from bot.slack.connection import Connection, Leave
from bot.slack.echo import Echo
from bot.telemetry import log

EVERY = 5.0
"""Seconds between two looks."""
ASK = 15.0
"""Seconds between two questions to Slack while an incident is open; there are no others that must be asked."""
GRACE: Micros = 10 * SECOND
"""Slack that is away for less is not talked about: its socket is renewed from time to time."""
REACHED, HEARD = "slack reached", "slack heard"
"""Turns in which replicas tell each other when they reached Slack last, and what came back."""
DEAF, UNREACHABLE = "deaf", "unreachable"


class Watch:
    """doubt: since when Slack seems to be away from here, None while it is there."""

    def __init__(self, desk: Desk, slack: Connection, echo: Echo, shared: bool) -> None:
        self._desk = desk
        self._slack = slack
        self._echo = echo
        self._shared = shared
        self._known: Micros = 0
        self._settled = False
        self._asked = self._knocked = float("-inf")
        self.doubt: Micros | None = None

    async def run(self, leave: Leave) -> None:
        """For ever, while this process may work."""
        while True:
            await leave.may_work()
            try:
                await self.beat()
            except StoreAway as error:
                log("Slack cannot be watched", level="warning", reason=error.for_log())
            await self._desk.clock.sleep(EVERY)

    async def beat(self) -> None:
        """Once. StoreAway."""
        async with self._desk.store.read() as reads:
            outage = await reads.outage()
            reached = await reads.turn(REACHED) if self._shared else 0
            self._echo.know(await reads.turn(HEARD))
            somebody_waits = bool(await reads.incidents(EVERYTHING, limit=1))
        now, lasts = self._desk.clock.now(), outage is not None and outage.end is None
        if somebody_waits:
            await self._ask()
        why = await self._trouble(outage if lasts else None)
        if not why:
            self.doubt = None
            await self._tell(now)
        elif self.doubt is None:
            self.doubt = self._echo.overdue or now
        if lasts and not why:
            await absence.slack_is_back(self._desk, now)
        elif self.doubt is not None and not lasts and now - max(self.doubt, reached) >= GRACE:
            await absence.slack_is_away(self._desk, max(self.doubt, reached), why)
        elif lasts or not self._settled:
            await absence.settle(self._desk)
        self._settled = True

    async def _ask(self) -> None:
        """While an incident is open it must be known that Slack is there before somebody's time is over."""
        passed = self._desk.clock.monotonic()
        if self.doubt is not None or passed - self._asked >= ASK:
            self._asked = passed
            await self._slack.ask()

    async def _trouble(self, outage: Interval | None) -> str:
        """deaf | unreachable; "" if all is well."""
        if not await self._slack.well():
            return UNREACHABLE
        silent = outage is not None and outage.value == DEAF and self._echo.vain < self._echo.heard <= outage.start
        if outage is not None and (silent or self._echo.overdue is not None):
            await self._knock()
        return DEAF if silent or self._echo.overdue is not None else ""

    async def _knock(self) -> None:
        """Show something anew, once a minute, so that Slack has something to bring."""
        passed = self._desk.clock.monotonic()
        if passed - self._knocked >= 60.0:
            self._knocked = passed
            await absence.knock(self._desk)

    async def _tell(self, now: Micros) -> None:
        """The other replicas, and this process after a restart."""
        if self._shared or self._echo.heard != self._known:
            async with self._desk.store.begin() as tx:
                await tx.set_turn(HEARD, self._echo.heard)
                if self._shared:
                    await tx.set_turn(REACHED, now)
            self._known = self._echo.heard
