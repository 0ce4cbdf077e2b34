"""Since when nothing can be written, and from when to when nothing could be."""

from dataclasses import dataclass

from bot.domain.terms import SECOND, Micros
from storage.still import Standstill

WORTH_A_WORD: Micros = 5 * SECOND
"""A database that was away for less is not talked about: whoever asked it meanwhile was told."""


@dataclass
class Away:
    """What every transaction of this process found. since: nothing could be written from then on, None while it can; over: the time
    for which that was so and which is over, until people were `told`; still: when it was this process that did not run."""

    still: Standstill
    since: Micros | None = None
    over: tuple[Micros, Micros] | None = None
    _good: Micros = 0

    def failed(self, began: Micros) -> None:
        """A transaction that began then, and waited, failed; so the database went away then, or after the last good commit."""
        self.still.look()
        found = max(began, self._good, self.still.until)
        self.since = found if self.since is None else min(self.since, found)

    def committed(self, now: Micros) -> None:
        """A transaction was committed."""
        since, self.since, self._good = self.since, None, now
        if since is not None and now - since >= WORTH_A_WORD:
            self.over = (self.over[0] if self.over else since), now

    def told(self, ended: Micros) -> None:
        """Who should know was told of everything up to this moment."""
        if self.over is not None:
            self.over = (ended, self.over[1]) if self.over[1] > ended else None
