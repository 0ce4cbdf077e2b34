"""Which steps of a plan the bot comes to by itself, before anybody has ticked, answered or confirmed one."""

from collections.abc import Iterator
from itertools import pairwise

from bot.domain.plan import Plan, Step
from bot.domain.walk_next import first_of


def unattended(plan: Plan) -> frozenset[str]:
    """Numbers of the steps that begin without a person, each action answering as it may, or failing."""
    steps = [step for phase in plan.phases for step in phase.steps]
    after = {step.number: following.number for step, following in pairwise(steps)}
    found: set[str] = set()
    ahead: list[str | None] = [steps[0].number]
    while ahead:
        number = ahead.pop()
        if number is None or number in found:
            continue
        found.add(number)
        ahead += _leads_to(plan, plan.step(number), after.get(number))
    return frozenset(found)


def _leads_to(plan: Plan, step: Step, following: str | None) -> Iterator[str | None]:
    """The steps that may begin once this one has, with nobody there."""
    if step.meanwhile:
        yield following
    if step.action is None:
        return
    yield first_of(plan, plan.settings.after_failure)
    if not step.answers and not step.confirmed_by:
        yield following
    for label in step.action.answer.values():
        yield from (_target(plan, one.to, following) for one in step.answers if one.label == label)


def _target(plan: Plan, to: str, following: str | None) -> str | None:
    """None where the plan ends."""
    kind, _, name = to.partition(":")
    return {"continue": following, "phase": first_of(plan, name)}.get(kind)
