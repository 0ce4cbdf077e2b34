"""What became of what the bot ran: ended, checked, never started, unknown; and what people say of the unknown."""

from dataclasses import replace

from bot.domain import asking, walk_action
from bot.domain.events import ActionEnded, ActionSettled, ActionStopping, Draft
from bot.domain.people import arrive, refuse_if_over
from bot.domain.run_state import Attempt
from bot.domain.terms import DAY
from bot.errors import Refused
from bot.flows import counted, further, opening, rollback
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.execute import act, propose
from bot.ports import Cause, Effect, Json, Reply
from bot.text import Code, Strong, Text, Who, t
from bot.work.effects import APPROVAL

LATE = DAY
"""How long a runner that fell silent is waited for: what it knows is told when it is back."""
LOCKED = frozenset({"lock", "lock_unsure"})
MOST_LOOKS = 3
"""So often something that only reads is begun, if it is cut off each time."""


async def settle(desk: Desk, cause: Cause, number: int, step: str, attempt: str, outcome: str) -> Reply:
    """`outcome`: a person says what became of an attempt that nobody knows of. `again` asks for a new approval."""

    async def work(case: Case) -> Reply:
        unknown = [a for a in case.incident.attempts if a.state == "unknown" and _meant(a, step, attempt)]
        if not unknown:
            raise Refused(_answered(case, step, attempt), "nothing_unknown")
        found = unknown[-1]
        if outcome == "again":
            refuse_if_over(case.incident)
        if outcome == "again" and not found.undoes and further.waiting(case, found) is None:
            raise Refused(_gone_on(found), "gone_on")
        await case.record(arrive(case.incident, case.by))
        await further.settled(case, found, "not" if outcome == "again" else outcome)
        await finish(case, found.id)
        visit = further.waiting(case, found)
        if outcome == "again" and found.undoes:
            await rollback.once_more(case, found, cause.actor)
        elif outcome == "again" and visit is not None:
            row = await case.tx.attempt(found.id)
            await propose(case, visit, *further.as_before(row), starter=cause.actor)
        return Reply((t("Noted, and it is on the timeline."),))

    return await once(desk, cause, number, work)


def _gone_on(found: Attempt) -> Text:
    what = t("The plan has gone on without step {step}, so it is not run again.", step=found.step)
    return t(
        "{what} Say only whether it was done: {word}.", what=what, word=Code(f"outcome {found.step} done|not|hand")
    )


def _answered(case: Case, step: str, attempt: str) -> Text:
    """Who was quicker, if somebody was."""
    settled = [a for a in case.incident.attempts if a.settled_by and _meant(a, step, attempt)]
    if not settled:
        return t("Nothing here waits for such an answer.")
    who, action = Who(settled[-1].settled_by), Strong(settled[-1].action)
    if settled[-1].state == "ok":
        return t("{who} has said already that {action} was done.", who=who, action=action)
    return t("{who} has said already that {action} was not done, or is done by hand.", who=who, action=action)


def _meant(found: Attempt, step: str, attempt: str) -> bool:
    """A button names the attempt, words name the step or nothing: then it is the newest that is unknown."""
    return found.id == attempt if attempt else step in ("", found.step)


async def stop(desk: Desk, cause: Cause, number: int, attempt: str) -> Reply:
    """`stop`: all that Tocsin runs now in this incident is to end, or one attempt. It is asked once more if it still runs."""

    async def work(case: Case) -> Reply:
        running = [a for a in case.incident.attempts if a.state == "running" and attempt in ("", a.id)]
        if not running:
            raise Refused(t("Tocsin runs nothing here now."), "nothing_runs")
        await case.record(arrive(case.incident, case.by))
        await case.record(Draft(ActionStopping(a.id)) for a in running)
        names = t("{names}", names=", ".join(dict.fromkeys(a.action for a in running)))
        return Reply((t("Asked to end: {names}. What became of it stands in the channel.", names=names),), echo=True)

    return await once(desk, cause, number, work)


async def started(case: Case, args: Json) -> None:
    """The attempt runs, or is known never to run."""
    if _ended(case):
        await _after_end(case, args["attempt"])
        return
    await case.tx.enqueue([_next(case, "poll", args["attempt"])])


