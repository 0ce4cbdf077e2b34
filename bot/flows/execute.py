"""What the bot runs on machines: proposed, approved by those whom policy names, started once, checked, settled."""

from collections.abc import Mapping

from bot.domain import approval, walk_action
from bot.domain.events import ActionRefused, ActionStarted, Draft
from bot.domain.need import Requirement
from bot.domain.people import arrive
from bot.domain.run_state import Approval, Visit
from bot.domain.walk_pick import walk_of
from bot.errors import Refused
from bot.flows import counted, prepare
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.prepare import Prepared
from bot.ports import AttemptRow, Cause, Json, Reply
from bot.text import Code, Strong, t
from runbooks.params import BadValue

PROPOSED = "proposed"


async def act(case: Case, args: Json) -> None:
    """A step has begun: if it has an action, run it, or ask those who must approve (a reaction)."""
    here = case.incident.walk
    if not case.incident.status.open or here is None or here.run != args["run"] or here.ended_at is not None:
        return
    visit = next((v for v in here.open if (v.step, v.visit) == (args["step"], args["visit"])), None)
    plan = await case.desk.plan(case.tx, here.sha)
    if visit is None or visit.state != "open" or plan.step(visit.step).action is None:
        return
    await propose(case, visit, {}, "")


async def ask_to_run(desk: Desk, cause: Cause, number: int, action: str, asked: Mapping[str, str]) -> Reply:
    """`run`: a person asks for an action of a step that waits."""

    async def work(case: Case) -> Reply:
        here = walk_of(case.incident)
        plan = await desk.plan(case.tx, here.sha)
        waiting = [v for v in here.open if (its := plan.step(v.step).action) is not None and its.id == action]
        if not waiting:
            raise Refused(t("No step that waits has an action {action}.", action=Code(action)), "no_action")
        await case.record(arrive(case.incident, case.by))
        await propose(case, waiting[0], asked, cause.actor)
        return Reply((t("Asked. What becomes of it stands in the channel."),))

    return await once(desk, cause, number, work)


async def propose(case: Case, visit: Visit, asked: Mapping[str, str], starter: str, retry: int = 0) -> None:
    """Through the gates, then to the people who must say yes, or straight to the machine. retry: see ActionStarted."""
    try:
        ready = await prepare.prepare(case, visit, asked)
    except BadValue as bad:
        await refuse(case, visit, bad.refusal.code, bad.refusal.params)
        return
    gate = ready.gate
    if gate is not None:
        await refuse(case, visit, gate.code, gate.params)
    elif ready.requirement.auto:
        await start(case, visit, ready, (), retry)
    else:
        await _ask(case, visit, ready, starter)


async def _ask(case: Case, visit: Visit, ready: Prepared, starter: str) -> None:
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
        await refuse(case, visit, refused.code, {})
        return
    if not drafts:
        return  # the same question is open: what it was asked with stays
    await case.tx.save([AttemptRow(ready.wanted.digest, case.stream, case.desk.runner, PROPOSED, ready.order)])
    await case.record(drafts)


async def refuse(case: Case, visit: Visit, code: str, params: Mapping[str, str]) -> None:
    run = case.incident.walks[-1].run
    plan = await case.desk.plan(case.tx, case.incident.walks[-1].sha)
    action = plan.step(visit.step).action
    name = action.id if action else ""
    await case.record((Draft(ActionRefused(run, visit.step, visit.visit, name, code, dict(params))),))


async def approve(desk: Desk, cause: Cause, number: int, wanted: str) -> Reply:
    """`approve`. wanted: the digest of a button, or the code that was typed."""

    async def work(case: Case) -> Reply:
        asked = _question(case, wanted)
        visit, ready = await _again(case, asked)
        may = approval.voters(ready.requirement, asked, prepare.members(case, await prepare.fresh(case)), case.now)
        need = ready.requirement.need
        drafts = approval.give(case.incident, case.by, may, asked.digest, await _standing(case), need=need)
        await case.record(drafts)
        now = case.incident.approval(asked.digest)
        assert now is not None
        if now.state != "given":
            left = now.need - len(now.given)
            return Reply((t("Your yes is counted. {n} more must say it.", n=left),))
        return await _approved(case, visit, ready, now)

    return await once(desk, cause, number, work)


