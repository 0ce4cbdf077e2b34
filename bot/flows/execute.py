"""What the bot runs on machines: proposed, approved by those whom policy names, started once, checked, settled."""

from collections.abc import Callable, Mapping

from bot.domain import approval, asking, drill, walk_action, walk_back
from bot.domain.events import ActionRefused, ActionStarted, Draft
from bot.domain.people import arrive, refuse_if_over
from bot.domain.plan import Plan, Step
from bot.domain.run_state import Visit
from bot.domain.walk_pick import walk_of
from bot.errors import BadInput, Refused
from bot.flows import counted, in_hand, prepare
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.prepare import Prepared
from bot.ports import AttemptRow, Cause, Json, Reply
from bot.text import Code, t
from runbooks import params
from runbooks.params import BadValue

PROPOSED = "proposed"


async def act(case: Case, args: Json) -> None:
    """A step has begun: if it has an action, run it, or ask those who must approve (a reaction)."""
    here = case.incident.walk
    if not case.incident.status.open or here is None or here.run != args["run"] or here.ended_at is not None:
        return
    visit = next((v for v in here.open if (v.step, v.visit) == (args["step"], args["visit"])), None)
    plan = await case.desk.plan(case.tx, here.sha)
    if visit is None or visit.state != "open" or visit.refused or plan.step(visit.step).action is None:
        return
    await propose(case, visit, {}, False, starter=asking.starter(case.incident, here.run))


async def ask_to_run(desk: Desk, cause: Cause, number: int, action: str, asked: Mapping[str, str]) -> Reply:
    """`run`: a person asks for an action of a step that waits."""

    async def work(case: Case) -> Reply:
        refuse_if_over(case.incident)
        here = walk_of(case.incident)
        plan = await desk.plan(case.tx, here.sha)
        waiting = [v for v in here.open if _does(plan.step(v.step), action)]
        visit = waiting[0] if waiting else await _unbegun(case, plan, lambda its: _does(its, action))
        if visit is None:
            raise Refused(t("No step that waits has an action {action}.", action=Code(action)), "no_action")
        _refuse_unknown(plan, visit.step, asked)
        await case.record(arrive(case.incident, case.by))
        typed, before = params.typed(plan.settings, asked), len(case.events)
        await propose(case, visit, asked, typed, starter=cause.actor)
        if len(case.events) == before:  # the same question is open
            _refuse_asked(case, visit.step)
        return Reply((t("Asked. What becomes of it stands in the channel."),))

    return await once(desk, cause, number, work)


async def ask_for_step(desk: Desk, cause: Cause, number: int, step: str) -> Reply:
    """`ask`: a person asks for the action of a step that waits, "" = the one that there is; what is open stays open."""

    async def work(case: Case) -> Reply:
        refuse_if_over(case.incident)
        here = walk_of(case.incident)
        plan = await desk.plan(case.tx, here.sha)
        found = [v for v in here.open if _has(plan.step(v.step), step)]
        visit = found[-1] if found else await _unbegun(case, plan, lambda its: _has(its, step))
        if visit is None:
            raise Refused(t("No step that waits has an action to ask for."), "no_action")
        if visit.state not in ("open", "waiting"):
            raise Refused(
                t("The action of step {step} runs, or nobody knows yet what became of it.", step=visit.step), "runs"
            )
        _refuse_asked(case, visit.step)
        await case.record(arrive(case.incident, case.by))
        await propose(case, visit, {}, False, starter=cause.actor)
        return Reply((t("Asked. What becomes of it stands in the channel."),))

    return await once(desk, cause, number, work)


def _does(step: Step, action: str) -> bool:
    return step.action is not None and step.action.id == action


def _has(step: Step, number: str) -> bool:
    return step.action is not None and number in ("", step.number)


async def _unbegun(case: Case, plan: Plan, meant: Callable[[Step], bool]) -> Visit | None:
    """A step that the plan has left because its action could not be started waits again; None if none is meant."""
    left = walk_back.unbegun(case.incident, plan, meant)
    if left is None:
        return None
    await case.record(walk_back.ask_again(case.incident, plan, case.by, await case.roster(), left))
    return walk_of(case.incident).visit(left.step)


def _refuse_unknown(plan: Plan, step: str, asked: Mapping[str, str]) -> None:
    """What the action does not take was meant for something."""
    action = plan.step(step).action
    assert action is not None, "its step waits for an action"
    takes = params.used(action, plan.settings)
    unknown = next((name for name in asked if name not in takes), None)
    if unknown is None:
        return
    example = " ".join((f"run {action.id}", *(f"{name}=…" for name in takes[:1])))
    if not takes:
        raise BadInput(t("{action} takes no parameter.", action=Code(action.id)), example)
    names = ", ".join(takes)
    sentence = t(
        "{action} takes no {name}. It takes: {names}.", action=Code(action.id), name=Code(unknown), names=names
    )
    raise BadInput(sentence, example)


