"""What joined a storm incident: alerts that would have had a channel of their own, the worst first, the others counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.terms import Severity
from bot.text import one_line

CAPS = frozenset({"channel_cap", "urgent_cap"})
"""Reasons of bot.domain.ingest for which an alert joins the storm incident, or opens it."""
MOST_NAMED = 10
"""Alerts of a storm that are named; in an event, and in the incident."""
LONGEST = 120
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One alert of a storm. urgent: it may not wait for a channel, so its people are called; service, title: foreign text."""

    urgent: bool
    severity: Severity
    service: str
    title: str

    @property
    def rank(self) -> tuple[bool, int]:
        """Lower is worse."""
        return not self.urgent, self.severity.rank


def worst(joined: Iterable[Joined]) -> tuple[Joined, ...]:
    """Each once, the worst of them, those that came first before others."""
    kept: dict[tuple[bool, int], dict[Joined, None]] = {}
    for one in joined:
        alike = kept.setdefault(one.rank, {})
        if len(alike) < MOST_NAMED:  # a storm brings thousands that are alike, and the first of them are enough
            alike[one] = None
    return tuple([one for rank in sorted(kept) for one in kept[rank]][:MOST_NAMED])


def with_more(named: tuple[Joined, ...], more: tuple[Joined, ...]) -> tuple[Joined, ...]:
    """The worst of those named so far and of some more. In a long storm that is nearly always who was named before."""
    if len(named) == MOST_NAMED:
        more = tuple([one for one in more if one.rank < named[-1].rank])
    return worst((*named, *more)) if more else named


def written(joined: Iterable[Joined]) -> str:
    """As the body of an event: the worst, a line each."""
    return "\n".join(_line(one) for one in worst(joined))


def _line(one: Joined) -> str:
    title = one_line(one.title)
    title = title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
    return "\t".join(("!" if one.urgent else "", one.severity.value, one_line(one.service)[:LONGEST], title))


def read(text: str) -> tuple[Joined, ...]:
    """What `written` wrote; () where the body was deleted."""
    lines = (line.split("\t") for line in text.split("\n") if line)
    return tuple(Joined(bool(urgent), Severity(severity), service, title) for urgent, severity, service, title in lines)
