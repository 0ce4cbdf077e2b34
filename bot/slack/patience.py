"""When to try again what Slack did not answer: soon at first, then once a minute, for as long as it takes."""

from bot.ports import Clock, Ids

FIRST, LONGEST = 2.0, 60.0
"""Seconds: the first wait, which doubles, and the longest."""
FORGOTTEN = 600.0
"""Seconds after which nobody comes back for an effect: it has expired, or another replica has it now."""


class Patience:
    """The waits of each effect of this process. They begin anew with the process, which harms nobody."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._waits: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> float:
        """Slack could not be reached for this effect: seconds until the next try, a quarter less by chance."""
        now = self._clock.monotonic()
        self._waits = {other: kept for other, kept in self._waits.items() if now - kept[1] < FORGOTTEN}
        last, _ = self._waits.get(key, (0.0, now))
        wait = min(LONGEST, max(FIRST, last * 2))
        self._waits[key] = wait, now
        return wait * (0.75 + self._ids.jitter() / 4)

    def over(self, key: str) -> None:
        """Slack has answered."""
        self._waits.pop(key, None)
