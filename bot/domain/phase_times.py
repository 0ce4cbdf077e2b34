"""How long the phases of a plan took, where the plan says how long they may."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.plan import Phase, Plan
from bot.domain.run_state import Walk
from bot.domain.terms import Micros


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """From the first step that began to the last that was done or skipped, without what is done meanwhile. target, took: µs;
    ended None: none was yet.
    """

    phase: Phase
    target: Micros
    began: Micros
    ended: Micros | None

    @property
    def took(self) -> Micros | None:
        return None if self.ended is None else self.ended - self.began


def phase_times(walk: Walk, plan: Plan) -> Iterator[PhaseTime]:
    """Of those phases with a target to which it came, in the order of the page."""
    for phase in plan.phases:
        steps = {step.number for step in phase.steps}
        visits = [visit for visit in walk.visits if visit.step in steps and not visit.meanwhile]
        if phase.target is None or not visits:
            continue
        ends = [visit.done_at for visit in visits if visit.done_at is not None]
        yield PhaseTime(phase, phase.target, min(visit.started_at for visit in visits), max(ends, default=None))
