"""What the bot did is undone: the last first, and never further than the first that cannot be, by the same gates and approvals."""

from dataclasses import replace

from bot.domain import asking, undoing
from bot.domain.asking import Wanted, canonical
from bot.domain.events import ActionUndone, Draft
from bot.domain.people import arrive
from bot.domain.plan import Plan
from bot.domain.run_state import Approval, Attempt, Visit
from bot.errors import Refused
from bot.flows import switch
from bot.flows.by_rule import by_rule, limits_of
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.execute import ask, refuse, start
from bot.flows.prepare import Prepared, Told, enough, lock_of, needs_of
from bot.ports import Cause, Reply
from bot.text import Strong, Text, t
from runbooks import params


async def ask_to_undo(desk: Desk, cause: Cause, number: int, step: str, attempt: str) -> Reply:
    """`rollback [2.3]`: a person asks that what the bot did in a step be undone, the newest first, in whatever plan that was; it
    always has a question of its own."""

    async def work(case: Case) -> Reply:
        if not case.incident.walks:
            raise Refused(t("No plan is being walked in {incident}.", incident=case.incident.ref), "no_plan")
        runs = [walk.run for walk in reversed(case.incident.walks)]
        found = [a for run in runs for a in undoing.done(case.incident, run) if _meant(a, step, attempt)]
        plan = await case.desk.plan(case.tx, case.incident.walked(found[0].run if found else runs[0]).sha)
        if not found or not undoing.may_be_undone(plan, found[0]):
            raise Refused(_why_not(plan, found, step), "nothing_to_undo")
        if undoing.under_way(case.incident, found[0].id):
            raise Refused(
                t("{action} is being undone already, or waits for a yes.", action=Strong(found[0].action)), "twice"
            )
        await case.record(arrive(case.incident, case.by))
        await _propose(case, found[0], "", cause.actor)
        return Reply((t("Asked. What becomes of it stands in the channel."),))

    return await once(desk, cause, number, work)


def _meant(found: Attempt, step: str, attempt: str) -> bool:
    return found.id == attempt if attempt else step in ("", found.step)


def _why_not(plan: Plan, found: list[Attempt], step: str) -> Text:
    if not found:
        return (
            t("Tocsin did nothing here that is not undone yet.")
            if not step
            else t("Tocsin did nothing in step {step} that is not undone yet.", step=step)
        )
    action = plan.step(found[0].step).action
    if found[0].state in ("running", "unknown"):
        return t(
            "First it must be known what became of {action}. Say it with `outcome`.", action=Strong(found[0].action)
        )
    reason = action.rollback_reason if action else ""
    return t("The plan says no way back from {action}: {reason}", action=Strong(found[0].action), reason=reason)


async def begin(case: Case, failed: Attempt) -> bool:
    """An action failed, and its plan wants undone what was done in this walk. False: nothing can be, people have it at once."""
    here = case.incident.walk
    if here is None or here.run != failed.run or here.ended_at is not None or not case.incident.status.open:
        return False
    if here.gone_on(failed.step, failed.visit):
        return False
    return await _next(case, failed.run, failed.id)


async def _next(case: Case, run: int, chain: str) -> bool:
    walk = case.incident.walked(run)
    about = undoing.next_of(case.incident, await case.desk.plan(case.tx, walk.sha), run)
    return about is not None and await _propose(case, about, chain, "")


async def _propose(case: Case, about: Attempt, chain: str, starter: str) -> bool:
    """Through the gates, then to the machine if the yes to the action was one to this as well, else to the people."""
    ready = await prepare_undo(case, about, chain, None)
    visit = _visit(case, about)
    gate = ready.gate
    if gate is not None:
        await refuse(case, visit, gate.code, gate.params)
        return False
    if ready.requirement.auto and not starter:
        return await start(case, visit, ready, ())
    if chain and await _covered(case, about, ready):
        return await start(case, visit, ready, about.approvers)
    return await ask(case, visit, ready, starter or asking.starter(case.incident, about.run))


async def _covered(case: Case, about: Attempt, ready: Prepared) -> bool:
    """Those who said yes read "with rollback" on the card, and were as many as are needed now."""
    row = await case.tx.attempt(about.id)
    promised = row is not None and row.order.get("with_rollback", False)
    return bool(promised and about.approvers) and await enough(case, ready, about.approvers)


