"""The plan: which step is current, who has it, what became of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.directory import is_person
from bot.domain.events import (
    Event,
    PlanAttached,
    PlanEnded,
    PlanResumed,
    PlanRevised,
    StepAnswered,
    StepAssigned,
    StepConfirmed,
    StepDone,
    StepOverdue,
    StepSkipped,
    StepStarted,
)
from bot.domain.folds.marks import reached
from bot.domain.run_state import left
from bot.domain.state import SETTLED, Attempt, Incident, Visit, Walk
from bot.domain.terms import Milestone


def plan_attached(incident: Incident, event: Event, plan: PlanAttached) -> Incident:
    walk = Walk(
        plan.run, plan.plan, plan.sha, plan.why, plan.matchers, event.occurred_at, title=plan.title, by=_person(event)
    )
    marks = reached(incident.marks, Milestone.PLAN_STARTED, event)
    return replace(incident, walks=(*incident.walks, walk), marks=marks)


def _person(event: Event) -> str:
    return event.actor if is_person(event.actor) else ""


def plan_revised(incident: Incident, event: Event, revised: PlanRevised) -> Incident:
    """Going back to the text that is walked is no news."""

    def renew(walk: Walk) -> Walk:
        return replace(walk, newer="" if revised.sha == walk.sha else revised.sha)

    return _in_walk(incident, revised.run, renew)


def plan_ended(incident: Incident, event: Event, ended: PlanEnded) -> Incident:
    def end(walk: Walk) -> Walk:
        visits = tuple(left(visit) for visit in walk.visits)
        return replace(walk, visits=visits, ended_at=event.occurred_at, outcome=ended.outcome)

    return _in_walk(incident, ended.run, end)


def plan_resumed(incident: Incident, event: Event, resumed: PlanResumed) -> Incident:
    """It is the walk of the incident again."""
    others = tuple(walk for walk in incident.walks if walk.run != resumed.run)
    again = [
        replace(walk, ended_at=None, outcome="", by=_person(event))
        for walk in incident.walks
        if walk.run == resumed.run
    ]
    return replace(incident, walks=(*others, *again))


def step_started(incident: Incident, event: Event, step: StepStarted) -> Incident:
    """A step that holds up the next one takes the place of the one that did before (the plan went elsewhere)."""
    visit = Visit(
        step.step,
        step.visit,
        event.occurred_at,
        step.role,
        step.person,
        due_at=step.due_at,
        meanwhile=step.meanwhile,
        by_bot=step.by_bot,
    )

    def begin(walk: Walk) -> Walk:
        if any((v.step, v.visit) == (step.step, step.visit) for v in walk.visits):
            return walk
        before = walk.visits
        if not step.meanwhile:
            before = tuple(v if v.meanwhile else left(v) for v in before)
        return replace(walk, visits=(*before, visit))

    return _in_walk(incident, step.run, begin)


def step_assigned(incident: Incident, event: Event, step: StepAssigned) -> Incident:
    return in_visit(incident, step, lambda visit: replace(visit, person=step.person))


def step_overdue(incident: Incident, event: Event, step: StepOverdue) -> Incident:
    return in_visit(incident, step, lambda visit: replace(visit, overdue=True))


def step_done(incident: Incident, event: Event, step: StepDone) -> Incident:
    """Ticked; with a second person still to come it is `unconfirmed`. What the bot did in it has thereby succeeded."""

    def tick(visit: Visit) -> Visit:
        ticked = replace(visit, done_at=event.occurred_at, done_by=event.actor, evidence=step.proven)
        return replace(ticked, state="unconfirmed" if step.confirm else "done", confirm=step.confirm)

    incident = in_visit(incident, step, tick)
    if not step.by_bot:
        return incident
    return replace(incident, attempts=tuple(_accepted(attempt, step) for attempt in incident.attempts))


def _accepted(attempt: Attempt, step: StepDone) -> Attempt:
    here = (attempt.run, attempt.step, attempt.visit) == (step.run, step.step, step.visit)
    return replace(attempt, state="ok") if here and attempt.state == "exited" else attempt


def step_confirmed(incident: Incident, event: Event, step: StepConfirmed) -> Incident:
    def confirm(visit: Visit) -> Visit:
        word = replace(visit, confirmed_at=event.occurred_at, confirmed_by=event.actor, alone=step.alone)
        return replace(word, state="done")

    return in_visit(incident, step, confirm)


def step_skipped(incident: Incident, event: Event, step: StepSkipped) -> Incident:
    def skip(visit: Visit) -> Visit:
        left_out = replace(visit, state="skipped", done_at=event.occurred_at, done_by=event.actor)
        return replace(left_out, ticked_by=visit.done_by)

    return in_visit(incident, step, skip)


def step_answered(incident: Incident, event: Event, step: StepAnswered) -> Incident:
    """A decision is taken; if it leads elsewhere, what held up the next step is left. What is done meanwhile goes on."""

    def answer(visit: Visit) -> Visit:
        taken = replace(visit, state="done", done_at=event.occurred_at, done_by=event.actor)
        return replace(taken, answer=step.answer, to=step.to, denies=step.denies)

    incident = in_visit(incident, step, answer)
    if step.to == "continue":
        return incident

    def leave(walk: Walk) -> Walk:
        return replace(walk, visits=tuple(v if v.meanwhile else left(v) for v in walk.visits))

    return _in_walk(incident, step.run, leave)


def in_visit(incident: Incident, step: Any, change: Callable[[Visit], Visit]) -> Incident:
    """The incident with one visit changed. step: any payload with run, step and visit; a settled visit stays as it is."""

    def walked(walk: Walk) -> Walk:
        visits = tuple(
            change(v) if (v.step, v.visit) == (step.step, step.visit) and v.state not in SETTLED else v
            for v in walk.visits
        )
        return replace(walk, visits=visits)

    return _in_walk(incident, step.run, walked)


def _in_walk(incident: Incident, run: int, change: Callable[[Walk], Walk]) -> Incident:
    return replace(incident, walks=tuple(change(w) if w.run == run else w for w in incident.walks))


def from_to(before: str, after: str) -> Callable[[Visit], Visit]:
    """A change of a visit that stands so and in no other state."""
    return lambda visit: replace(visit, state=after) if visit.state == before else visit
