"""The world of a rehearsal: a policy that lets the plan decide, the facts of the case, and people enough."""

from bot.domain.need_facts import Facts
from bot.domain.plan import Plan
from bot.domain.policy import Automation, FloorRule, Hosts
from bot.domain.terms import Severity
from runbooks.cases import Case

MEMBERS = 6
"""So many people are in every approver group of a rehearsal."""


def automation(case: Case, plan: Plan) -> Automation:
    """A policy that lets the plan decide: whatever the case names is in the inventory, in the environment of the alert."""
    named = [*case.alert.values(), *case.run.values()]
    hosts = case.hosts
    if hosts is None:
        hosts = tuple(dict.fromkeys([*named, *(name.rpartition(":")[0] for name in named)]))
    allowed = {str(param.rest.get("allow", "")).removeprefix("inventory:") for param in plan.settings.params.values()}
    entries = tuple(Hosts(name, case.alert.get("env", ""), hosts) for name in sorted(allowed) if name)
    return Automation(mode=case.mode, floor=(FloorRule((), auto_for=frozenset(Severity)),), inventory=entries)


def facts(case: Case, target: str, automation: Automation) -> Facts:
    severity = case.alert.get("severity", "")
    return Facts(
        severity=Severity(severity) if severity in set(Severity) else Severity.SEV3,
        service=case.alert.get("service", ""),
        tier=None,
        env=case.alert.get("env", ""),
        kind="real",
        in_inventory=automation.entry_of(target) is not None,
        alert_envs=frozenset({case.alert.get("env", "")}),
        labels=case.alert,
    )


def members(group: str) -> tuple[str, ...]:
    return tuple(f"{group} {number}" for number in range(1, MEMBERS + 1))
