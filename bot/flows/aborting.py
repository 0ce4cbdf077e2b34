"""What ends an experiment at once is looked at while it goes on: each check by itself, again and again."""

from bot.domain import drill
from bot.domain.events import ConditionSeen, Draft
from bot.domain.gates import Refusal, shut
from bot.domain.plan import Action, Plan
from bot.domain.terms import SECOND, Micros
from bot.flows import orders, prepare, switch
from bot.flows.by_rule import by_rule
from bot.flows.case import Case
from bot.ports import AttemptRow, Effect, Json
from bot.work.effects import APPROVAL
from runbooks import params
from runbooks.params import BadValue

EVERY: Micros = 15 * SECOND
"""From the end of one look to the next."""


async def look(case: Case, args: Json) -> None:
    """It is time for another look, if the experiment goes on (a reaction). What a gate forbids cannot be seen."""
    plan = await _going_on(case)
    if plan is None:
        return
    check = next(one for _, one in plan.abort_checks if one.id == args["check"])
    try:
        order = await _order(case, plan, check)
    except BadValue as bad:
        await case.record((Draft(ConditionSeen(check.id, "blind", bad.refusal.code, dict(bad.refusal.params))),))
        await looked(case, args)
        return
    row = case.desk.ids.new()
    await case.tx.save([AttemptRow(row, case.stream, case.desk.runner, "looking", order)])
    named = {**args, "attempt": row}
    lane = f"{case.stream}:look:{check.id}"
    await case.tx.enqueue([Effect(f"{lane}:{args['n']}", "action.look", lane, case.stream, named, APPROVAL)])


async def looked(case: Case, args: Json) -> None:
    """What was seen: the experiment is taken back, or it goes on and is looked at again (a reaction)."""
    plan = await _going_on(case)
    if plan is None:
        return
    for seen in [event.payload for event in case.events if isinstance(event.payload, ConditionSeen)]:
        roster = await case.roster()
        await case.record(drill.judged(case.incident, plan, roster, case.now, seen.check, seen.what))
    lane, n = f"{case.stream}:clock:abort:{args['check']}", args["n"] + 1
    again = {"check": args["check"], "n": n}
    await case.tx.enqueue([Effect(f"{lane}:{n}", "clock.abort", lane, case.stream, again, not_before=case.now + EVERY)])


async def _going_on(case: Case) -> Plan | None:
    """The plan of the experiment, while it is neither over nor on its way back."""
    here = case.incident.drill
    plan = None if here is None else await case.desk.plan(case.tx, here.sha)
    return plan if plan is not None and drill.goes_on(case.incident, plan) else None


async def _order(case: Case, plan: Plan, check: Action) -> Json:
    """With the values of the alert, if policy.yaml lets it be done. BadValue."""
    automation = await switch.automation(case)
    given = (await prepare.told_now(case, {})).given
    values = params.resolve(check, plan.settings, given, automation.hosts)
    target = params.target(plan.settings, values)
    order = orders.order_of(plan, check, values, automation, target)
    gathered = by_rule(plan, check, order, target, automation, case.now)
    gate: Refusal | None = shut(await prepare.with_text(case, plan, gathered))
    if gate is not None:
        raise BadValue(gate)
    return order
