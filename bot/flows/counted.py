"""How often an action ran, on a target and in its plan; and what its end does to the trust in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.asking import canonical
from bot.domain.events import BreakerOpened, Draft
from bot.domain.plan import Action, Plan
from bot.domain.run_state import Attempt
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Micros
from bot.domain.walk_action import good as ended_well
from bot.flows.case import Case
from runbooks.params import used

_WORDS = frozenset({"line", "kind", "rollback_reason"})


async def on_target(
    case: Case, plan: Plan, action: Action, target: str, after: Attempt | None = None
) -> tuple[Micros, ...]:
    """When it ran on this target within the plan's pause; () if the plan sets none. after: the try that failed, if this is about
    the next one: the tries of one run are no pause to each other."""
    limits = plan.settings.limits
    if limits is None:
        return ()
    found = await _lately(case, _same(plan, action, target), limits.cooldown)
    return tuple(at for at in found if after is None or at not in _tries(case, after))


def _tries(case: Case, after: Attempt) -> set[Micros]:
    place = (after.run, after.step, after.visit)
    return {a.started_at for a in case.incident.attempts if (a.run, a.step, a.visit) == place}


async def of_plan(case: Case, plan: Plan) -> tuple[Micros, ...]:
    """When actions of the plan ran within its rate; () if it sets none."""
    limits = plan.settings.limits
    return await _lately(case, _every(plan), limits.per) if limits else ()


async def verified(case: Case, plan: Plan, action: Action) -> int:
    """How often this very block was approved and proved to work, and it lasted as far as anybody knows."""
    proved = await case.tx.count_runs(_apart(case, _verified(plan, action)), 0)
    gone = await case.tx.count_runs(_apart(case, f"lapsed:{_verified(plan, action)}"), 0)
    return len(proved) - len(gone)


async def begun(case: Case, plan: Plan, action: Action, target: str) -> None:
    """A run begins: it counts for the pause on its target and for the rate of its plan."""
    await case.tx.count_run(_apart(case, _same(plan, action, target)), case.now)
    await case.tx.count_run(_apart(case, _every(plan)), case.now)


async def unbegun(case: Case, plan: Plan, action: Action, found: Attempt) -> None:
    """It never began, so it was no run."""
    await case.tx.uncount_run(_apart(case, _same(plan, action, found.target)), found.started_at)
    await case.tx.uncount_run(_apart(case, _every(plan)), found.started_at)


async def ended(case: Case, plan: Plan, action: Action, found: Attempt, good: bool) -> None:
    """A run has ended: what ended well and was verified earns trust; failed ones open the breaker, which only a person closes."""
    if found.unbegun:
        await unbegun(case, plan, action, found)
    elif not good:
        await failed(case, plan)
    elif found.verified:
        if approved(case.incident, found) and found.exit in ended_well(action.does):
            await case.tx.count_run(_apart(case, _verified(plan, action)), case.now)
        await case.tx.count_run(_apart(case, _healed(plan, action, found.target)), found.verified_at or case.now)


async def healed(case: Case, plan: Plan, action: Action, target: str, before: Micros) -> tuple[Micros, ...]:
    """When the action was proved to have healed this target, within the plan's pause before a moment."""
    limits = plan.settings.limits
    if limits is None:
        return ()
    found = await case.tx.count_runs(_apart(case, _healed(plan, action, target)), before - limits.cooldown)
    return tuple(at for at in found if at < before)


async def lapsed(case: Case, plan: Plan, actions: Sequence[Action], target: str, since: Micros) -> bool:
    """What was healed at `since` did not last: the trust that it earned is gone, and it counts as failed. False: it is counted
    already."""
    key = _apart(case, f"lapsed:{plan.id}:{target}")
    if await case.tx.count_runs(key, since):
        return False
    await case.tx.count_run(key, case.now)
    for action in actions:
        await case.tx.count_run(_apart(case, f"lapsed:{_verified(plan, action)}"), case.now)
    return True


async def failed(case: Case, plan: Plan) -> None:
    """A recovery of the plan failed, or did not last. Drills lock nothing."""
    if case.incident.kind is Kind.DRILL:
        return
    breaker = case.desk.organisation.policy.automation.breaker
    await case.tx.count_run(f"failed:{plan.id}", case.now)
    failures = await case.tx.count_runs(f"failed:{plan.id}", case.now - breaker.within)
    open_ = await case.tx.breaker(plan.id)
    if len(failures) >= breaker.failures and not (open_ and open_["state"] == "open"):
        await case.record((Draft(BreakerOpened(plan.id, len(failures), breaker.within), actor=BOT),))
        await case.tx.set_breaker(plan.id, "open", BOT)


async def _lately(case: Case, key: str, within: Micros) -> tuple[Micros, ...]:
    """When it ran lately."""
    return tuple(await case.tx.count_runs(_apart(case, key), case.now - within))


def _apart(case: Case, key: str) -> str:
    """What a drill does is no pause, no rate and no proof for the real thing, nor the other way round."""
    return f"drill:{key}" if case.incident.kind is Kind.DRILL else key


def _same(plan: Plan, action: Action, target: str) -> str:
    return f"run:{plan.id}:{action.id}:{target}"


def _healed(plan: Plan, action: Action, target: str) -> str:
    return f"healed:{plan.id}:{action.id}:{target}"


def _every(plan: Plan) -> str:
    return f"run:{plan.id}"


def _verified(plan: Plan, action: Action) -> str:
    """Counted per action block: words around it do not reset it, a change of the block does."""
    return f"verified:{plan.id}:{action.id}:{canonical(block(plan, action))}"


def approved(incident: Incident, found: Attempt) -> bool:
    """As many people as it took had said yes: what ran by itself, or by an override, is no proof that people would let it."""
    asked = incident.approval(found.digest) if found.digest else None
    return asked is not None and asked.state == "given"


def block(plan: Plan, action: Action) -> Mapping[str, Any]:
    """All of the action that decides what happens, its check, its rollback and what follows a failure included, and the
    parameters that it uses: where their values come from, which there may be, and what holds if nobody says one."""
    params = plan.settings.params
    needs = {name: _plain(asdict(params[name])) for name in used(action, plan.settings)}
    return {**_plain(asdict(action)), "params": needs}


def _plain(all_: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in all_.items() if name not in _WORDS}
