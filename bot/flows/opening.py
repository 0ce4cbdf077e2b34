"""What happens right after an incident was opened: people are called, and the plan is chosen and begun."""

from collections.abc import Sequence

from bot.domain import expected, walk
from bot.domain.calling import Chain
from bot.domain.events import Draft, Event, PlanEnded, PlansTied, StepAnswered
from bot.domain.plan import Plan
from bot.flows import follow
from bot.flows.calling import call_next
from bot.flows.case import Case
from bot.ports import PlanText
from runbooks.catalogue import DEFAULT
from runbooks.match import choose


async def open_up(case: Case) -> None:
    """The reaction to a new incident, or one that is opened again, in a transaction of its own."""
    if not case.incident.status.open:
        return
    due = expected.again if case.incident.begun_again else expected.first
    await case.record(due(case.incident, case.every, case.now))
    await follow.standing(case)
    await call_next(case, Chain(case.incident.service))
    if case.incident.walk is None:
        await choose_plan(case)


async def choose_plan(case: Case) -> None:
    """The plan whose matchers fit an alert. Nothing fits, or several fit equally well: the first ten minutes, and people choose.

    A storm is no single fault: no alert chooses its plan.
    """
    if case.incident.storm:
        await take_up(case, case.desk.named(DEFAULT), "storm")
        return
    alerts = await case.tx.incident_alerts(case.incident.number)
    service = case.desk.organisation.services.get(case.incident.service)
    plans = case.desk.plans.plans
    labels = [alert.labels for alert in alerts]
    choice = choose(plans, labels, case.incident.severity, service.plans if service else ())
    if choice.plan is None:
        await case.record((Draft(_tied(choice.tied)),))
        await take_up(case, case.desk.named(DEFAULT), "tied")
    else:
        await take_up(case, choice.plan, choice.why, choice.matchers)


def _tied(plans: Sequence[Plan]) -> PlansTied:
    return PlansTied(tuple(plan.id for plan in plans), "\n".join(plan.title for plan in plans))


async def follow_answer(case: Case, events: Sequence[Event]) -> None:
    """An answer, of a person or of a machine, may lead into another plan: that is walked from now on. One that is not there any
    more leads to the first ten minutes."""
    said = [event.payload for event in events]
    if not any(isinstance(one, PlanEnded) and one.outcome == "replaced" for one in said):
        return
    for to in (one.to for one in said if isinstance(one, StepAnswered)):
        plans = case.desk.plans
        await take_up(case, plans.find(to.removeprefix("plan:")) or case.desk.named(DEFAULT), "asked")


async def take_up(case: Case, plan: Plan, why: str, matchers: int = 0) -> None:
    """Pin the plan's text and begin to walk it."""
    commit = case.desk.plans.entries[plan.id].origin.commit
    await case.tx.save([PlanText(plan.sha, plan.id, plan.path, case.desk.plans.text(plan.id), commit)])
    roster = await case.roster()
    await case.record(walk.attach(case.incident, plan, why, matchers, roster, case.now, commit))
