"""Whether Slack brings us what happens: each post of ours in a channel comes back to us as an event, a moment later."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from bot.domain.reading import posted
from bot.domain.terms import Micros
from bot.ports import Clock

PATIENCE = 60.0
"""Seconds after which a post that did not come back is one that will not."""
MANY = 1000


class Echo:
    """us: our user id in Slack. heard: the latest of our own posts that came back, by Slack's clock (µs), 0 = none ever did. An app
    that does not hear its own messages says nothing about Slack: `vain` is until when they came back.

    With replicas a post of one comes back to another: they tell each other `heard` (bot/slack/watch.py).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[tuple[Micros, Micros, float]] = deque(maxlen=MANY)
        self.us = ""
        self.heard: Micros = 0
        self.vain: Micros = 0

    def posted(self, channel: str, ts: str) -> None:
        """We posted something. Direct messages do not count: what of them comes back depends on the app's settings."""
        if not channel.startswith("D"):
            self._waiting.append((posted(ts), self._clock.now(), self._clock.monotonic()))

    def came(self, event: Mapping[str, Any]) -> None:
        """Slack brought an event. If it is not ours while ours are overdue, Slack delivers, but never our own: we do not wait for
        them any more."""
        ours = self.us and self.us in (event.get("user"), (event.get("message") or {}).get("user"))
        if event.get("type") == "message" and ours:
            self.know(posted(str(event.get("event_ts") or event.get("ts") or "0")))
        elif self.overdue is not None:
            self.vain = self.heard

    def know(self, heard: Micros) -> None:
        """What was posted until then has come back, here or to another replica."""
        self.heard = max(self.heard, heard)
        while self._waiting and self._waiting[0][0] <= self.heard:
            self._waiting.popleft()

    @property
    def overdue(self) -> Micros | None:
        """When the oldest post was made that should have come back long since, by our clock; None: there is none."""
        if self.heard <= self.vain or not self._waiting:
            return None
        _, at, passed = self._waiting[0]
        return at if self._clock.monotonic() - passed > PATIENCE else None
