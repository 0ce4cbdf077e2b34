"""An action made ready: values filled in, facts gathered, the digest computed. Nothing is decided here, and nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.asking import Members, Wanted, asked_before, canonical, digest
from bot.domain.directory import Directory
from bot.domain.gates import Gathered, Refusal, shut
from bot.domain.need import Facts, Requirement, requirement
from bot.domain.plan import Action, Check, Does, Plan
from bot.domain.policy import Automation
from bot.domain.run_state import Visit
from bot.domain.terms import BOT, Kind, Micros
from bot.flows import directory
from bot.flows.case import Case
from bot.http import permits
from bot.ports import Json, Viewer
from runbooks import params
from runbooks.programs import allowed

SECOND = 1_000_000
EVERYTHING = Viewer(BOT, all=True)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would run. order: of AttemptRow; asked: values that a person gave; gate: why not, None if it may."""

    plan: Plan
    action: Action
    wanted: Wanted
    requirement: Requirement
    order: Json
    asked: Mapping[str, str]
    lock: str
    gathered: Gathered

    @property
    def gate(self) -> Refusal | None:
        return shut(self.gathered)


async def prepare(case: Case, visit: Visit, asked: Mapping[str, str], approved: str | None = None) -> Prepared:
    """The action of a step that waits. BadValue if a value is missing or wrong. approved: see Gathered."""
    walk = case.incident.walk
    assert walk is not None, "a step waits in a walk"
    plan = await case.desk.plan(case.tx, walk.sha)
    action = plan.step(visit.step).action
    assert action is not None, "the step has an action"
    automation = case.desk.organisation.policy.automation
    given = params.Given(*await _labels(case), asked)
    values = params.resolve(action, plan.settings, given, automation.hosts)
    target = params.target(plan.settings, values)
    order = _order(action, values, automation)
    bound = {name: order[name] for name in ("executor", "spec", "timeout", "verify", "rollback")}
    targets = (target,) if target else ()
    again = asked_before(case.incident, walk.run, visit.step, visit.visit)
    sha = digest(walk.run, visit.step, visit.visit, plan.sha, bound, values, targets, again)
    wanted = Wanted(walk.run, visit.step, visit.visit, action.id, sha, plan.sha, target, canonical(bound), action.kind)
    facts = await _facts(case, target)
    needs = requirement(
        plan.settings,
        facts,
        automation,
        changes=action.changes,
        mode=automation.mode,
        storm=await _storm(case, automation),
        verified_runs=len(await case.tx.count_runs(_verified(plan, action), 0)),
    )
    gathered = await _gathered(case, plan, action, order, target, approved)
    return Prepared(plan, action, wanted, needs, order, asked, params.lock_key(plan.settings, values), gathered)


def _order(action: Action, values: Mapping[str, str], automation: Automation) -> dict[str, Any]:
    check = action.verify
    return {
        "executor": action.does.executor,
        "spec": params.fill(action.does, values),
        "timeout": action.timeout / SECOND,
        "verify": _check(check, values) if check else None,
        "rollback": _does(action.rollback, values) if action.rollback else action.rollback_reason,
        "idempotent": action.idempotent,
        "limits": {"programs": list(automation.programs), "http_hosts": list(automation.http_hosts)},
    }


def _does(does: Does, values: Mapping[str, str]) -> dict[str, Any]:
    return {"executor": does.executor, "spec": params.fill(does, values)}


def _check(check: Check, values: Mapping[str, str]) -> dict[str, Any]:
    times = {"timeout": check.timeout / SECOND, "attempts": check.attempts, "wait": check.wait / SECOND}
    return {**_does(check.does, values), **times}