async def ended(case: Case, args: Json) -> None:
    """The attempt has ended, or nobody can say."""
    await _after_end(case, args["attempt"])


async def verified(case: Case, args: Json) -> None:
    """The check has answered."""
    await finish(case, args["attempt"])


def _ended(case: Case) -> bool:
    return any(isinstance(event.payload, ActionEnded) for event in case.events)


async def _after_end(case: Case, attempt: str) -> None:
    found = case.incident.attempt(attempt)
    row = await case.tx.attempt(attempt)
    if found is None or row is None:
        return
    if found.state == "never_started":
        await _never_began(case, found)
    elif found.state == "unknown" and not found.changes:
        await _look_again(case, found)
    elif found.state == "unknown" and row.runner != case.desk.runner:
        await case.tx.enqueue([replace(_next(case, "late", attempt), expires_at=case.now + LATE)])
    elif found.state == "unknown":
        await further.retried(case, found)
    elif found.state == "exited" and row.order["verify"] and found.verified is None:
        await case.tx.enqueue([_next(case, "verify", attempt)])
    else:
        await finish(case, attempt)


async def _never_began(case: Case, found: Attempt) -> None:
    if found.undoes:
        await rollback.never_began(case, found)
        return
    plan, action = await further.planned(case, found)
    if action is not None and action.changes:
        await counted.unbegun(case, plan, action, found)
    if not await further.once_more(case, found):
        await _leads_nowhere(case, found)


async def _look_again(case: Case, found: Attempt) -> None:
    """What only reads and was cut off is done again; nobody has to say what became of it. At last people decide."""
    await case.record((Draft(ActionSettled(found.id, "not")),))
    if found.n >= MOST_LOOKS or not await further.once_more(case, found):
        await _leads_nowhere(case, found)


async def finish(case: Case, attempt: str) -> None:
    """What the end of an attempt means for its step, its lock, and the trust in the action."""
    found = case.incident.attempt(attempt)
    if found is None or found.state in ("running", "unknown"):
        return
    await case.tx.free_lock(attempt)
    if found.undoes:
        await rollback.ended(case, found)
        await _leads_nowhere(case, found)
        return
    if await further.retried(case, found):
        return
    plan, action = await further.planned(case, found)
    if action is not None and action.changes:
        await counted.ended(case, plan, action, found, walk_action.succeeded(action, found))
    if action is not None and walk_action.calls_for_undo(action, found) and await rollback.begin(case, found):
        return
    await _leads_on(case, found)
    await _leads_nowhere(case, found)


async def again(case: Case) -> None:
    """The incident is open again: what ended meanwhile leads on now, and what nobody had answered is asked anew."""
    here = case.incident.walking
    if here is None:
        return
    for visit in here.open:
        place = (here.run, visit.step, visit.visit)
        tried = [a for a in case.incident.attempts if (a.run, a.step, a.visit) == place and not a.undoes]
        asked = [a for a in case.incident.approvals if (a.run, a.step, a.visit) == place and not a.undoes]
        if tried:
            await _leads_on(case, tried[-1])
        elif not asked or asked[-1].state == "overtaken":
            await act(case, dict(zip(("run", "step", "visit"), place, strict=True)))


async def _leads_on(case: Case, found: Attempt) -> None:
    plan, _ = await further.planned(case, found)
    means = walk_action.action_done(case.incident, plan, found.id, await case.roster(), case.now)
    await opening.follow_answer(case, await case.record(means))


async def _leads_nowhere(case: Case, found: Attempt) -> None:
    """The plan has gone on without it. It may have been all that the plan still waited for; and what had to wait for the machine
    begins now, as it would have then."""
    here = case.incident.walk
    if here is None or here.run != found.run or not here.gone_on(found.step, found.visit):
        return
    await _leads_on(case, found)
    for visit in [visit for visit in here.open if visit.refused in LOCKED]:
        await propose(case, visit, {}, False, starter=asking.starter(case.incident, here.run))


def _next(case: Case, what: str, attempt: str) -> Effect:
    key = f"{case.stream}:{what}:{attempt}"
    return Effect(key, f"action.{what}", f"run:{attempt}", case.stream, {"attempt": attempt}, APPROVAL)
