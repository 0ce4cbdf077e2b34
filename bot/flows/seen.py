"""Bodies of alert senders that said nothing new when they came last: the same bytes again say nothing new either.

An episode of an alert that is known stays known (bot/domain/ingest.py: it is a repeat for ever), so this can be told without
reading the body, and Alertmanager sends the same bytes again and again. What is remembered here is only a shortcut: after a
restart, and in another replica, the first repeat goes the long way; and the database is believed, not this: it may be an older one
by now (a standby that was behind, a backup), and then all of this is forgotten.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from storage.alerts import Episode, Key

MOST = 20_000
"""Alerts of all bodies together: about 5 MiB."""


@dataclass(frozen=True, slots=True)
class Said:
    """One alert of a body. group: that this episode of it belongs to."""

    episode: Episode
    group: Key


@dataclass(frozen=True, slots=True)
class Body:
    """A body that said nothing new. None of its alerts was without a start, and nothing was left out of it."""

    said: Sequence[Said]
    groups: frozenset[Key]

    def __len__(self) -> int:
        return len(self.said)

    @property
    def source(self) -> str:
        return self.said[0].episode.key[0]


class Seen:
    """The bodies that came last."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._bodies: OrderedDict[tuple[str, str], Body] = OrderedDict()
        self._alerts = 0

    def find(self, source: str, raw_sha: str) -> Body | None:
        found = self._bodies.get((source, raw_sha))
        if found is not None:
            self._bodies.move_to_end((source, raw_sha))
        return found

    def forget(self) -> None:
        """All of it."""
        self._bodies.clear()
        self._alerts = 0

    def keep(self, source: str, raw_sha: str, body: Body) -> None:
        """Remember it, and forget what came longest ago."""
        if (source, raw_sha) in self._bodies:
            return
        self._bodies[source, raw_sha] = body
        self._alerts += len(body)
        while self._alerts > self._most:
            self._alerts -= len(self._bodies.popitem(last=False)[1])
