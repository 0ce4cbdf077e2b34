"""Break-glass: an action runs without its approvals and within its pause. Nothing else is skipped, everybody hears of it, and a
follow-up of whoever did it asks to look at it afterwards."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain import followup
from bot.domain.approval import voters
from bot.domain.events import Draft, Overridden
from bot.domain.gates import shut
from bot.domain.people import arrive
from bot.domain.policy import BreakGlass
from bot.domain.run_state import Approval, Visit
from bot.domain.walk_pick import walk_of
from bot.errors import Refused
from bot.flows import prepare, telling
from bot.flows.approvals import standing
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.execute import refuse, start
from bot.flows.prepare import Prepared
from bot.ports import Cause, Form, Reply
from bot.text import Code, PlainShow, Strong, Typed, Who, render, t

Place = tuple[int, str, int, str]
"""What a form was opened for: run, step, visit, and the digest of the question that waited there, "" if none did."""


async def ask(desk: Desk, cause: Cause, number: int, step: str, form: Callable[[str, Place], Form]) -> Reply:
    """`override` without a reason: the form that asks for it, for exactly what waits now."""

    async def work(case: Case) -> Reply:
        await _refuse_others(case, case.desk.organisation.policy.automation.break_glass)
        visit = await _waits(case, step)
        plan = await case.desk.plan(case.tx, walk_of(case.incident).sha)
        action = plan.step(visit.step).action
        return Reply(form=form(action.id if action else "", _place(case, visit)), done=False)

    return await once(desk, cause, number, work)


async def override(desk: Desk, cause: Cause, number: int, step: str, reason: str, meant: Place | None = None) -> Reply:
    """`override [2.3] <reason>`. step "": the action that waits; meant: what waited when the form was opened."""

    async def work(case: Case) -> Reply:
        glass = case.desk.organisation.policy.automation.break_glass
        await _refuse_others(case, glass)
        visit = await _waits(case, step)
        _refuse_denied(case, visit)
        if meant is not None and meant != _place(case, visit):
            raise Refused(
                t("Not run: what waited when you opened the form is another action by now. Look at the newest card."),
                "changed",
            )
        asked = _asked(case, visit)
        ready = await _ready(case, visit, asked)
        await _refuse_alone(case, ready, asked, glass)
        await case.record(arrive(case.incident, case.by))
        if asked is not None and ready.wanted.digest != asked.digest:
            await refuse(case, visit, "changed", {})
            return Reply((t("Not run: it is no longer what the card shows. Ask again with `run`."),), done=False)
        gate = shut(replace(ready.gathered, override=True, approved=None))
        if gate is not None:
            await refuse(case, visit, gate.code, gate.params)
            return Reply(
                (t("Not run: that cannot be overridden. The reason stands in the channel."),),
                done=False,
            )
        over = Overridden(ready.wanted.run, visit.step, visit.visit, ready.action.id, glass.tells, reason)
        await case.record((Draft(over),))
        look = render(
            t("Look at the override of {action}: {reason}", action=ready.action.id, reason=reason), PlainShow()
        )
        await case.record(await telling.numbered(case, followup.make(case.incident, case.by, look, cause.actor, "")))
        if not await start(case, visit, replace(ready, overridden=True), (cause.actor,)):
            return Reply((t("Not run. The reason stands in the channel."),), done=False)
        return Reply(
            (t("{action} runs now, on your word. It is in the review.", action=Strong(ready.action.id)),), echo=True
        )

    return await once(desk, cause, number, work)


async def _refuse_others(case: Case, glass: BreakGlass) -> None:
    """Only those whom policy.yaml names, as the directory knows them now."""
    known = await prepare.fresh(case)
    policy = case.desk.organisation.policy
    may = {person for name in glass.who for person in policy.members(name, known)}
    if not glass.who:
        line = Code("automation: break_glass: {who: [group]}")
        raise Refused(t("Nobody may override here: policy.yaml would say so with {line}.", line=line), "permission")
    if case.cause.actor not in may or await standing(case):
        names = ", ".join(glass.who)
        raise Refused(t("Only {names} may override, says policy.yaml.", names=Code(names)), "permission")


async def _waits(case: Case, step: str) -> Visit:
    """The step whose action waits for a yes, or for somebody to ask for it."""
    here = walk_of(case.incident)
    plan = await case.desk.plan(case.tx, here.sha)
    found = [v for v in here.open if plan.step(v.step).action is not None and v.state in ("open", "waiting")]
    meant = [v for v in found if step in ("", v.step)]
    undoing = [a for a in case.incident.approvals if a.state == "open" and a.undoes and step in ("", a.step)]
    if len(meant) + len(undoing) > 1:
        steps = ", ".join(dict.fromkeys([*(v.step for v in meant), *(a.step for a in undoing)]))
        raise Refused(t("Nothing was run: several actions wait ({steps}). Say which step.", steps=steps), "several")
    if undoing:
        raise Refused(t("What waits there undoes something: that is approved, not overridden."), "undoes")
    if not meant:
        raise Refused(t("No action waits here that could be run."), "no_action")
    return meant[-1]


def _refuse_denied(case: Case, visit: Visit) -> None:
    """A no stops an action until it is asked for again, where everybody sees it."""
    asked = next((a for a in reversed(case.incident.approvals) if _at(case, visit, a)), None)
    if asked is not None and asked.state == "denied":
        sentence = t(
            "Not run: {who} said no to it. You can: ask again with {line}, so that they see it, and override then.",
            who=Who(asked.ended_by),
            line=Typed(f"ask {visit.step}"),
        )
        raise Refused(sentence, "denied")


async def _refuse_alone(case: Case, ready: Prepared, asked: Approval | None, glass: BreakGlass) -> None:
    """Where policy.yaml wants a second person, somebody else who may must have said yes on the card first."""
    if not glass.need_second:
        return
    members, counted = prepare.members(case, await prepare.fresh(case)), case.incident.counted(case.now)
    may = voters(case.incident, ready.requirement, asked, members, counted) if asked else ()
    if not asked or not {*asked.given} & {*may} - {case.cause.actor}:
        raise Refused(
            t("policy.yaml wants a second person: somebody else must approve it first, then you can override."),
            "second",
        )


async def _ready(case: Case, visit: Visit, asked: Approval | None) -> Prepared:
    """As it stands on the card, if there is one."""
    if asked is not None:
        return await prepare.again(case, visit, asked.digest, None)
    return await prepare.prepare(case, visit, {})


def _asked(case: Case, visit: Visit) -> Approval | None:
    """The question that waits at the step."""
    return next((a for a in reversed(case.incident.approvals) if a.state == "open" and _at(case, visit, a)), None)


def _at(case: Case, visit: Visit, asked: Approval) -> bool:
    """It is a question about the step's own action."""
    return not asked.undoes and (asked.run, asked.step, asked.visit) == (
        walk_of(case.incident).run,
        visit.step,
        visit.visit,
    )


def _place(case: Case, visit: Visit) -> Place:
    asked = _asked(case, visit)
    return walk_of(case.incident).run, visit.step, visit.visit, asked.digest if asked else ""