async def ended(case: Case, undo: Attempt) -> None:
    """It is undone, or not; the next before it is, or people have it."""
    walk = case.incident.walked(undo.run)
    plan = await case.desk.plan(case.tx, walk.sha)
    ok = undoing.went_well(plan, undo)
    await case.record((Draft(ActionUndone(undo.undoes, undo.id, ok)),))
    chain = await _chain(case, undo.id)
    goes_on = ok and not undo.settled_by and case.incident.status.open  # after doubt, people decide about the rest
    if chain and not (goes_on and await _next(case, undo.run, chain)):
        await _hand_over(case, chain)


async def once_more(case: Case, undo: Attempt, who: str) -> None:
    """Nobody knew what became of undoing it, and a person wants it done again: that is a new question."""
    about = case.incident.attempt(undo.undoes)
    if about is not None and about.undone_at is None:
        await _propose(case, about, "", who)


async def never_began(case: Case, undo: Attempt) -> None:
    """Through the gates once more; nobody is asked twice for what was not begun."""
    await case.tx.free_lock(undo.id)
    about, chain = case.incident.attempt(undo.undoes), await _chain(case, undo.id)
    assert about is not None, "it undoes something"
    ready = await prepare_undo(case, about, chain, None)
    gate = ready.gate
    if undo.stop_by:
        return
    if gate is not None or not await enough(case, ready, undo.approvers):
        await refuse(case, _visit(case, about), gate.code if gate else "more", gate.params if gate else {})
    elif await start(case, _visit(case, about), ready, undo.approvers):
        return
    if chain:
        await _hand_over(case, chain)


async def refused(case: Case, asked: Approval) -> None:
    """Nobody said yes to undoing it: people have it, where a failure had asked for it."""
    chain = await _chain(case, asked.digest)
    if asked.undoes and chain:
        await _hand_over(case, chain)


async def _hand_over(case: Case, chain: str) -> None:
    """Nothing more is undone: people go on."""
    failed = case.incident.attempt(chain)
    assert failed is not None, "its failure began the chain"
    plan = await case.desk.plan(case.tx, case.incident.walked(failed.run).sha)
    await case.record(undoing.handed_over(case.incident, plan, failed, await case.roster(), case.now))


async def _chain(case: Case, key: str) -> str:
    row = await case.tx.attempt(key)
    return str(row.order.get("chain", "")) if row else ""


def _visit(case: Case, about: Attempt) -> Visit:
    return next(v for v in case.incident.walked(about.run).visits if (v.step, v.visit) == (about.step, about.visit))


async def again(case: Case, asked: Approval, approved: str = "given") -> tuple[Visit, Prepared]:
    """The undoing of a question, made ready anew."""
    about = case.incident.attempt(asked.undoes)
    assert about is not None, "it undoes something"
    return _visit(case, about), await prepare_undo(case, about, await _chain(case, asked.digest), approved)


async def prepare_undo(case: Case, about: Attempt, chain: str, approved: str | None) -> Prepared:
    """The undoing of an attempt made ready: as it was shown when the action was, and as policy.yaml allows it now.

    chain: id of the attempt whose failure asks for it, "" if a person does. No pause and no rate: what went wrong is undone.
    """
    row = await case.tx.attempt(about.id)
    assert row is not None, "it is saved with the event that names it"
    walk = case.incident.walked(about.run)
    plan = await case.desk.plan(case.tx, walk.sha)
    action = plan.step(about.step).action
    assert action is not None, "the step had an action"
    automation = await switch.automation(case)
    kept = {name: row.order[name] for name in ("told", "values")}
    order = {**row.order["rollback"], "verify": None, "undoes": about.id, "chain": chain}
    order = {**order, **kept, "limits": limits_of(automation, about.target)}
    shown = {name: order[name] for name in ("executor", "spec", "timeout", "undoes")}
    values, targets = row.order["values"], (about.target,) if about.target else ()
    sha = asking.bound(case.incident, (about.run, about.step, about.visit), plan.sha, shown, values, targets)
    wanted = Wanted(
        about.run, about.step, about.visit, action.id, sha, plan.sha, about.target, canonical(shown), undoes=about.id
    )
    its = row.order["told"]
    told = Told(params.Given(its["labels"], asked=values), frozenset(its["envs"]), its.get("typed", False))
    gathered = replace(by_rule(plan, action, order, about.target, automation, case.now), limits=None, approved=approved)
    needs = await needs_of(case, plan, action, about.target, told)
    return Prepared(plan, action, wanted, needs, order, lock_of(case, plan, values), gathered, about.id)
