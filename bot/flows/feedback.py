"""What became of a plan goes to its owner when the incident is closed, once for each run."""

from bot.domain.events import Draft, PlanReported
from bot.flows import directory
from bot.flows.case import Case
from bot.ports import EVERYTHING, Json
from runbooks.catalogue import DEFAULT


async def report(case: Case, args: Json) -> None:
    """The owner of each plan that was walked is told how it went (a reaction), unless it goes on."""
    if case.incident.status.open:
        return
    timeline = await case.tx.timeline(case.incident.number, EVERYTHING)
    told = {event.payload.run for event in timeline if isinstance(event.payload, PlanReported)}
    known = await directory.read(case.tx)
    for walk in case.incident.walks:
        if walk.run not in told:
            plan = await case.desk.plan(case.tx, walk.sha)
            owners = case.desk.organisation.people_of(plan.owner, known)
            if plan.id == DEFAULT and not owners:
                continue  # ours, and nobody has made it theirs: there is nobody who would want to know
            edit = case.desk.plans.edit(plan.path, plan.sha)
            await case.record([Draft(PlanReported(walk.run, plan.id, owners[0] if owners else "", edit))])
