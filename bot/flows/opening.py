"""What happens right after an incident was opened: people are called, and the plan is chosen and begun."""

from bot.domain import walk
from bot.domain.events import Draft, PageSent, PlansTied
from bot.domain.plan import Plan
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER, MINUTE, Micros
from bot.flows import directory
from bot.flows.case import Case
from bot.ports import Effect, PlanText
from runbooks.catalogue import DEFAULT
from runbooks.match import choose

NEXT_LEVEL: Micros = 2 * MINUTE
"""Who is called and does not answer for so long: the next one is called as well."""
AGAIN: Micros = 10 * MINUTE
"""After the last one, everybody is called again so often: it never falls silent."""


async def open_up(case: Case) -> None:
    """The reaction to a new incident, in a transaction of its own."""
    if not case.incident.status.open:
        return
    if not case.incident.people:
        await call_next(case)
    if case.incident.walk is None:
        await choose_plan(case)


async def call_next(case: Case) -> None:
    """Call the next person on call who was not called yet; after the last, all of them again."""
    incident = case.incident
    callees = case.desk.organisation.on_call(incident.service, await directory.read(case.tx))
    if not callees or _answered(incident):
        return
    calls = [page for page in incident.pages if page.about == "incident"]
    fresh = [person for person in callees if person not in {page.person for page in calls}]
    now_called = fresh[:1] or list(callees)
    level = len(calls) + 1
    sent = [PageSent(case.desk.ids.new(), person, "incident", level, COMMANDER) for person in now_called]
    await case.record(Draft(payload) for payload in sent)
    due = case.now + (NEXT_LEVEL if fresh else AGAIN)
    await case.tx.enqueue([_later(case, level, due)])


def _answered(incident: Incident) -> bool:
    return bool(incident.answered) or any(page.answer == "take" for page in incident.pages)


def _later(case: Case, level: int, due: Micros) -> Effect:
    key = f"{case.stream}:clock.page:{level}:{due}"
    return Effect(key, "clock.page", f"{case.stream}:clock:page", case.stream, not_before=due)


async def choose_plan(case: Case) -> None:
    """The plan whose matchers fit an alert. Nothing fits, or several fit equally well: the first ten minutes, and people choose."""
    alerts = await case.tx.incident_alerts(case.incident.number)
    service = case.desk.organisation.services.get(case.incident.service)
    plans = case.desk.plans.plans
    labels = [alert.labels for alert in alerts]
    choice = choose(plans, labels, case.incident.severity, service.plans if service else ())
    if choice.plan is None:
        await case.record((Draft(PlansTied(tuple(plan.id for plan in choice.tied))),))
    await take_up(case, choice.plan or case.desk.named(DEFAULT), choice.why, choice.matchers)


async def take_up(case: Case, plan: Plan, why: str, matchers: int = 0) -> None:
    """Pin the plan's text and begin to walk it."""
    await case.tx.save([PlanText(plan.sha, plan.id, plan.path, case.desk.plans.text(plan.id))])
    roster = await case.desk.roster(case.tx)
    await case.record(walk.attach(case.incident, plan, why, matchers, roster, case.now))
