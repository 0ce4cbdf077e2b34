"""Facts for tests: an incident with milestones at given minutes."""

from dataclasses import replace

from bot.domain.facts import Facts, Run
from bot.domain.state import Mark
from bot.domain.terms import Kind, Micros, Milestone, Severity, Source, Status
from tests.bot.domain.log import minute


def made(number: int = 1, kind: Kind = Kind.REAL, **minutes: float) -> Facts:
    """Milestones by name, at minutes; those that end in `_derived` are taken over."""
    marks = {}
    for name, at in minutes.items():
        derived = name.endswith("_derived")
        source = Source.DERIVED if derived else Source.ALERT
        marks[name.removesuffix("_derived")] = Mark(minute(at), source, "x", minute(at), first=minute(at))
    return Facts(
        number, kind, Severity.SEV2, True, Status.RESOLVED, "orders", False, "alert", minute(0), "monitoring", marks
    )


def whole(number: int = 1, begin: float = 0, status: Status = Status.RESOLVED) -> Facts:
    """An incident of which everything is known: found after 2, together after 5 more, back after 40."""
    at = {
        "started": 0,
        "first_signal": 1,
        "detected": 2,
        "declared": 2,
        "acknowledged": 4,
        "quorum": 7,
        "diagnosed": 20,
        "mitigated": 30,
        "recovered": 40,
        "resolved": 45,
    }
    return replace(made(number, Kind.REAL, **{name: begin + n for name, n in at.items()}), status=status)


def corrected(facts: Facts, milestone: Milestone) -> Facts:
    mark = facts.marks[milestone]
    return replace(facts, marks={**facts.marks, milestone.value: replace(mark, revision=1)})


def run(outcome: str = "succeeded", kind: str = "self_heal", place: str = "1:2.1:1", lasted: bool = True) -> Run:
    start: Micros = minute(10)
    return Run("a1", place, "restart", kind, "approved", True, start, None, None, start, start, outcome, lasted, False)
