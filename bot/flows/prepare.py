"""An action made ready: values filled in, facts gathered, the digest computed. Nothing is decided here, and nothing is stored.

What the alerts said when a question was asked goes with it (`Told`): an alert that joins later moves neither its target nor
who may answer it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.domain import asking, drill
from bot.domain.asking import Members, Wanted, canonical
from bot.domain.directory import Directory
from bot.domain.gates import Gathered, Refusal, at_once, beside, shut, sooner
from bot.domain.need import Requirement, requirement
from bot.domain.need_facts import Facts
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.run_state import Attempt, Visit
from bot.domain.terms import Kind
from bot.flows import counted, directory, in_hand, orders, switch
from bot.flows.by_rule import by_rule
from bot.flows.case import Case
from bot.ports import EVERYTHING, Json
from runbooks import params
from runbooks.params import BadValue

BOUND = ("executor", "spec", "timeout", "verify", "rollback", "with_rollback", "retries")
"""What of an order people see and say yes to."""


@dataclass(frozen=True, slots=True)
class Told:
    """What alerts and people say of the action. envs: of all alerts of the incident, typed: see need.Facts."""

    given: params.Given
    envs: frozenset[str]
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would run. order: of AttemptRow, with the values and what alerts told; gate: why not, None if it may; overridden: on
    one person's word, without its approvals."""

    plan: Plan
    action: Action
    wanted: Wanted
    requirement: Requirement
    order: Json
    lock: str
    gathered: Gathered
    undoes: str = ""
    overridden: bool = False

    @property
    def gate(self) -> Refusal | None:
        return shut(self.gathered)


async def prepare(case: Case, visit: Visit, asked: Mapping[str, str], typed: bool = False) -> Prepared:
    """The action of a step that waits, as the alerts are now. asked: values that are given; typed: see need.Facts. BadValue if
    one is wrong."""
    return await _prepared(case, visit, replace(await told_now(case, asked), typed=typed), None)


async def again(
    case: Case, visit: Visit, key: str, approved: str | None = "given", after: Attempt | None = None
) -> Prepared:
    """What was made ready before, once more: the same values, and the gates as they are now. BadValue if one is wrong now.

    key: of the AttemptRow (digest of the question, or id of the attempt); approved: see Gathered; after: the try that failed.
    """
    row = await case.tx.attempt(key)
    assert row is not None, "it is saved with the event that names it"
    told = row.order["told"]
    given = params.Given(told["labels"], asked=row.order["values"])
    return await _prepared(case, visit, Told(given, frozenset(told["envs"]), told.get("typed", False)), approved, after)


async def _prepared(
    case: Case, visit: Visit, told: Told, approved: str | None, after: Attempt | None = None
) -> Prepared:
    walk = case.incident.walk
    assert walk is not None, "a step waits in a walk"
    plan = await case.desk.plan(case.tx, walk.sha)
    action = plan.step(visit.step).action
    assert action is not None, "the step has an action"
    if action.changes:
        await in_hand.alone(case)
    automation = case.desk.organisation.policy.automation
    values = await _values(case, plan, action, told)
    target = params.target(plan.settings, values)
    order = {**orders.order_of(plan, action, values, automation, target), "told": _kept(told), "values": dict(values)}
    shown = {name: order[name] for name in BOUND}
    targets = (target,) if target else ()
    place, still = (walk.run, visit.step, visit.visit), after.digest if after else ""
    sha = asking.bound(case.incident, place, plan.sha, shown, values, targets, still)
    wanted = Wanted(walk.run, visit.step, visit.visit, action.id, sha, plan.sha, target, canonical(shown), action.kind)
    needs = await needs_of(case, plan, action, target, told)
    lock = lock_of(case, plan, values)
    gathered = await _gathered(case, plan, action, order, target, approved, after)
    held, unsure = await in_hand.holder(case, plan, lock, target)
    gathered = replace(gathered, lock_holder=held, lock_unsure=unsure, back=drill.takes_back(plan, visit.step))
    wanted = replace(wanted, beside=len(beside(gathered)), at_once=at_once(gathered))
    return Prepared(plan, action, wanted, needs, order, lock, gathered)


