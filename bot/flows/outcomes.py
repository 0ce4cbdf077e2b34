"""What became of what the bot ran: ended, checked, never started, unknown; and what people say of the unknown."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import asking, walk_action
from bot.domain.events import ActionEnded, ActionSettled, ActionStopping, Draft
from bot.domain.people import arrive
from bot.domain.plan import Action, Plan
from bot.domain.run_state import Attempt, Visit
from bot.domain.terms import DAY
from bot.errors import Refused
from bot.flows import counted, opening, prepare, rollback
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.execute import propose, refuse, start
from bot.ports import AttemptRow, Cause, Effect, Json, Reply
from bot.text import Strong, Text, Who, t
from bot.work.effects import APPROVAL
from runbooks.params import BadValue

LATE = DAY
"""How long a runner that fell silent is waited for: what it knows is told when it is back."""
MOST_LOOKS = 3
"""So often something that only reads is begun, if it is cut off each time."""


async def settle(desk: Desk, cause: Cause, number: int, step: str, attempt: str, outcome: str) -> Reply:
    """`outcome`: a person says what became of an attempt that nobody knows of. `again` asks for a new approval."""

    async def work(case: Case) -> Reply:
        unknown = [a for a in case.incident.attempts if a.state == "unknown" and _meant(a, step, attempt)]
        if not unknown:
            raise Refused(_answered(case, step, attempt), "nothing_unknown")
        found = unknown[-1]
        await case.record(arrive(case.incident, case.by))
        await _settled(case, found, "not" if outcome == "again" else outcome)
        await finish(case, found.id)
        here = case.incident.walk
        visit = here.visit(found.step) if here else None
        if outcome == "again" and found.undoes:
            await rollback.once_more(case, found, cause.actor)
        elif outcome == "again" and visit is not None and visit.state == "open":
            row = await case.tx.attempt(found.id)
            await propose(case, visit, *_as_before(row), starter=cause.actor)
        return Reply((t("Noted, and it is on the timeline."),))

    return await once(desk, cause, number, work)


async def _settled(case: Case, found: Attempt, outcome: str) -> None:
    """What was not done was no run."""
    await case.record((Draft(ActionSettled(found.id, outcome)),))
    plan, action = await _planned(case, found)
    if outcome != "done" and not found.undoes and action is not None and action.changes:
        await counted.unbegun(case, plan, action, found)


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
        await _retried(case, found)
    elif found.state == "exited" and row.order["verify"] and found.verified is None:
        await case.tx.enqueue([_next(case, "verify", attempt)])
    else:
        await finish(case, attempt)


async def _never_began(case: Case, found: Attempt) -> None:
    if found.undoes:
        await rollback.never_began(case, found)
        return
    plan, action = await _planned(case, found)
    if action is not None and action.changes:
        await counted.unbegun(case, plan, action, found)
    await _once_more(case, found)


async def _look_again(case: Case, found: Attempt) -> None:
    """What only reads and was cut off is done again; nobody has to say what became of it. At last people decide."""
    await case.record((Draft(ActionSettled(found.id, "not")),))
    if found.n < MOST_LOOKS:
        await _once_more(case, found)


async def _retried(case: Case, found: Attempt) -> bool:
    """What failed is tried once more under the same yes; what nobody knows of needs a new one (False: neither)."""
    visit = _waiting(case, found)
    _, action = await _planned(case, found)
    if visit is None or action is None or not walk_action.tries_again(action, found):
        return False
    asked = case.incident.approval(found.digest)
    if found.state != "unknown" and (asked is None or case.now < asked.expires_at):
        return await _once_more(case, found, found.retry + 1)
    if found.state == "unknown":
        await _settled(case, found, "again")
    row = await case.tx.attempt(found.id)
    assert row is not None, "it is saved with the event that names it"
    await case.tx.free_lock(found.id)
    starter = asked.starter if asked else asking.starter(case.incident, found.run)
    await propose(case, visit, *_as_before(row), starter=starter, retry=found.retry + 1)
    return True


async def _once_more(case: Case, found: Attempt, retry: int | None = None) -> bool:
    """Once more through all gates, if what was approved is still approved and the same. retry: None = it was never begun."""
    await case.tx.free_lock(found.id)
    visit, asked = _waiting(case, found), case.incident.approval(found.digest)
    if visit is None or found.stop_by or (asked is not None and case.now >= asked.expires_at):
        return False
    after = None if retry is None and not found.retry else found  # also of a repeat that was never begun
    try:
        ready = await prepare.again(case, visit, found.id, "given" if asked else None, after)
    except BadValue as bad:
        await refuse(case, visit, bad.refusal.code, bad.refusal.params)
        return False
    if asked is not None and ready.wanted.digest != asked.digest:
        await refuse(case, visit, "changed", {})
    elif (gate := ready.gate) is not None:
        await refuse(case, visit, gate.code, gate.params)
    elif not (found.overridden or await prepare.enough(case, ready, found.approvers)):
        await refuse(case, visit, "more", {})
    else:
        ready = replace(ready, overridden=found.overridden)
        return await start(case, visit, ready, found.approvers, found.retry if retry is None else retry)
    return False


def _as_before(row: AttemptRow | None) -> tuple[Mapping[str, str], bool]:
    """The values of an attempt, and whether a person had given them."""
    return (row.order["values"], row.order["told"].get("typed", False)) if row else ({}, False)


def _waiting(case: Case, found: Attempt) -> Visit | None:
    """The visit that the attempt is for, if it still waits."""
    here = case.incident.walk
    if here is None or here.run != found.run or here.ended_at is not None or not case.incident.status.open:
        return None
    return next((v for v in here.open if (v.step, v.visit) == (found.step, found.visit)), None)


async def _planned(case: Case, found: Attempt) -> tuple[Plan, Action | None]:
    walk = case.incident.walked(found.run)
    plan = await case.desk.plan(case.tx, walk.sha)
    return plan, plan.step(found.step).action


async def finish(case: Case, attempt: str) -> None:
    """What the end of an attempt means for its step, its lock, and the trust in the action."""
    found = case.incident.attempt(attempt)
    if found is None or found.state in ("running", "unknown"):
        return
    await case.tx.free_lock(attempt)
    if found.undoes:
        await rollback.ended(case, found)
        return
    if await _retried(case, found):
        return
    plan, action = await _planned(case, found)
    if action is not None and action.changes:
        await counted.ended(case, plan, action, found, walk_action.succeeded(action, found))
    if action is not None and walk_action.calls_for_undo(action, found) and await rollback.begin(case, found):
        return
    roster = await case.roster()
    means = walk_action.action_done(case.incident, plan, attempt, roster, case.now)
    await opening.follow_answer(case, await case.record(means))


def _next(case: Case, what: str, attempt: str) -> Effect:
    key = f"{case.stream}:{what}:{attempt}"
    return Effect(key, f"action.{what}", f"run:{attempt}", case.stream, {"attempt": attempt}, APPROVAL)
