"""Whether our clock shows what the clocks of the other replicas show. By one that does not, people would be late or early for
everybody: its process stands apart, until its clock is right or nobody is left who goes by another.

Nobody stands apart from somebody who does so himself. So at least one process always works.
"""

from collections.abc import Iterable, Mapping

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
    apart: somebody goes by the time that it showed before; alone: when it was set, nobody else went by that."""

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
        self.alone = True

    @property
    def open(self) -> bool:
        """Our clock was set, and it is not known yet whether those of the others were."""
        return self.off != 0 or abs(self._step()) > STEP

    def _step(self) -> Micros:
        now, passed = self._clock.now(), self._clock.monotonic()
        return now - self._at[0] - round((passed - self._at[1]) * SECOND)

    async def look(self) -> Micros:
        """Compare with what the others show. By how much our clock was set long since where all others have gone, else 0: then it
        is as if it were set now. StoreAway: nothing is compared."""
        now, step, passed, left = self._clock.now(), self._step(), self._clock.monotonic(), 0
        first = not self._begun and self._store.shared
        if self.off or abs(step) > STEP or first:
            async with self._store.read() as reads:
                others = await replicas.others(reads, self._id)
                server = await replicas.server_time(reads) if first else now
            if abs(step) > STEP:
                self._was_set(step, others.values(), now)
            elif first:
                self._begin(now - server, others.values(), server)
            else:
                left = self._goes_on([seen for id, seen in others.items() if self._known.get(id) != seen], now)
            self._known = others
        self._at, self._begun = (now, passed), True
        return left

    def _begin(self, off: Micros, others: Iterable[Micros], server: Micros) -> None:
        """Who begins with another time than the server's, which is also that of somebody who lives, has a wrong clock."""
        if abs(off) > STEP and any(_near(seen, server) for seen in others):
            self.off, self.apart, self._heard = off, True, self._clock.monotonic()

    def _was_set(self, step: Micros, others: Iterable[Micros], now: Micros) -> None:
        """What the others show now, the next beats tell."""
        self.alone = not self.off and not any(_near(seen, now - step) for seen in others)
        off = self.off + step
        self.off, self.apart, self._heard = (
            (0 if self.alone or abs(off) <= STEP else off),
            False,
            self._clock.monotonic(),
        )

    def _goes_on(self, beaten: Iterable[Micros], now: Micros) -> Micros:
        """beaten: what those show who have shown themselves since the last look."""
        beaten, left = list(beaten), self.off
        if any(_near(seen, now - self.off) for seen in beaten):
            self.apart, self._heard = True, self._clock.monotonic()
            return 0
        agrees = any(_near(seen, now) for seen in beaten)
        if not agrees and self._clock.monotonic() - self._heard <= LIVING / SECOND:
            return 0
        self.off, self.apart = 0, False
        return 0 if agrees else left

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
