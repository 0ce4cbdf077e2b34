"""A plan goes back a step: what was ticked or skipped too early is done once more, and both times stay on the record."""

from bot.domain.events import Draft, StepBack, StepStarted
from bot.domain.people import By, arrive, refuse_if_over
from bot.domain.plan import Plan
from bot.domain.run_state import Visit, Walk
from bot.domain.state import Incident
from bot.domain.walk_next import MOST_VISITS, Roster, holder, role_of
from bot.domain.walk_pick import present, walk_of
from bot.errors import BadInput, Refused
from bot.text import Text, t

_AGAIN = frozenset({"done", "skipped"})
_BUSY = frozenset({"running", "unknown"})


def back(
    incident: Incident, plan: Plan, by: By, roster: Roster, reason: str, step: str = "", run: int = 0
) -> tuple[Draft, ...]:
    """The step before the current one, or the one named, is current again. Refused with words."""
    refuse_if_over(incident)
    walk = walk_of(incident, run)
    here = walk.current
    if not reason.strip():
        raise BadInput(t("Say why the plan goes back."), "back 2.3 the primary came up again", "needs_reason")
    if here is not None and here.state in _BUSY:
        raise Refused(
            t("The bot is doing step {step}. Wait for it, or say what became of it.", step=here.step), "running"
        )
    before = _before(walk, here, step)
    if before is None:
        raise Refused(_nothing(plan, walk, step), "nothing_before")
    if before.visit >= MOST_VISITS:
        sentence = t("Step {step} was done {n} times. Decide among yourselves.", step=before.step, n=MOST_VISITS)
        raise Refused(sentence, "limit")
    its = plan.step(before.step)
    role = role_of(plan, its)
    due = None if its.within is None else by.now + its.within
    left, visit = here.step if here else "", before.visit + 1
    said = StepBack(walk.run, before.step, visit, left, here.visit if here else 0, reason.strip())
    again = StepStarted(walk.run, before.step, visit, role, holder(incident, plan, role, roster), due)
    return (*arrive(incident, by), Draft(said), Draft(again))


def _before(walk: Walk, here: Visit | None, step: str) -> Visit | None:
    """The last visit of the step named; else the one that was settled last before the current step."""
    if step:
        found = walk.visit(step)
        return found if found is not None and found.state in _AGAIN and not found.meanwhile else None
    until = walk.visits.index(here) if here else len(walk.visits)
    earlier = [v for v in walk.visits[:until] if v.state in _AGAIN and not v.meanwhile]
    return walk.visit(earlier[-1].step) if earlier else None


def _nothing(plan: Plan, walk: Walk, step: str) -> Text:
    now = present(plan, walk)
    if step:
        return t("Step {step} was not done before it, so there is no way back to it. {now}", step=step, now=now)
    return t("No step was done before this one. {now}", now=now)
