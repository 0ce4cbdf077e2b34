"""What policy.yaml says to an action, before anybody looks at what ran earlier."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from bot.domain import reach
from bot.domain.gates import Gathered, Refusal
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.terms import Micros
from bot.http import permits
from bot.ports import Json
from runbooks import params
from runbooks.programs import may_run


def limits_of(automation: Automation, target: str) -> Json:
    """What an executor may use, by policy.yaml as it is now; elsewhere it touches the target and nothing else."""
    return {
        "programs": list(automation.programs),
        "http_hosts": list(automation.http_hosts),
        "python": list(automation.python),
        "python_path": list(automation.python_path),
        "reach": {**asdict(automation.reach), "target": target},
    }


def by_rule(
    plan: Plan, action: Action, order: Mapping[str, Any], target: str, automation: Automation, now: Micros
) -> Gathered:
    """What the gates ask, as far as plan and policy answer it. order: {executor, spec, verify, rollback}, values filled in."""
    limits, spec = plan.settings.limits, order["spec"]
    program, url = str(spec["argv"][0]) if order["executor"] == "run" else "", str(spec.get("url", ""))
    function = str(spec.get("call", ""))
    return Gathered(
        now=now,
        mode=automation.mode,
        changes=action.changes,
        action=action.id,
        plan=plan.id,
        target=target,
        does=params.in_one_line(order["executor"], spec),
        program=program,
        program_allowed=not program or may_run(program, automation.programs),
        function=function,
        function_allowed=not function or function in automation.python,
        host=url,
        host_allowed=not url or permits(url, automation.http_hosts),
        outside=next(_outside(order, target, automation), None),
        limits=limits,
        reach=len(automation.hosts(limits.of.removeprefix("inventory:"))) if limits and limits.of else 0,
    )


def _outside(order: Mapping[str, Any], target: str, automation: Automation) -> Iterator[Refusal]:
    """What the action, its check and its rollback may not do on other machines."""
    entry, outside = automation.entry_of(target), automation.reach
    env = entry.env if entry else None
    parts = [part for part in (order, order.get("verify"), order.get("rollback")) if isinstance(part, Mapping)]
    for part in parts:
        does = part["executor"], part["spec"], outside, target
        found = reach.refused(*does) or reach.misplaced(*does, env)
        if found is not None:
            yield Refusal(*found)
