"""Which plan is walked: another one is taken up, or one that was left goes on where it was."""

from bot.domain import walk_action, walk_turn
from bot.domain.events import Draft, PlanRevised
from bot.domain.people import arrive, refuse_if_over
from bot.domain.plan import Plan
from bot.domain.run_state import Walk
from bot.domain.state import Incident
from bot.domain.walk_pick import present
from bot.flows import opening
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.walk import now_at
from bot.ports import EVERYTHING, Button, Cause, Reply
from bot.text import Code, Strong, Text, When, t

RESUME, START = "resume", "start"
"""How a plan is taken up: where it was left, or from its beginning. "" asks, if there is anything to ask."""
MOST = 5


async def take_up(desk: Desk, cause: Cause, number: int, name: str, how: str = "", seen: int = 0) -> Reply:
    """`plan <name>`: walk it from now on. What becomes of the one before is asked, if somebody has begun with it, or has only
    just taken it up. seen: the run that was walked when the button was made, 0 for a typed word."""

    async def work(case: Case) -> Reply:
        plan = desk.named(name)
        refuse_if_over(case.incident)
        left = walk_turn.kept(case.incident, plan.id)
        if left is None or how == START:
            walk_turn.refuse_same(case.incident, plan.sha)
        doubts = tuple(walk_turn.standing(case.incident))
        new = tuple(walk_turn.only_just(case.incident, await case.tx.timeline(number, EVERYTHING), case.by, seen))
        if new or (not how and (left is not None or doubts)):
            return _question(plan, left, (*new, *doubts), case.incident)
        await case.record(arrive(case.incident, case.by))
        if left is None or how == START:
            await opening.take_up(case, plan, "asked")
        else:
            await _resume(case, left)
        return await now_at(case)

    return await once(desk, cause, number, work)


def _question(plan: Plan, left: Walk | None, doubts: tuple[Text, ...], incident: Incident) -> Reply:
    title, value = Strong(plan.title), {"plan": plan.id, "run": incident.walk.run if incident.walk else 0}
    anew = Button(t("From the beginning"), "plan", {**value, "how": START})
    if left is None or left.left_at is None or left.ended_at is None:
        yes = Button(t("Take up {plan}", plan=plan.title[:50]), "plan", {**value, "how": START}, "primary")
        typed = t("Take up {plan}? ({word})", plan=title, word=Code(f"plan {plan.id} {START}"))
        return Reply((*doubts, typed), (yes,), done=False)
    step = left.left_at.step
    said = t(
        "{plan} was left at step {step}, {at}. Go on there ({on}), or from the beginning ({anew})?",
        plan=title,
        step=step,
        at=When(left.ended_at),
        on=Code(f"plan {plan.id} {RESUME}"),
        anew=Code(f"plan {plan.id} {START}"),
    )
    older = (t("Its text has changed since: going on keeps to the older one."),) if left.sha != plan.sha else ()
    on = Button(t("Go on at {step}", step=step), "plan", {**value, "how": RESUME}, "primary")
    return Reply((*doubts, said, *older), (on, anew), done=False)


async def _resume(case: Case, left: Walk) -> None:
    """With the text with which it began; what its action has come to meanwhile counts now."""
    plan, roster = await case.desk.plan(case.tx, left.sha), await case.roster()
    await case.record(walk_turn.resume(case.incident, plan, left, roster, case.now))
    entry = case.desk.plans.find(left.plan)
    if entry is not None and entry.sha != (left.newer or left.sha):
        await case.record([Draft(PlanRevised(left.run, left.plan, entry.sha))])
    here = case.incident.walk
    for visit in here.open if here else ():
        tried = [a for a in case.incident.attempts if (a.run, a.step, a.visit) == (left.run, visit.step, visit.visit)]
        if tried:
            means = walk_action.action_done(case.incident, plan, tried[-1].id, roster, case.now)
            await opening.follow_answer(case, await case.record(means))


async def stays(desk: Desk, person: str, number: int) -> Reply:
    """[No]: nothing is done."""
    async with desk.store.read() as reads:
        incident = await reads.incident(number, await desk.viewer(reads, person))
        here = incident.walk if incident else None
        now = (_standing(await desk.plan(reads, here.sha), here),) if here else ()
    return Reply((t("Nothing was done."), *now), done=False, shows=True)


async def overview(desk: Desk, person: str, number: int) -> Reply:
    """`plan`: where the plan stands, which were left, and which others there are."""
    async with desk.store.read() as reads:
        incident = await reads.incident(number, await desk.viewer(reads, person))
        here = incident.walk if incident else None
        plan = await desk.plan(reads, here.sha) if here else None
    lines = [_standing(plan, here)] if plan and here else [t("No plan is being walked.")]
    others = [p for p in desk.plans.plans if plan is None or p.id != plan.id]
    kept = {p.id: walk_turn.kept(incident, p.id) for p in desk.plans.plans} if incident else {}
    first = sorted(others, key=lambda p: kept.get(p.id) is None)
    buttons = tuple(Button(t("Take up {plan}", plan=p.title[:50]), "plan", {"i": number, "plan": p.id}) for p in first)
    lines += [_offered(p, kept.get(p.id)) for p in first]
    return Reply(tuple(lines), buttons[:MOST], done=False, shows=True)


def _offered(plan: Plan, left: Walk | None) -> Text:
    if left is None or left.left_at is None:
        return t("{id}: {title}", id=Code(plan.id), title=plan.title)
    return t("{id}: {title} (left at step {step})", id=Code(plan.id), title=plan.title, step=left.left_at.step)


def _standing(plan: Plan, here: Walk) -> Text:
    if here.ended_at is not None:
        title, at = Strong(plan.title), When(here.ended_at)
        return (
            t("{plan} is done since {at}.", plan=title, at=at)
            if here.done
            else t("{plan} ended {at}.", plan=title, at=at)
        )
    return t("{plan}. {now}", plan=Strong(plan.title), now=present(plan, here))
