"""`tocsin plan dry-run`: what the actions of a plan would be for an alert, what stands against them, and who must say yes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import integrations
from bot import config
from bot.cli.plan_text import told
from bot.clock import SystemClock
from bot.domain.alert import Alert, AlertStatus
from bot.domain.gate_words import sentence
from bot.domain.gates import shut
from bot.domain.need import WORDS, Requirement, requirement
from bot.domain.need_facts import Facts
from bot.domain.organisation import Organisation
from bot.domain.plan import Action, Does, Plan
from bot.domain.reach import Reach
from bot.domain.route import Routed
from bot.domain.terms import SECOND
from bot.errors import BadInput, NotFound
from bot.flows.aborting import EVERY
from bot.flows.by_rule import by_rule
from bot.settings import read
from bot.text import Code, PlainShow, Text, render, t
from runbooks import params
from runbooks.params import BadValue
from runbooks.pinning import pinned
from runbooks.ways import steps


@dataclass(frozen=True, slots=True)
class Ground:
    """What an action is tried on. routed: what the alert would be here; asked: values that a person gives."""

    plan: Plan
    organisation: Organisation
    alert: Alert
    routed: Routed
    asked: Mapping[str, str]


def tried(plan: Plan, body: bytes, source: str, asked: Mapping[str, str]) -> Iterator[str]:
    """Line by line, for the first alert that fires in a request. NotFound: no such source; BadInput: nothing fires in it."""
    organisation, _ = config.load(read().config_dir)
    sources = integrations.alert_sources()
    if source not in sources:
        raise NotFound(t("There is no source {name}; there are: {all}.", name=Code(source), all=", ".join(sources)))
    alerts = sources[source].parse(body, {}, SystemClock().now())
    alert = next((one for one in alerts if one.status is AlertStatus.FIRING), None)
    if alert is None:
        raise BadInput(t("No alert is firing in it."), "firing.json", "firing")
    ground = Ground(plan, organisation, alert, organisation.routes.route(alert), asked)
    mode = organisation.policy.automation.mode.value
    service = ground.routed.service or "not known"
    yield f"{ground.routed.title}: {ground.routed.severity.value}, service {service}; automation is at {mode}."
    yield "Nothing is run and no database is read: earlier runs, locks and breakers do not count here."
    for step in steps(plan):
        if step.action is not None:
            yield ""
            yield f"{step.number} {step.action.id}" + ("" if step.action.changes else " (changes nothing)")
            yield from (f"  {line}" for line in _action(step.action, ground))
    for words, check in plan.abort_checks:
        yield ""
        yield f"Abort when: {words}"
        yield f"  {check.id}: made every {EVERY // SECOND} s while the experiment goes on"
        yield from (f"  {line}" for line in _action(check, ground))


def _action(action: Action, ground: Ground) -> Iterator[str]:
    automation = ground.organisation.policy.automation
    reach = automation.reach
    given = params.Given(ground.alert.labels, ground.alert.annotations, ground.asked)
    try:
        values = params.resolve(action, ground.plan.settings, given, automation.hosts)
        does = _filled(action.does, values, reach)
        checks = _filled(action.verify.does, values, reach) if action.verify else None
        undo = _filled(action.rollback, values, reach) if action.rollback else None
    except BadValue as bad:
        yield _said(bad.sentence)
        return
    target = params.target(ground.plan.settings, values)
    env = ground.organisation.env_of(target, ground.routed.service)
    yield told(does, filled=True)
    if checks is not None:
        yield f"then checks: {told(checks)}"
    if undo is not None:
        yield f"can be undone with: {told(undo)}"
    yield f"on: {target or 'no target'} ({env or 'nobody says in which environment'})"
    yield _need(_requirement(action, ground, target, env))
    order = {**_part(does), "verify": _part(checks), "rollback": _part(undo)}
    gate = shut(by_rule(ground.plan, action, order, target, automation, SystemClock().now()))
    if gate is not None:
        yield _said(sentence(gate.code, gate.params))


def _filled(does: Does, values: Mapping[str, str], reach: Reach) -> Does:
    return Does(does.executor, pinned(does.executor, params.fill(does, values), reach))


def _part(does: Does | None) -> dict[str, Any]:
    return {"executor": does.executor, "spec": does.spec} if does else {"executor": "", "spec": {}}


def _requirement(action: Action, ground: Ground, target: str, env: str) -> Requirement:
    automation = ground.organisation.policy.automation
    known = ground.organisation.service_of(target)
    service = known or ground.routed.service
    facts = Facts(
        severity=ground.routed.severity,
        service=service,
        tier=ground.organisation.services.tier(service),
        env=env,
        kind="real",
        in_inventory=automation.entry_of(target) is not None,
        alert_envs=frozenset({ground.alert.labels.get("env", "")}),
        labels=ground.alert.labels,
        service_sure=bool(known),
        severity_sure=ground.routed.severity_given,
    )
    return requirement(ground.plan.settings, facts, automation, changes=action.changes, mode=automation.mode)


def _need(found: Requirement) -> str:
    if found.auto:
        return "nobody is asked"
    groups = ", then ".join(found.groups) or "nobody: no group is named"
    if found.sides:
        groups = " and ".join(f"{side.need} of {', '.join(side.groups)}" for side in found.sides)
    why = f" {_said(WORDS[found.code])}" if found.code in WORDS else ""
    return f"asks {groups}.{why}" if found.sides else f"asks {found.need} of {groups}.{why}"


def _said(text: Text) -> str:
    return render(text, PlainShow())
