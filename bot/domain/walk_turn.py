"""One plan after the other: what becomes of the plan that is walked when another one is taken up, and how it goes on later.

One plan is walked at a time (docs/decisions/0018). What was left keeps its steps with all that was said of them; it goes on
under its own number at the step where it was left.
"""

from collections.abc import Iterator, Sequence

from bot.domain.drill import refuse_unreverted
from bot.domain.events import Draft, Event, PlanAttached, PlanEnded, PlanResumed
from bot.domain.people import By, refuse_if_over, unseen
from bot.domain.plan import Plan
from bot.domain.run_state import ON_A_MACHINE, Visit, Walk
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.domain.walk_next import Roster, Way, started
from bot.errors import Refused
from bot.text import Code, Span, Strong, Text, Who, t

_TAKES = (PlanAttached, PlanResumed)


def leave(incident: Incident) -> tuple[Draft, ...]:
    """The plan that is walked is left for another one; () if there is none. An experiment is taken back first: Refused."""
    walk = incident.walk
    if walk is None or walk.ended_at is not None:
        return ()
    refuse_unreverted(incident)
    here = walk.current
    return (Draft(PlanEnded(walk.run, "replaced", here.step if here else "")),)


def refuse_same(incident: Incident, sha: str) -> None:
    """The very text is being walked."""
    if incident.walking is not None and incident.walking.sha == sha:
        raise Refused(t("This plan is being walked already."), "same_plan")


def kept(incident: Incident, plan: str) -> Walk | None:
    """The last walk of a plan, if it was left for another one, so that it can go on."""
    last = next((walk for walk in reversed(incident.walks) if walk.plan == plan), None)
    return last if last is not None and last.left_at is not None else None


def resume(incident: Incident, plan: Plan, walk: Walk, roster: Roster, now: Micros) -> tuple[Draft, ...]:
    """A plan that was left goes on: the step at which it was left, and what was being done meanwhile, begin once more. What runs
    on a machine since then has gone on, and is waited for."""
    refuse_if_over(incident)
    if walk.ended_at is None or walk.left_at is None:
        raise Refused(t("This plan is being walked already, or came to its end."), "same_plan")
    way = Way(incident, plan, walk, roster, now)
    again = tuple(started(way, plan.step(visit.step), visit.visit + 1) for visit in _open_when_left(walk))
    return (*leave(incident), Draft(PlanResumed(walk.run, walk.plan, walk.left_at.step)), *again)


def _open_when_left(walk: Walk) -> Iterator[Visit]:
    here = walk.left_at
    for visit in walk.visits:
        if visit.state == "left" and visit == walk.visit(visit.step) and (visit.meanwhile or visit == here):
            yield visit


def in_progress(walk: Walk) -> bool:
    """Somebody has done something in it, or something of it waits or runs. What Tocsin only read by itself is no beginning."""
    return any(
        visit.state not in ("open", "left") and not (visit.quiet and visit.state in ("done", "skipped"))
        for visit in walk.visits
    )


def only_just(incident: Incident, events: Sequence[Event], by: By, seen: int) -> Iterator[Text]:
    """Somebody else took up the plan that is walked a moment ago, and who takes up another one may not know. events: all of the
    incident; seen: the run that they saw, 0 if it is not known."""
    walk = incident.walk
    if walk is None or walk.ended_at is not None or walk.run == seen:
        return
    taken = next(e for e in reversed(events) if isinstance(e.payload, _TAKES) and e.payload.run == walk.run)
    if unseen(taken, by):
        ago = Span(by.now - taken.recorded_at)
        yield t("{who} took up {plan} {ago} ago.", who=Who(taken.actor), plan=Strong(walk.name), ago=ago)


def standing(incident: Incident) -> Iterator[Text]:
    """What becomes of the plan that is walked, if another one is taken up now; nothing if nobody has begun with it."""
    walk = incident.walk
    if walk is None or walk.ended_at is not None or not in_progress(walk):
        return
    here = walk.current or next(iter(walk.open), None)
    word = Code(f"plan {walk.plan}")
    if here is None:
        yield t("{plan} is being walked. It would be left; {word} goes on with it.", plan=Strong(walk.name), word=word)
        return
    yield t(
        "{plan} is at step {step}. It would be left there; {word} goes on with it.",
        plan=Strong(walk.name),
        step=here.step,
        word=word,
    )
    for visit in walk.open:
        if visit.state in ON_A_MACHINE:
            yield t("What Tocsin does in step {step} goes on all the same; `stop` ends it.", step=visit.step)
        if visit.state == "waiting":
            yield t("The question whether the action of step {step} may run would be withdrawn.", step=visit.step)
        if visit.state == "unconfirmed":
            yield t("Step {step} is ticked and not confirmed: it would have to be ticked again.", step=visit.step)
