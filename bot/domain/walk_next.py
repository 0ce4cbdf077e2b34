"""Where a plan goes next, and who has the step: pure, over the state before the events that are being decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.domain.events import Draft, MilestoneMarked, PlanEnded, StepStarted
from bot.domain.people import alone
from bot.domain.plan import Plan, Step
from bot.domain.run_state import SETTLED, Visit, Walk, left
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER, Micros, Milestone, Source

Roster = Callable[[str], tuple[str, ...]]
"""`@name` of a Roles table → ids of the people behind it, the first to be asked first; () if nobody is known."""

MOST_VISITS = 3
"""A step is walked so often at most, and so is a plan to which answers lead; then the plan ends and people decide."""


@dataclass(frozen=True, slots=True)
class Way:
    """A plan being walked in an incident, at a moment."""

    incident: Incident
    plan: Plan
    walk: Walk
    roster: Roster
    now: Micros


def role_of(plan: Plan, step: Step) -> str:
    """The role that does a step: its own, else the lead of its phase, else the commander."""
    return step.role or plan.phase_of(step.number).lead or COMMANDER


def holder(incident: Incident, plan: Plan, role: str, roster: Roster) -> str:
    """Who has a role: in the incident, else by the plan's table, else whoever is alone here; "" if nobody."""
    held = incident.holder(role)
    if held:
        return held
    row = plan.role(role)
    found = roster(row.who) if row and row.who else ()
    return found[0] if found else alone(incident)


def denies(step: Step, answer: str) -> bool:
    """Whether an answer says that what the decision marks is not so. The first answer is the good one; a cause is known
    whatever the answer."""
    return bool(step.answers) and step.marks not in ("", Milestone.DIAGNOSED) and answer != step.answers[0].label


def marked(step: Step, incident: Incident, answer: str = "") -> tuple[Draft, ...]:
    """The milestone that a step sets when it is done; () if it was reached before, for the first time counts."""
    known = incident.marks.get(step.marks)
    if not step.marks or denies(step, answer) or (known is not None and known.source is not Source.DERIVED):
        return ()
    return (Draft(MilestoneMarked(step.marks, how="step")),)


def onward(way: Way, visit: Visit) -> tuple[Draft, ...]:
    """What follows when a visit is done or skipped."""
    if visit.meanwhile:
        return end_if_last(way, visit)
    return _go(way, _after(way.plan, visit.step), visit)


def end_if_last(way: Way, visit: Visit) -> tuple[Draft, ...]:
    """A step is settled that did not hold up the plan: if nothing else waits, that was all."""
    return () if _waiting(way.walk, visit) else (_end(way, "finished"),)


def toward(way: Way, visit: Visit, to: str) -> tuple[Draft, ...]:
    """What follows an answer. to: continue | stop | phase:<slug> | plan:<id>."""
    kind, _, name = to.partition(":")
    if kind == "stop":
        return (_end(way, "stopped"),)
    if kind == "plan":
        again = sum(walk.plan == name for walk in way.incident.walks) >= MOST_VISITS
        return (_end(way, "limit" if again else "replaced"),)
    if kind == "phase":
        return _go(replace(way, walk=_behind(way.walk, visit)), first_of(way.plan, name), None)
    return onward(way, visit)


def _behind(walk: Walk, answered: Visit) -> Walk:
    """The walk once an answer has led elsewhere: what held up the next step is left, what is done meanwhile goes on."""
    gone = (replace(v, state="done") if v == answered else v if v.meanwhile else left(v) for v in walk.visits)
    return replace(walk, visits=tuple(gone))


def first_of(plan: Plan, slug: str) -> str | None:
    """Number of the first step of a phase, None if there is no such phase."""
    return next((phase.steps[0].number for phase in plan.phases if phase.slug == slug), None)


def begin(way: Way) -> tuple[Draft, ...]:
    """The first step, and those that may be done meanwhile."""
    return _go(way, way.plan.phases[0].steps[0].number, None)


def go_to(way: Way, number: str) -> tuple[Draft, ...]:
    """A step elsewhere is current now; what was is left."""
    return _go(way, number, way.walk.current)


def _go(way: Way, number: str | None, leaving: Visit | None) -> tuple[Draft, ...]:
    drafts: list[Draft] = []
    for step in _from(way.plan, number):
        last = way.walk.visit(step.number)
        visits = last.visit if last else 0
        if step.meanwhile:
            if visits < MOST_VISITS and (last is None or last.state in SETTLED):
                drafts.append(started(way, step, visits + 1))
            continue
        if visits >= MOST_VISITS:
            return (*drafts, *_too_often(way, step.number, leaving))
        return (*drafts, started(way, step, visits + 1))
    if drafts or _waiting(way.walk, leaving):
        return tuple(drafts)
    return (_end(way, "finished"),)


def _too_often(way: Way, number: str, leaving: Visit | None) -> tuple[Draft, ...]:
    """People decide; an experiment is taken back before."""
    if way.plan.back and int(number.split(".")[0]) < int(way.plan.back.split(".")[0]):
        return _go(way, way.plan.back, leaving)
    return (_end(way, "limit"),)


def _from(plan: Plan, number: str | None) -> Iterator[Step]:
    """The steps from a number on; none for None."""
    steps = [step for phase in plan.phases for step in phase.steps]
    start = next((place for place, step in enumerate(steps) if step.number == number), len(steps))
    yield from steps[start:]


def _after(plan: Plan, number: str) -> str | None:
    steps = [step.number for phase in plan.phases for step in phase.steps]
    place = steps.index(number) + 1
    return steps[place] if place < len(steps) else None


def _waiting(walk: Walk, leaving: Visit | None) -> bool:
    """Another step still waits for somebody."""
    here = (leaving.step, leaving.visit) if leaving else None
    return any(visit.state not in SETTLED and (visit.step, visit.visit) != here for visit in walk.visits)


def started(way: Way, step: Step, visit: int) -> Draft:
    """A step begins, for the `visit`th time."""
    role = role_of(way.plan, step)
    person = holder(way.incident, way.plan, role, way.roster)
    due = None if step.within is None else way.now + step.within
    by_bot = step.action is not None and not step.action.changes and not step.answers
    return Draft(StepStarted(way.walk.run, step.number, visit, role, person, due, step.meanwhile, by_bot))


def _end(way: Way, outcome: str) -> Draft:
    return Draft(PlanEnded(way.walk.run, outcome))
