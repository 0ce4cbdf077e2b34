"""Which incidents count: real ones that were incidents, by the end of their response or by their detection."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.facts import Facts
from bot.domain.terms import Kind, Micros, Milestone


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, and without, `end` (µs UTC)."""

    start: Micros
    end: Micros

    def holds(self, at: Micros | None) -> bool:
        return at is not None and self.start <= at < self.end


def counts(facts: Facts) -> bool:
    """Not a drill or test, not backfilled, and not declined, cancelled, merged or a false positive."""
    return facts.kind is Kind.REAL and facts.status.counts


def ended(incidents: Iterable[Facts], period: Period) -> list[Facts]:
    """Those whose response ended (for good) in the period: the cohort of all durations. An open incident is in none."""
    return [f for f in incidents if counts(f) and not f.status.open and period.holds(f.at(Milestone.RESOLVED))]


def found(incidents: Iterable[Facts], period: Period) -> list[Facts]:
    """Those that were found in the period, open or not: the cohort of all counts and shares."""
    return [f for f in incidents if counts(f) and period.holds(f.at(Milestone.DETECTED))]


def still_open(incidents: Iterable[Facts], period: Period) -> list[Facts]:
    """Those that nobody has resolved, opened before the period's end, oldest first."""
    waiting = [f for f in incidents if counts(f) and f.status.open and f.opened_at < period.end]
    return sorted(waiting, key=lambda f: f.opened_at)