def _refuse_asked(case: Case, step: str) -> None:
    run = walk_of(case.incident).run
    asked = next((a for a in case.incident.approvals if a.state == "open" and (a.run, a.step) == (run, step)), None)
    if asked is not None:
        raise Refused(t("It is asked already, and waits: code {code}.", code=Code(asked.code)), "asked")


async def propose(
    case: Case, visit: Visit, asked: Mapping[str, str], typed: bool, *, starter: str, retry: int = 0
) -> None:
    """Through the gates, then to the people who must say yes, or straight to the machine. asked, typed: see `prepare`; retry:
    see ActionStarted."""
    try:
        ready = await prepare.prepare(case, visit, asked, typed)
    except BadValue as bad:
        await refuse(case, visit, bad.refusal.code, bad.refusal.params)
        return
    gate = ready.gate
    if gate is not None:
        await refuse(case, visit, gate.code, gate.params)
    elif ready.requirement.auto:
        await start(case, visit, ready, (), retry)
    else:
        await ask(case, visit, ready, starter)


async def ask(case: Case, visit: Visit, ready: Prepared, starter: str) -> bool:
    """The question to the people; False if too few could ever say yes. starter: who wants it, "" = an alert or the plan."""
    known = await prepare.fresh(case)
    policy = case.desk.organisation.policy
    try:
        drafts = approval.ask(
            case.incident,
            ready.wanted,
            ready.requirement,
            prepare.members(case, known),
            starter,
            case.now,
            policy.sha,
        )
    except Refused as refused:
        told = {name: str(value) for name, value in refused.sentence.params.items()} if refused.code == "nobody" else {}
        await refuse(case, visit, refused.code, told)
        return False
    if drafts:  # else the same question is open: what it was asked with stays
        await case.tx.save([AttemptRow(ready.wanted.digest, case.stream, case.desk.runner, PROPOSED, ready.order)])
        await case.record(drafts)
    return True


async def refuse(case: Case, visit: Visit, code: str, params: Mapping[str, str]) -> None:
    """A gate is shut: what, why, what now."""
    place = (visit.step, visit.visit, visit.started_at)
    walk = next(
        w for w in reversed(case.incident.walks) if place in [(v.step, v.visit, v.started_at) for v in w.visits]
    )
    action = (await case.desk.plan(case.tx, walk.sha)).step(visit.step).action
    name = action.id if action else ""
    await case.record((Draft(ActionRefused(walk.run, visit.step, visit.visit, name, code, dict(params))),))


async def start(case: Case, visit: Visit, ready: Prepared, approvers: tuple[str, ...], retry: int = 0) -> bool:
    """The attempt is stored with all that it shall do; an effect starts it after the commit."""
    code = pretended(case, ready)
    if code:
        await refuse(case, visit, code, {"target": ready.wanted.target})
        return False
    attempt = case.desk.ids.new()
    limits = ready.plan.settings.limits
    if ready.action.changes and limits is not None:
        if not await case.tx.take_lock(ready.lock, attempt, limits.lock_max):
            held, _ = await in_hand.holder(case, ready.plan, ready.lock, ready.wanted.target)
            await refuse(case, visit, "lock", {"holder": held, "target": ready.wanted.target})
            return False
        if not ready.undoes:
            await counted.begun(case, ready.plan, ready.action, ready.wanted.target)
    tried = [
        a for a in case.incident.attempts if (a.run, a.step, a.visit) == (ready.wanted.run, visit.step, visit.visit)
    ]
    await case.tx.save([AttemptRow(attempt, case.stream, case.desk.runner, "starting", ready.order)])
    started = ActionStarted(
        run=ready.wanted.run,
        step=visit.step,
        visit=visit.visit,
        action=ready.action.id,
        attempt=attempt,
        n=len(tried) + 1,
        changes=ready.action.changes,
        kind=ready.action.kind,
        digest=ready.wanted.digest if approvers else "",
        approvers=approvers,
        target=ready.wanted.target,
        check=ready.action.verify is not None and not ready.undoes,
        retry=retry,
        undoes=ready.undoes,
        overridden=ready.overridden,
    )
    marks = () if ready.undoes else walk_action.begun(ready.plan.step(visit.step), case.incident)
    await case.record((Draft(started), *marks))
    return True


def pretended(case: Case, ready: Prepared) -> str:
    """Code of a refusal, "" if it may run: see `drill.pretended`."""
    entry = case.desk.organisation.policy.automation.entry_of(ready.wanted.target)
    there = entry is not None and entry.drill
    return drill.pretended(case.incident, ready.plan, ready.action, ready.wanted.step, there, bool(ready.undoes))