async def _values(case: Case, plan: Plan, action: Action, told: Told) -> Mapping[str, str]:
    """BadValue; the gates that stand before the values speak first."""
    automation = await switch.automation(case)
    try:
        return params.resolve(action, plan.settings, told.given, automation.hosts)
    except BadValue as bad:
        g = Gathered(case.now, automation.mode, action.changes, action.id, plan.id)
        shut_before = sooner(await with_text(case, plan, g))
        raise (BadValue(shut_before) if shut_before else bad) from bad


async def with_text(case: Case, plan: Plan, g: Gathered) -> Gathered:
    """And what stands against the plan's text."""
    flaw, origin = await case.desk.flaw(case.tx, plan.sha), await case.desk.origin(case.tx, plan.sha)
    return replace(g, flaw=flaw, origin=origin)


def lock_of(case: Case, plan: Plan, values: Mapping[str, str]) -> str:
    """The place that an action needs, see `in_hand`."""
    return in_hand.apart(case, params.lock_key(plan.settings, values))


async def needs_of(case: Case, plan: Plan, action: Action, target: str, told: Told) -> Requirement:
    """Who must say yes to an action, as things are now."""
    automation = await switch.automation(case)
    return requirement(
        plan.settings,
        _facts(case, target, told),
        automation,
        changes=action.changes,
        mode=automation.mode,
        storm=await _storm(case, automation),
        verified_runs=await counted.verified(case, plan, action),
    )


async def told_now(case: Case, asked: Mapping[str, str]) -> Told:
    """Labels of the newest alert that fires, else of the newest; environments of all."""
    alerts = await case.tx.incident_alerts(case.incident.number, limit=1)
    envs = await case.tx.incident_envs(case.incident.number)
    if not alerts:
        return Told(params.Given(asked=asked), envs)
    return Told(params.Given(alerts[0].labels, alerts[0].annotations, asked), envs)


def _kept(told: Told) -> Json:
    return {"labels": dict(told.given.labels), "envs": sorted(told.envs), "typed": told.typed}


def _facts(case: Case, target: str, told: Told) -> Facts:
    incident, organisation = case.incident, case.desk.organisation
    known = organisation.service_of(target)
    service = known or incident.service
    return Facts(
        severity=incident.severity,
        service=service,
        tier=organisation.services.tier(service),
        env=organisation.env_of(target, incident.service),
        kind=incident.kind.value,
        in_inventory=organisation.policy.automation.entry_of(target) is not None,
        alert_envs=told.envs,
        labels=told.given.labels,
        service_sure=bool(known or (incident.service and not told.envs)),  # without alerts it was a person who named it
        severity_sure=incident.severity_given,
        typed=told.typed,
    )


async def _storm(case: Case, automation: Automation) -> bool:
    """Too many incidents are open: automation asks first. Drills and tests do not count."""
    most = automation.pause_when_open_incidents
    if most is None:
        return False
    found = await case.tx.incidents(EVERYTHING, limit=most + 50)
    return sum(incident.kind is Kind.REAL for incident in found) >= most


async def _gathered(
    case: Case, plan: Plan, action: Action, order: Json, target: str, approved: str | None, after: Attempt | None
) -> Gathered:
    """Beside the rules: what ran before, and what runs now."""
    automation = await switch.automation(case)
    breaker = await case.tx.breaker(plan.id)
    ruled = by_rule(plan, action, order, target, automation, case.now)
    return replace(
        await with_text(case, plan, ruled),
        breaker_open=bool(breaker and breaker["state"] == "open"),
        same_target=await counted.on_target(case, plan, action, target, after),
        all_runs=await counted.of_plan(case, plan),
        busy=await in_hand.busy(case) if action.changes else {},
        approved=approved,
    )


def members(case: Case, known: Directory) -> Members:
    """Who may approve, as the directory knows them now (`directory.FRESH`)."""
    return lambda group: case.desk.organisation.approvers_of(group, known, case.incident.roles_of)


async def enough(case: Case, ready: Prepared, said: Collection[str]) -> bool:
    """Those who said yes, and still may, are all that are needed."""
    if not (wanted := ready.requirement).need:
        return True
    of = members(case, await fresh(case))
    may = {person for group in wanted.groups for person in of(group)}
    return asking.enough(wanted, [person for person in said if person in may], of)


async def fresh(case: Case) -> Directory:
    """The directory without groups that were read too long ago to decide an approval."""
    return await directory.read(case.tx, case.now - directory.FRESH)
