"""A further try at what the bot ran: once more by itself, if what was approved still holds, or by a new question."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import asking, walk_action
from bot.domain.events import ActionSettled, Draft
from bot.domain.plan import Action, Plan
from bot.domain.run_state import Attempt, Visit
from bot.flows import counted, prepare
from bot.flows.case import Case
from bot.flows.execute import propose, refuse, start
from bot.ports import AttemptRow
from runbooks.params import BadValue


async def settled(case: Case, found: Attempt, outcome: str) -> None:
    """What was not done was no run."""
    await case.record((Draft(ActionSettled(found.id, outcome)),))
    plan, action = await planned(case, found)
    if outcome != "done" and not found.undoes and action is not None and action.changes:
        await counted.unbegun(case, plan, action, found)


async def retried(case: Case, found: Attempt) -> bool:
    """What failed is tried once more under the same yes; what nobody knows of needs a new one (False: neither)."""
    visit = waiting(case, found)
    _, action = await planned(case, found)
    if visit is None or action is None or not walk_action.tries_again(action, found):
        return False
    asked = case.incident.approval(found.digest)
    if found.state != "unknown" and (asked is None or case.now < asked.expires_at):
        return await once_more(case, found, found.retry + 1)
    if found.state == "unknown":
        await settled(case, found, "again")
    row = await case.tx.attempt(found.id)
    assert row is not None, "it is saved with the event that names it"
    await case.tx.free_lock(found.id)
    starter = asked.starter if asked else asking.starter(case.incident, found.run)
    await propose(case, visit, *as_before(row), starter=starter, retry=found.retry + 1)
    return True


async def once_more(case: Case, found: Attempt, retry: int | None = None) -> bool:
    """Once more through all gates, if what was approved is still approved and the same. retry: None = it was never begun."""
    await case.tx.free_lock(found.id)
    visit, asked = waiting(case, found), case.incident.approval(found.digest)
    if visit is None or found.stop_by or (asked is not None and case.now >= asked.expires_at):
        return False
    after = None if retry is None and not found.retry else found  # also of a repeat that was never begun
    try:
        ready = await prepare.again(case, visit, found.id, "given" if asked else None, after)
    except BadValue as bad:
        await refuse(case, visit, bad.refusal.code, bad.refusal.params)
        return False
    if asked is not None and ready.wanted.digest != asked.digest:
        await refuse(case, visit, "changed", {})
    elif (gate := ready.gate) is not None:
        await refuse(case, visit, gate.code, gate.params)
    elif not (found.overridden or await prepare.enough(case, ready, found.approvers)):
        await refuse(case, visit, "more", {})
    else:
        ready = replace(ready, overridden=found.overridden)
        return await start(case, visit, ready, found.approvers, found.retry if retry is None else retry)
    return False


def as_before(row: AttemptRow | None) -> tuple[Mapping[str, str], bool]:
    """The values of an attempt, and whether a person had given them."""
    return (row.order["values"], row.order["told"].get("typed", False)) if row else ({}, False)


def waiting(case: Case, found: Attempt) -> Visit | None:
    """The visit that the attempt is for, if the plan still waits for it."""
    here = case.incident.walk
    if here is None or here.run != found.run or here.ended_at is not None or not case.incident.status.open:
        return None
    if here.gone_on(found.step, found.visit):
        return None
    return next((v for v in here.open if (v.step, v.visit) == (found.step, found.visit)), None)


async def planned(case: Case, found: Attempt) -> tuple[Plan, Action | None]:
    walk = case.incident.walked(found.run)
    plan = await case.desk.plan(case.tx, walk.sha)
    return plan, plan.step(found.step).action
