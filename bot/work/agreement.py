"""Whether our clock shows what the clocks of the other replicas show. By one that does not, people would be late or early for
everybody: its process stands apart, until its clock is right or nobody is left who goes by another.

Nobody stands apart from somebody who does so himself. So at least one process always works.
"""

from collections.abc import Mapping, Sequence

from bot.domain.terms import SECOND, Micros
from bot.ports import Clock
from bot.text import Span, Text, t
from storage import replicas
from storage.store import SqlStore

LIVING: Micros = 15 * SECOND
"""Who was seen within this time counts as alive."""
STEP: Micros = 60 * SECOND
"""A clock that is off by more than this was set."""


class Agreement:
    """id: of this process. off: by how much our clock was set (µs, forward or back) as long as it is not known to agree, else 0;
    apart: somebody goes by the time that it showed before; untold: by how much it was set, until those who should know are `told`,
    0 if it was not; alone: nobody else goes by what it showed before.
    """

    def __init__(self, store: SqlStore, clock: Clock, id: str) -> None:
        self._store = store
        self._clock = clock
        self._id = id
        self._at = clock.now(), clock.monotonic()
        self._known: Mapping[str, Micros] = {}
        self._heard = 0.0
        self._begun = False
        self.off: Micros = 0
        self.apart = False
        self.untold: Micros = 0
        self.alone = True

    @property
    def open(self) -> bool:
        """Our clock was set, and it is not known yet whether those of the others were, or not told."""
        return self.off != 0 or self.untold != 0 or abs(self._step()) > STEP

    def told(self) -> None:
        self.untold = 0

    def _step(self) -> Micros:
        """By how much two clocks have moved differently since the last look: so much the wall's was set."""
        now, passed = self._clock.now(), self._clock.monotonic()
        return now - self._at[0] - round((passed - self._at[1]) * SECOND)

    async def look(self) -> None:
        """Compare with what the others show. StoreAway: nothing is compared."""
        now, step, passed = self._clock.now(), self._step(), self._clock.monotonic()
        first = not self._begun and self._store.shared
        if self.off or abs(step) > STEP or first:
            async with self._store.read() as reads:
                others = await replicas.others(reads, self._id)
                server = await replicas.server_time(reads) if first else now
            if abs(step) > STEP:
                self._was_set(step, list(others.values()), now)
            elif first:
                self._begin(now - server, list(others.values()), server)
            else:
                self._goes_on([seen for id, seen in others.items() if self._known.get(id) != seen], now)
            self._known = others
        self._at, self._begun = (now, passed), True

    def _begin(self, off: Micros, others: Sequence[Micros], server: Micros) -> None:
        """Who begins with another time than the server's, which is also that of somebody who lives, has a wrong clock."""
        if abs(off) > STEP and any(_near(seen, server) for seen in others):
            self.off, self.apart, self._heard = off, True, self._clock.monotonic()

    def _was_set(self, step: Micros, others: Sequence[Micros], now: Micros) -> None:
        """What the others show now, the next beats tell."""
        self.alone = not self.off and not any(_near(seen, now - step) for seen in others)
        self.untold = step
        off = self.off + step
        self.off = 0 if self.alone or abs(off) <= STEP else off
        self.apart, self._heard = False, self._clock.monotonic()

    def _goes_on(self, beaten: Sequence[Micros], now: Micros) -> None:
        """beaten: what those show who have shown themselves since the last look."""
        if any(_near(seen, now - self.off) for seen in beaten):
            self.apart, self._heard = True, self._clock.monotonic()
        elif any(_near(seen, now) for seen in beaten):
            self.off, self.apart = 0, False
        elif self._clock.monotonic() - self._heard > LIVING / SECOND:  # they have gone, and it is as if it were set now
            self.untold, self.alone = self.off, True
            self.off, self.apart = 0, False

    def sentence(self) -> Text:
        """Why this process stands back."""
        by = Span(abs(self.off))
        said = t("forward by {by}", by=by) if self.off > 0 else t("back by {by}", by=by)
        return t(
            "The clock of this machine was set {said}, and those of the other replicas were not. It stands back until they agree:"
            " set it right.",
            said=said,
        )


def _near(one: Micros, other: Micros) -> bool:
    return abs(one - other) <= LIVING
