"""Whether what the bot healed lasts: an alert that is back within the plan's pause makes a good run a failed one."""

from bot.domain.alert import Alert
from bot.domain.events import Draft, RecoveryLapsed
from bot.domain.plan import Action, Plan
from bot.domain.run_state import Attempt
from bot.domain.terms import BOT, Micros
from bot.flows import counted
from bot.flows.case import Case
from bot.ports import Json
from runbooks import params
from runbooks.match import holds


async def look(case: Case, args: Json) -> None:
    """An alert of the incident began (a reaction). Each recovery is counted once, however many alerts say it, here or elsewhere."""
    alerts = await case.tx.incident_alerts(case.incident.number)
    for plan, chosen in (await _plans(case)).values() if alerts else ():
        for alert in alerts:
            await _back(case, plan, chosen, alert)


async def _plans(case: Case) -> dict[str, tuple[Plan, bool]]:
    """Plans whose recoveries are looked at, and whether people chose them: those of the folder, also where another one is walked
    now, and those that were walked here, as they were."""
    found = {entry.plan.id: (entry.plan, False) for entry in case.desk.plans.entries.values() if entry.plan.match}
    for walk in case.incident.walks:
        found[walk.plan] = await case.desk.plan(case.tx, walk.sha), walk.why != "matched"
    return {name: one for name, one in found.items() if one[0].settings.limits is not None}


async def _back(case: Case, plan: Plan, chosen: bool, alert: Alert) -> None:
    target = _target(case, plan, chosen, alert)
    found: dict[Micros, Action] = {}
    for action in (step.action for phase in plan.phases for step in phase.steps):
        if action is None or not action.changes or not target or alert.starts_at is None:
            continue
        if not _undone(case, action, target):
            found |= dict.fromkeys(await counted.healed(case, plan, action, target, alert.starts_at), action)
    if not found or alert.starts_at is None:
        return
    last = max(found)
    if await counted.lapsed(case, plan, list(found.values()), target, last):
        await _tell(case, plan, found[last], target, last, alert.starts_at)
        await counted.failed(case, plan)


def _target(case: Case, plan: Plan, chosen: bool, alert: Alert) -> str:
    """What the alert would have the plan act on; "" if it is no alert for this plan."""
    if not chosen and not holds(plan, alert.labels):
        return ""
    given = params.Given(alert.labels, alert.annotations)
    return params.aimed(plan.settings, given, case.desk.organisation.policy.automation.hosts)


def _undone(case: Case, action: Action, target: str) -> bool:
    """It was taken back since: then it has nothing to last."""
    last = _last(case, action, target)
    return last is not None and last.undone_at is not None


def _last(case: Case, action: Action, target: str) -> Attempt | None:
    same = (a for a in reversed(case.incident.attempts) if not a.undoes and (a.action, a.target) == (action.id, target))
    return next(same, None)


async def _tell(case: Case, plan: Plan, action: Action, target: str, healed: Micros, back: Micros) -> None:
    limits, here = plan.settings.limits, _last(case, action, target)
    assert limits is not None, "without a pause nothing is looked at"
    attempt = here.id if here is not None and here.verified else ""
    lapsed = RecoveryLapsed(plan.id, action.id, target, healed, back, limits.cooldown, attempt)
    await case.record((Draft(lapsed, actor=BOT),))
