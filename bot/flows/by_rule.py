"""What policy.yaml says to an action, before anybody looks at what ran earlier."""

from collections.abc import Mapping
from typing import Any

from bot.domain.gates import Gathered
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.terms import Micros
from bot.http import permits
from bot.ports import Json
from runbooks import params
from runbooks.programs import may_run


def limits_of(automation: Automation) -> Json:
    """What an executor may use, by policy.yaml as it is now."""
    return {
        "programs": list(automation.programs),
        "http_hosts": list(automation.http_hosts),
        "python": list(automation.python),
        "python_path": list(automation.python_path),
    }


def by_rule(
    plan: Plan, action: Action, spec: Mapping[str, Any], target: str, automation: Automation, now: Micros
) -> Gathered:
    """What the gates ask, as far as plan and policy answer it. spec: the action with its values filled in."""
    limits = plan.settings.limits
    program, url = str(spec["argv"][0]) if spec.get("argv") else "", str(spec.get("url", ""))
    function = str(spec.get("call", ""))
    return Gathered(
        now=now,
        mode=automation.mode,
        changes=action.changes,
        action=action.id,
        plan=plan.id,
        target=target,
        does=params.in_one_line(spec),
        program=program,
        program_allowed=not program or may_run(program, automation.programs),
        function=function,
        function_allowed=not function or function in automation.python,
        host=url,
        host_allowed=not url or permits(url, automation.http_hosts),
        limits=limits,
        reach=len(automation.hosts(limits.of.removeprefix("inventory:"))) if limits and limits.of else 0,
    )