async def _labels(case: Case) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Of the newest alert that fires, else of the newest."""
    alerts = await case.tx.incident_alerts(case.incident.number, 1)
    return (alerts[0].labels, alerts[0].annotations) if alerts else ({}, {})


async def _facts(case: Case, target: str) -> Facts:
    incident, organisation = case.incident, case.desk.organisation
    alerts = await case.tx.incident_alerts(incident.number)
    return Facts(
        severity=incident.severity,
        service=incident.service,
        tier=organisation.services.tier(incident.service),
        env=organisation.env_of(target, incident.service),
        kind=incident.kind.value,
        in_inventory=organisation.policy.automation.entry_of(target) is not None,
        alert_envs=frozenset(alert.labels.get("env", "") for alert in alerts),
        labels=alerts[0].labels if alerts else {},
    )


async def _storm(case: Case, automation: Automation) -> bool:
    """Too many incidents are open: automation asks first. Drills and tests do not count."""
    most = automation.pause_when_open_incidents
    if most is None:
        return False
    found = await case.tx.incidents(EVERYTHING, limit=most + 50)
    return sum(incident.kind is Kind.REAL for incident in found) >= most


async def _gathered(case: Case, plan: Plan, action: Action, order: Json, target: str, approved: str | None) -> Gathered:
    automation = case.desk.organisation.policy.automation
    limits = plan.settings.limits
    program, url = _program(order), str(order["spec"].get("url", ""))
    breaker = await case.tx.breaker(plan.id)
    same = await _counted(case, _same(plan, action, target), limits.cooldown) if limits else ()
    every = await _counted(case, _every(plan), limits.per) if limits else ()
    return Gathered(
        now=case.now,
        mode=automation.mode,
        changes=action.changes,
        action=action.id,
        target=target,
        program=program,
        program_allowed=not program or _may_run(program, automation.programs),
        host=url,
        host_allowed=not url or permits(url, automation.http_hosts),
        limits=limits,
        breaker_open=bool(breaker and breaker["state"] == "open"),
        same_target=same,
        all_runs=every,
        busy=await _busy(case) if action.changes else frozenset(),
        reach=len(automation.hosts(limits.of.removeprefix("inventory:"))) if limits and limits.of else 0,
        approved=approved,
    )


async def _counted(case: Case, key: str, within: Micros) -> tuple[Micros, ...]:
    """When it ran lately. What never began, or was not done as a person says, did not run."""
    none = {
        a.started_at for a in case.incident.attempts if a.state == "never_started" or (a.settled_by and a.state != "ok")
    }
    return tuple(at for at in await case.tx.count_runs(key, case.now - within) if at not in none)


def _program(order: Json) -> str:
    argv = order["spec"].get("argv")
    return str(argv[0]) if argv else ""


def _may_run(program: str, patterns: tuple[str, ...]) -> bool:
    try:
        allowed(program, patterns)
    except PermissionError:
        return False
    return True


async def _busy(case: Case) -> frozenset[str]:
    """Targets that something of ours is changing now, in any incident."""
    found = await case.tx.incidents(EVERYTHING, limit=500)
    running = [a for incident in found for a in incident.attempts if a.changes and a.state in ("running", "unknown")]
    return frozenset(attempt.target for attempt in running if attempt.target)


def members(case: Case, known: Directory) -> Members:
    """Who may approve, as the directory knows them now (`directory.FRESH`)."""
    return lambda group: case.desk.organisation.people_of(group, known)


async def fresh(case: Case) -> Directory:
    """The directory without groups that were read too long ago to decide an approval."""
    return await directory.read(case.tx, case.now - directory.FRESH)


def _same(plan: Plan, action: Action, target: str) -> str:
    return f"run:{plan.id}:{action.id}:{target}"


def _every(plan: Plan) -> str:
    return f"run:{plan.id}"


def _verified(plan: Plan, action: Action) -> str:
    """Counted per action block: words around it do not reset it, a change of the block does."""
    return f"verified:{plan.id}:{action.id}:{canonical(_block(action))}"


def _block(action: Action) -> list[Any]:
    check = action.verify
    return [action.does.executor, dict(action.does.spec), dict(check.does.spec) if check else None, action.timeout]


async def count_start(case: Case, ready: Prepared) -> None:
    """A run begins: it counts for the pause on its target and for the rate of its plan."""
    await case.tx.count_run(_same(ready.plan, ready.action, ready.wanted.target), case.now)
    await case.tx.count_run(_every(ready.plan), case.now)


async def count_end(case: Case, plan: Plan, action: Action, good: bool) -> None:
    """A run has ended: verified ones earn trust; failed ones open the breaker, which only a person closes."""
    if good:
        await case.tx.count_run(_verified(plan, action), case.now)
        return
    breaker = case.desk.organisation.policy.automation.breaker
    await case.tx.count_run(f"failed:{plan.id}", case.now)
    failures = await case.tx.count_runs(f"failed:{plan.id}", case.now - breaker.within)
    if len(failures) >= breaker.failures:
        await case.tx.set_breaker(plan.id, "open", BOT)
