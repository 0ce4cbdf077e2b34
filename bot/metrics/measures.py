"""The two kinds of measure: the length of time between two milestones, and the share of cases in which something held.

Each is a pure function of an incident's facts with its words beside it. A version goes up when a formula changes, so that
published numbers can be told apart. Nothing is imputed and nothing is clamped: what is missing or out of order is said.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.facts import Facts
from bot.domain.state import Interval, Mark
from bot.domain.terms import Micros, Milestone, Source
from bot.text import Text

MISSING = "missing"
ORDER_VIOLATION = "order_violation"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in one incident (µs), or why there is none.

    lack: "" | missing (then `which` names the milestones) | order_violation (the end lies before the beginning);
    bound: "" | at_least (it began earlier) | at_most (it ended earlier) | about (both): a milestone was taken over;
    edited: a person corrected one of the two; net: without the times in which Slack, the database or Tocsin itself was away,
    None where that does not matter.
    """

    micros: Micros | None
    lack: str = ""
    which: tuple[Milestone, ...] = ()
    bound: str = ""
    edited: bool = False
    net: Micros | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """The time between two milestones. Unit: µs.

    lever: what makes it shorter; coordination: people had to be reached, so outages are taken out in its net form;
    seen_beginning: a beginning taken over from the first signal would make it 0, so it counts as missing;
    target: its name among the targets of a severity, "" if there is none.
    """

    start: Milestone
    end: Milestone
    title: Text
    definition: Text
    lever: Text
    coordination: bool = False
    seen_beginning: bool = False
    target: str = ""
    version: int = 1

    @property
    def id(self) -> str:
        """`t.started__detected`: both anchors, never an acronym."""
        return f"t.{self.start}__{self.end}"

    def of(self, facts: Facts) -> Length:
        """This length of time in one incident."""
        start, end = facts.marks.get(self.start), facts.marks.get(self.end)
        if start is not None and self.seen_beginning and start.source is Source.DERIVED:
            start = None
        if start is None or end is None:
            anchors = ((self.start, start), (self.end, end))
            return Length(None, MISSING, tuple(name for name, mark in anchors if mark is None))
        if end.at < start.at:
            return Length(None, ORDER_VIOLATION, (self.start, self.end))
        edited = bool(start.revision or end.revision)
        net = _net(start.at, end.at, facts.outages) if self.coordination else None
        return Length(end.at - start.at, bound=_bound(start, end), edited=edited, net=net)


def _bound(start: Mark, end: Mark) -> str:
    earlier, later = start.source is Source.DERIVED, end.source is Source.DERIVED
    if earlier and later:
        return "about"
    return "at_least" if earlier else "at_most" if later else ""


def _net(start: Micros, end: Micros, away: Iterable[Interval]) -> Micros:
    """The length without the intervals. They may overlap: Slack and the database were away at once."""
    left, counted = end - start, start
    for gap in sorted(away, key=lambda one: one.start):
        until = end if gap.end is None else min(gap.end, end)
        left -= max(0, until - max(gap.start, counted))
        counted = max(counted, until)
    return left


@dataclass(frozen=True, slots=True)
class Share:
    """In how many of the cases something held. Unit: 0 … 1.

    judge: the cases of one incident: True, False, or None where nobody knows (a third class, never left out).
    """

    id: str
    title: Text
    definition: Text
    lever: Text
    judge: Callable[[Facts], Iterable[bool | None]]
    version: int = 1
