"""What is stored of an action before it runs: each word that an executor needs, with its values."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.plan import Action, Check, Does, Plan
from bot.domain.policy import Automation
from bot.domain.terms import SECOND
from bot.flows.by_rule import limits_of
from runbooks import params
from runbooks.pinning import pinned


def order_of(
    plan: Plan, action: Action, values: Mapping[str, str], automation: Automation, target: str
) -> dict[str, Any]:
    """Of AttemptRow: all that is done, in the executors' words."""
    check = action.verify

    def filled(does: Does) -> dict[str, Any]:
        return {"executor": does.executor, "spec": pinned(does.executor, params.fill(does, values), automation.reach)}

    return {
        **filled(action.does),
        "timeout": action.timeout / SECOND,
        "verify": {**filled(check.does), **_times(check)} if check else None,
        "rollback": _back(action, filled) if action.rollback else action.rollback_reason,
        "with_rollback": action.rollback is not None and plan.undoes,
        "retries": action.retries,
        "idempotent": action.idempotent,
        "limits": limits_of(automation, target),
    }


def _back(action: Action, filled: Callable[[Does], dict[str, Any]]) -> dict[str, Any]:
    assert action.rollback is not None
    return {**filled(action.rollback), "timeout": action.rollback_timeout / SECOND}


def _times(check: Check) -> dict[str, Any]:
    return {"timeout": check.timeout / SECOND, "attempts": check.attempts, "wait": check.wait / SECOND}
