"""When to try again what Slack did not answer, and when it is no longer Slack's absence but the call itself.

Soon at first, then once a minute, for as long as Slack is away. But if Slack answers others meanwhile, the tries begin to count,
and a call that Slack fails at each time comes to its end, as its kind says: what stands behind it in its lane gets its turn.
"""

from collections import Counter
from dataclasses import dataclass

from bot.domain.terms import HOUR, MINUTE, SECOND
from bot.ports import Clock, Ids

FIRST, LONGEST = 2.0, 60.0
"""Seconds: the first wait, which doubles, and the longest."""
FORGOTTEN = 600.0
"""Seconds after which nobody comes back for an effect: it has expired, or another replica has it now."""
SAME, OTHERS = 30 * MINUTE / SECOND, 6 * HOUR / SECOND
"""Seconds of trouble from which on tries count, if Slack answers the same method for others, or only other methods: an outage
of some of its methods is one, too, but does not last for ever."""


@dataclass(slots=True)
class _Trouble:
    """Of one effect. since, seen: its first and last failure, by the monotonic clock; wait: the last one, in seconds; answered:
    answers of Slack at the last failure, by method."""

    since: float
    seen: float
    wait: float
    answered: Counter[str]


class Patience:
    """The waits of each effect of this process. They begin anew with the process, which harms nobody.

    answered: how many calls Slack has answered in this process, by method, whatever it said.
    """

    def __init__(self, clock: Clock, ids: Ids, answered: Counter[str]) -> None:
        self._clock = clock
        self._ids = ids
        self._answered = answered
        self._troubles: dict[str, _Trouble] = {}

    def wait(self, key: str, method: str) -> tuple[float, bool]:
        """Slack did not answer a call of `method` for this effect: seconds until the next try, a quarter less by chance, and
        whether this one counts as a try."""
        now = self._clock.monotonic()
        self._troubles = {other: kept for other, kept in self._troubles.items() if now - kept.seen < FORGOTTEN}
        last = self._troubles.get(key) or _Trouble(now, now, 0.0, self._answered.copy())
        wait = min(LONGEST, max(FIRST, last.wait * 2))
        self._troubles[key] = _Trouble(last.since, now, wait, self._answered.copy())
        return wait * (0.75 + self._ids.jitter() / 4), self._counts(last, method, now - last.since)

    def over(self, key: str) -> None:
        """Slack has answered."""
        self._troubles.pop(key, None)

    def _counts(self, last: _Trouble, method: str, seconds: float) -> bool:
        """Whether others were answered since the last failure, and this goes on for too long to be an outage."""
        if self._answered[method] > last.answered[method]:
            return seconds >= SAME
        return seconds >= OTHERS and self._answered.total() > last.answered.total()
