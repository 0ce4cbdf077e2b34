"""What policy.yaml says to an action, before anybody looks at what ran earlier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain import reach
from bot.domain.aim import astray
from bot.domain.gates import Gathered, Refusal
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.terms import Micros
from bot.http import permits
from bot.ports import Json
from runbooks import params, secret_names
from runbooks.programs import allowed, listed


def limits_of(automation: Automation, target: str) -> Json:
    """What an executor may use, by policy.yaml as it is now; elsewhere it touches the target and nothing else."""
    return {
        "programs": list(automation.programs),
        "http_hosts": list(automation.http_hosts),
        "secrets": {name: secret.value for name, secret in automation.secrets.items()},
        "python": list(automation.python),
        "python_path": list(automation.python_path),
        "reach": {**asdict(automation.reach), "target": target},
    }


def by_rule(
    plan: Plan, action: Action, order: Mapping[str, Any], target: str, automation: Automation, now: Micros
) -> Gathered:
    """What the gates ask, as far as plan and policy answer it. order: {executor, spec, verify, rollback}, values filled in."""
    limits = plan.settings.limits
    return Gathered(
        now=now,
        mode=automation.mode,
        changes=action.changes,
        action=action.id,
        plan=plan.id,
        target=target,
        does=params.in_one_line(order["executor"], order["spec"]),
        refused=next(_refused(action, order, target, automation), None),
        may_override=", ".join(automation.break_glass.who),
        limits=limits,
        reach=len(automation.hosts(limits.of.removeprefix("inventory:"))) if limits and limits.of else 0,
    )


def _refused(action: Action, order: Mapping[str, Any], target: str, automation: Automation) -> Iterator[Refusal]:
    """What policy.yaml does not let the action, its check and its rollback do, here and on other machines."""
    entry, outside = automation.entry_of(target), automation.reach
    env = entry.env if entry else None
    parts = [part for part in (order, order.get("verify"), order.get("rollback")) if isinstance(part, Mapping)]
    for part in parts:
        yield from _here(part, automation)
        does = part["executor"], part["spec"], outside, target
        found = reach.refused(*does) or reach.misplaced(*does, env)
        if found is not None:
            yield Refusal(*found)
    yield from _astray(action, order, target, automation)


def _astray(action: Action, order: Mapping[str, Any], target: str, automation: Automation) -> Iterator[Refusal]:
    """What changes something, and what undoes it, touches the target and nothing else. A check may look elsewhere."""
    parts = [part for part in (order, order.get("rollback")) if isinstance(part, Mapping) and part["executor"]]
    for part in parts if action.changes and target else ():
        found = astray(part["spec"], target, automation.hosts("all"))
        if found is not None:
            yield Refusal(*found)


def _here(part: Mapping[str, Any], automation: Automation) -> Iterator[Refusal]:
    """What this process would do itself."""
    spec = part["spec"]
    if part["executor"] == "run":
        yield from _program(str(spec["argv"][0]), automation.programs)
    if spec.get("call") and str(spec["call"]) not in automation.python:
        yield Refusal("function", {"function": str(spec["call"])})
    if spec.get("url") and not permits(str(spec["url"]), automation.http_hosts):
        yield Refusal("host", {"host": str(spec["url"])})
    for name in secret_names.named(spec):
        secret = automation.secrets.get(name)
        if secret is None:
            yield Refusal("secret", {"secret": name})
        elif not permits(str(spec.get("url", "")), secret.hosts):
            yield Refusal("secret_host", {"secret": name, "host": str(spec.get("url", ""))})


def _program(program: str, patterns: Sequence[str]) -> Iterator[Refusal]:
    if not listed(program, patterns):
        yield Refusal("program", {"program": program})
        return
    try:
        allowed(program, patterns)
    except PermissionError as error:
        yield Refusal("program_file", {"program": program, "why": str(error).removeprefix(f"{program}: ")})
