"""What stands before every call: faults that somebody asked for, and Slack's rate limits. Pure: it takes the time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

Trouble = Literal["ratelimited", "500", "503", "hang", "lost", "error", "slow"]

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = {"auth.test": 600, "chat.getPermalink": 600}
POSTS_PER_MINUTE = 60
POSTS_BURST, BURST_SECONDS = 5, 5
MINUTE = 60_000_000


@dataclass(slots=True)
class Fault:
    """A trouble for the next `times` calls of `method` (`*`: of any), after `skip` calls that go well, and not later than
    `until` (µs; None: no such end).

    ratelimited: 429 with Retry-After `after` · 500, 503: with a text body · hang: never answered · lost: carried out, then
    the connection drops · error: answered with `code` · slow: answered after `after` seconds of the clock.
    """

    trouble: Trouble
    method: str = "*"
    times: int = 1
    after: float = 30
    code: str = "internal_error"
    skip: int = 0
    until: int | None = None


class Counted(Protocol):
    """Something that is passed over so many times, and then happens so many times."""

    skip: int
    times: int


C = TypeVar("C", bound=Counted)


def drawn(plan: list[C], fits: Callable[[C], bool]) -> C | None:
    """The first that fits and is not passed over; one of its times is used up."""
    for one in filter(fits, list(plan)):
        if one.skip > 0:
            one.skip -= 1
            continue
        one.times -= 1
        if one.times <= 0:
            plan.remove(one)
        return one
    return None


@dataclass(slots=True)
class Gate:
    """Asked once for each call. limits: off until somebody switches them on."""

    limits: bool = False
    faults: list[Fault] = field(default_factory=list)
    _seen: dict[str, deque[int]] = field(default_factory=dict)

    def fault(self, method: str, now: int = 0) -> Fault | None:
        """The trouble that this call gets; one of its times is used up. now: µs."""
        self.faults = [fault for fault in self.faults if fault.until is None or now <= fault.until]
        return drawn(self.faults, lambda fault: fault.method in ("*", method))

    def too_many(self, method: str, tier: int, channel: str, now: int) -> int:
        """Seconds to wait if this call is over the limit, else 0; a call within the limit is counted. now: µs."""
        if not self.limits:
            return 0
        windows = _windows(method, tier, channel)
        wait = max(self._wait(key, allowed, span, now) for key, allowed, span in windows)
        if not wait:
            for key, _, _ in windows:
                self._seen[key].append(now)
        return wait

    def _wait(self, key: str, allowed: int, span: int, now: int) -> int:
        window = self._seen.setdefault(key, deque())
        while window and window[0] <= now - span:
            window.popleft()
        return -(-(window[0] + span - now) // 1_000_000) if len(window) >= allowed else 0


def _windows(method: str, tier: int, channel: str) -> list[tuple[str, int, int]]:
    """The windows that a call counts in: key, calls allowed, length in µs."""
    if method == "chat.postMessage":
        return [
            (f"{method} {channel} burst", POSTS_BURST, BURST_SECONDS * 1_000_000),
            (f"{method} {channel}", POSTS_PER_MINUTE, MINUTE),
        ]
    return [(method, PER_MINUTE.get(tier) or SPECIAL.get(method, 60), MINUTE)]
