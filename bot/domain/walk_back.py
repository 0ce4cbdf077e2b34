"""A plan goes back a step: what was ticked or skipped too early is done once more, and so is what never began; both times stay on
the record."""

from collections.abc import Callable

from bot.domain.events import Draft, StepBack, StepStarted
from bot.domain.people import SURE_AFTER, By, arrive, refuse_if_over
from bot.domain.plan import EXPERIMENT, Plan, Step
from bot.domain.run_state import Visit, Walk
from bot.domain.state import Incident
from bot.domain.walk_next import MOST_VISITS, Roster, holder, role_of
from bot.domain.walk_pick import AskFirst, last_settled, present, settled, walk_of
from bot.errors import BadInput, Refused
from bot.text import Span, Strong, Text, t

_AGAIN = frozenset({"done", "skipped"})
_BUSY = frozenset({"running", "unknown"})


def back(
    incident: Incident,
    plan: Plan,
    by: By,
    roster: Roster,
    reason: str,
    step: str = "",
    run: int = 0,
    left: tuple[str, int] | None = None,
) -> tuple[Draft, ...]:
    """The step before the current one, or the one named, is current again. Refused with words.

    left: step and visit that were current when a form or button was made; a typed word without a number knows none: it is
    asked whether this was meant, if the current step has only just begun.
    """
    refuse_if_over(incident)
    walk = walk_of(incident, run)
    here = walk.current
    _refuse_gone_on(plan, walk, here, left, by)
    if not reason.strip():
        raise BadInput(t("Say why the plan goes back."), "back 2.3 the primary came up again", "needs_reason")
    if here is not None and here.state in _BUSY:
        raise _busy(here)
    before = _before(incident, walk, here, step)
    if before is None:
        raise Refused(_nothing(plan, walk, step), "nothing_before")
    if before.visit >= MOST_VISITS and not never_began(incident, walk, before):
        sentence = t("Step {step} was done {n} times. Decide among yourselves.", step=before.step, n=MOST_VISITS)
        raise Refused(sentence, "limit")
    if not step and left is None and here is not None:
        _sure(incident, plan, walk, by, here, before)
    return _anew(incident, plan, by, roster, before, reason.strip())


def unbegun(incident: Incident, plan: Plan, meant: Callable[[Step], bool]) -> Visit | None:
    """The latest visit, of a step that is meant, which the plan has left because its action could not be started."""
    walk = walk_of(incident)
    latest = [visit for visit in reversed(walk.visits) if visit == walk.visit(visit.step) and visit.state == "left"]
    return next((v for v in latest if meant(plan.step(v.step)) and never_began(incident, walk, v)), None)


def ask_again(incident: Incident, plan: Plan, by: By, roster: Roster, found: Visit) -> tuple[Draft, ...]:
    """Its action never began, so a person asks for it at once (found: see `unbegun`): the plan stands at its step again."""
    here = walk_of(incident).current
    if here is not None and here.state in _BUSY:
        raise _busy(here)
    return _anew(incident, plan, by, roster, found, "")


def _busy(here: Visit) -> Refused:
    return Refused(t("The bot is doing step {step}. Wait for it, or say what became of it.", step=here.step), "running")


def _anew(incident: Incident, plan: Plan, by: By, roster: Roster, before: Visit, reason: str) -> tuple[Draft, ...]:
    walk, its = walk_of(incident), plan.step(before.step)
    here = walk.current
    role = role_of(plan, its)
    due = None if its.within is None else by.now + its.within
    visit, was = before.visit + 1, (here.step, here.visit) if here else ("", 0)
    said = StepBack(walk.run, before.step, visit, *was, reason)
    again = StepStarted(walk.run, before.step, visit, role, holder(incident, plan, role, roster), due)
    return (*arrive(incident, by), Draft(said), Draft(again))


def never_began(incident: Incident, walk: Walk, visit: Visit) -> bool:
    """The plan went on without it because its action could not be started, not even once. What an experiment did not break is not
    broken from its way back on."""
    here = (walk.run, visit.step, visit.visit)
    tried = [a for a in incident.attempts if (a.run, a.step, a.visit) == here and not a.undoes]
    unbegun = bool(tried) and all(a.unbegun and a.kind != EXPERIMENT for a in tried)
    return visit.state in ("left", "skipped") and unbegun


def _before(incident: Incident, walk: Walk, here: Visit | None, step: str) -> Visit | None:
    """The last visit of the step named; else of the one that was settled last before the current step. One to which the plan went
    back already, and from which it went back further, is none."""

    def again(visit: Visit | None) -> bool:
        return visit is not None and (visit.state in _AGAIN or never_began(incident, walk, visit))

    if step:
        found = walk.visit(step)
        return found if found is not None and again(found) and not found.meanwhile else None
    until = walk.visits.index(here) if here else len(walk.visits)
    latest = [walk.visit(visit.step) for visit in walk.visits[:until] if not visit.meanwhile]
    return next((visit for visit in reversed(latest) if again(visit)), None)


def _refuse_gone_on(plan: Plan, walk: Walk, here: Visit | None, left: tuple[str, int] | None, by: By) -> None:
    """The plan is no longer where it was when the person looked."""
    if left is None:
        return
    if here is not None and (here.step, here.visit) == left:
        return
    was = next((visit for visit in walk.visits if (visit.step, visit.visit) == left), None)
    now = present(plan, walk)
    raise Refused(t("{was} {now}", was=settled(was, by.now), now=now) if was else now, "settled")


def _sure(incident: Incident, plan: Plan, walk: Walk, by: By, here: Visit, before: Visit) -> None:
    """Two people who say `back` within a moment mean one step; who goes back from what they did themselves means that."""
    last, ago = last_settled(incident), by.now - here.started_at
    led_here = last is not None and (last.confirmed_at or last.done_at) == here.started_at
    if ago >= SURE_AFTER or (last and led_here and by.who in (last.done_by, last.confirmed_by)):
        return
    began = t("Step {step} began {ago} ago.", step=here.step, ago=Span(ago))
    if last and led_here:
        began = settled(last, by.now)
    elif here.visit > 1:
        began = t("The plan went back to step {step} {ago} ago.", step=here.step, ago=Span(ago))
    text = Strong(plan.step(before.step).question or plan.step(before.step).text)
    ask = t("{was} Go back to {step} {text}?", was=began, step=before.step, text=text)
    raise AskFirst(ask, walk.run, before, left=here)


def _nothing(plan: Plan, walk: Walk, step: str) -> Text:
    now = present(plan, walk)
    if step:
        return t("Step {step} was not done before it, so there is no way back to it. {now}", step=step, now=now)
    return t("No step was done before this one. {now}", now=now)