def _question(case: Case, wanted: str) -> Approval:
    button = len(wanted) == 64
    return approval.find(case.incident, wanted if button else "", "" if button else wanted)


async def _again(case: Case, asked: Approval) -> tuple[Visit, Prepared]:
    """The same action, made ready anew: what was approved must be what would run now."""
    approval.refuse_closed(case.incident, asked, case.now)
    visit = next(v for v in case.incident.walks[-1].visits if (v.step, v.visit) == (asked.step, asked.visit))
    try:
        return visit, await prepare.again(case, visit, asked.digest)
    except BadValue as bad:
        raise Refused(bad.sentence, "changed") from bad


async def _approved(case: Case, visit: Visit, ready: Prepared, asked: Approval) -> Reply:
    """Enough people said yes: the gates once more, right before the start."""
    gate = ready.gate
    if ready.wanted.digest != asked.digest:
        await refuse(case, visit, "changed", {})
        return Reply((t("Not run: it is no longer what was approved. Ask again with `run`."),), done=False)
    if gate is not None:
        await refuse(case, visit, gate.code, gate.params)
        return Reply((t("Approved, but not run. The reason stands in the channel."),), done=False)
    started = await start(case, visit, ready, asked.given)
    if not started:
        return Reply((t("Approved, but not run. The reason stands in the channel."),))
    return Reply((t("Approved: {action} runs now.", action=Strong(ready.action.id)),), echo=True)


async def start(case: Case, visit: Visit, ready: Prepared, approvers: tuple[str, ...], retry: int = 0) -> bool:
    """The attempt is stored with all that it shall do; an effect starts it after the commit."""
    attempt = case.desk.ids.new()
    limits = ready.plan.settings.limits
    if ready.action.changes and limits is not None:
        if not await case.tx.take_lock(ready.lock, attempt, limits.lock_max):
            await refuse(case, visit, "lock", {"holder": "another run", "target": ready.wanted.target})
            return False
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
        check=ready.action.verify is not None,
        retry=retry,
    )
    await case.record((Draft(started), *walk_action.begun(ready.plan.step(visit.step), case.incident)))
    return True


async def deny(desk: Desk, cause: Cause, number: int, wanted: str, reason: str) -> Reply:
    """`deny`. wanted "": the newest question that is open."""

    async def work(case: Case) -> Reply:
        newest = next((a.digest for a in reversed(case.incident.approvals) if a.state == "open"), "")
        asked = _question(case, wanted or newest)
        requirement = await _requirement(case, asked)
        may = approval.voters(requirement, asked, prepare.members(case, await prepare.fresh(case)), case.now)
        await case.record(
            approval.deny(case.incident, case.by, may, asked.digest, await _standing(case), reason=reason)
        )
        return Reply((t("Denied. Nothing was run."),))

    return await once(desk, cause, number, work)


async def _requirement(case: Case, asked: Approval) -> Requirement:
    _, ready = await _again(case, asked)
    return ready.requirement


async def _standing(case: Case) -> str:
    """What the directory says against the person, see approval.give."""
    known = await case.tx.person(case.cause.actor)
    if known is None:
        return "unknown"
    marks = {"stranger": known.stranger, "deleted": known.deleted, "bot": known.bot}
    return next((name for name, holds in marks.items() if holds), "")


async def expire(case: Case, args: Json) -> None:
    """The time for an approval is over: that is a no (a reaction)."""
    await case.record(approval.expire(case.incident, args["digest"], case.now))


async def widen(case: Case, args: Json) -> None:
    """Nobody asked first has answered: the next may approve, too (a reaction)."""
    known = await prepare.fresh(case)
    await case.record(approval.widen(case.incident, args["digest"], prepare.members(case, known), case.now))
