"""The plan is walked: one transaction for each word of a person about a step."""

from collections.abc import Awaitable, Callable

from bot.domain import walk, walk_back, walk_people
from bot.domain.events import Draft, StepAnswered, StepConfirmed, StepDone, StepHelp, StepSkipped
from bot.domain.plan import Plan
from bot.domain.run_state import SETTLED
from bot.domain.walk_next import Roster
from bot.domain.walk_pick import AskFirst, present, walk_of
from bot.errors import BadInput
from bot.flows import directory, opening
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import Button, Cause, Reply
from bot.text import Text, Typed, When, Who, t

CARRIED = 1_500
"""Characters of what was typed that a button can carry."""
STAY = "stay"
"""How `plan` is said by a [No]: nothing is done, and it says where the plan stands."""
ENDS = (StepAnswered, StepConfirmed, StepDone, StepSkipped)
Decided = Callable[[Case, Plan, Roster], tuple[Draft, ...]]


async def done(desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int, evidence: str) -> Reply:
    """`done`."""
    return await _step(
        desk,
        cause,
        number,
        lambda case, plan, roster: walk.done(case.incident, plan, case.by, roster, step, visit, run, evidence),
        evidence=evidence,
    )


async def confirm(desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int, why: str) -> Reply:
    """`confirm`. why: given if somebody confirms their own step because they are alone."""
    return await _step(
        desk,
        cause,
        number,
        lambda case, plan, roster: walk.confirm(case.incident, plan, case.by, roster, step, visit, run, why),
    )


async def skip(desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int, reason: str) -> Reply:
    """`skip`."""
    return await _step(
        desk,
        cause,
        number,
        lambda case, plan, roster: walk.skip(case.incident, plan, case.by, roster, reason, step, visit, run),
        "skip",
        reason=reason,
    )


async def answer(desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int, choice: str) -> Reply:
    """`answer`; an answer may lead into another plan."""

    async def work(case: Case) -> Reply:
        plan, roster = await _plan(case)
        drafts = walk.answer(case.incident, plan, case.by, roster, choice, step, visit, run)
        await opening.follow_answer(case, await case.record(_possible(case, drafts)))
        return await now_at(case)

    return await _asking(desk, cause, number, work, "answer", {"choice": choice})


async def back(
    desk: Desk, cause: Cause, number: int, run: int, step: str, left: tuple[str, int] | None, reason: str
) -> Reply:
    """`back`. left: as in `walk_back.back`."""
    return await _step(
        desk,
        cause,
        number,
        lambda case, plan, roster: walk_back.back(case.incident, plan, case.by, roster, reason, step, run, left),
        "back",
        reason=reason,
    )


async def assign(
    desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int, person: str, why: str = "asked"
) -> Reply:
    """`assign`, and [Not mine]."""
    async with desk.store.read() as reads:
        await directory.refuse_absent(reads, person)
    return await _step(
        desk,
        cause,
        number,
        lambda case, plan, roster: walk_people.assign(case.incident, plan, case.by, person, step, visit, run, why),
    )


async def assist(desk: Desk, cause: Cause, number: int, run: int, step: str, visit: int) -> Reply:
    """`assist`: the standby of the step's role is called."""

    async def work(case: Case) -> Reply:
        plan, roster = await _plan(case)
        events = await case.record(walk_people.help_(case.incident, plan, case.by, roster, step, visit, run))
        [called] = [e.payload.person for e in events if isinstance(e.payload, StepHelp)]
        return Reply((t("I have called {who} to help. The step stays where it is.", who=Who(called)),))

    return await once(desk, cause, number, work)


async def _step(desk: Desk, cause: Cause, number: int, decide: Decided, verb: str = "done", **said: str) -> Reply:
    async def work(case: Case) -> Reply:
        plan, roster = await _plan(case)
        await case.record(_possible(case, decide(case, plan, roster)))
        return await now_at(case)

    return await _asking(desk, cause, number, work, verb, {**said})


def _possible(case: Case, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Nobody ended a step before it began. BadInput."""
    ended = {(p.run, p.step, p.visit) for p in (draft.payload for draft in drafts) if isinstance(p, ENDS)}
    for visit in (v for w in case.incident.walks for v in w.visits if (w.run, v.step, v.visit) in ended):
        if case.cause.at is not None and case.cause.at < visit.started_at:
            began = When(visit.started_at, "full")
            raise BadInput(
                t("Step {step} began only later: {began}.", step=visit.step, began=began), f"done {visit.step}"
            )
    return drafts


async def _asking(
    desk: Desk, cause: Cause, number: int, work: Callable[[Case], Awaitable[Reply]], verb: str, value: dict[str, object]
) -> Reply:
    """Do it, or ask whether this step was meant (two people may mean one step)."""
    try:
        return await once(desk, cause, number, work)
    except AskFirst as asked:
        at = asked.visit
        if sum(len(str(words)) for words in value.values()) > CARRIED:
            line = Typed(f"{verb} {at.step} …")
            return Reply((asked.sentence, t("If so, say it with the number: {line}", line=line)), done=False)
        carried = {"i": number, "run": asked.run, "step": at.step, "visit": at.visit, **value}
        if verb == "done" and asked.needs:
            carried["needs"] = True
        if asked.left is not None:
            carried |= {"left": asked.left.step, "left_visit": asked.left.visit}
        no = Button(t("No"), "plan", {"i": number, "how": STAY})
        return Reply((asked.sentence,), (Button(_yes(verb, at.step), verb, carried, "primary"), no), done=False)


def _yes(verb: str, step: str) -> Text:
    if verb == "skip":
        return t("Yes, leave {step} out", step=step)
    return t("Yes, back to {step}", step=step) if verb == "back" else t("Yes, {step}", step=step)


async def _plan(case: Case) -> tuple[Plan, Roster]:
    here = walk_of(case.incident)
    return await case.desk.plan(case.tx, here.sha), await case.roster()


async def now_at(case: Case) -> Reply:
    """Where the plan stands after it."""
    here = case.incident.walk
    if here is None or here.ended_at is not None:
        return Reply((t("The plan has ended."),), echo=_folds(case))
    return Reply((present(await case.desk.plan(case.tx, here.sha), here),), echo=_folds(case))


def _folds(case: Case) -> bool:
    """Whether the step was ended by this, so that its card says so."""
    states = {(w.run, v.step, v.visit): v.state for w in case.incident.walks for v in w.visits}
    ended = [event.payload for event in case.events if isinstance(event.payload, ENDS)]
    return any(states[p.run, p.step, p.visit] in SETTLED for p in ended)
