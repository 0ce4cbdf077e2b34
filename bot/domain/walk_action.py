"""What the result of an action means for its step: ticked, answered, handed to people."""

from bot.domain.events import Draft, StepAnswered, StepDone, StepSkipped, StepStarted
from bot.domain.plan import Action, Does, Plan, Step
from bot.domain.run_state import SETTLED, Attempt, Visit
from bot.domain.state import Incident
from bot.domain.terms import BOT, Micros, Milestone, Source
from bot.domain.walk_next import (
    MOST_VISITS,
    Roster,
    Way,
    denies,
    end_if_last,
    first_of,
    holder,
    marked,
    onward,
    role_of,
    toward,
)

_ENDED = frozenset({"exited", "timed_out", "ok", "failed"})


def action_done(incident: Incident, plan: Plan, attempt: str, roster: Roster, now: Micros) -> tuple[Draft, ...]:
    """What follows when an attempt has ended, was verified, or a person said what became of it (all folded already).

    () while its check is still to come, while it is unknown, when its step is settled, when people have to decide, and while the
    incident is over: when it is open again, it goes on from there.
    """
    found, walk = incident.attempt(attempt), incident.walking
    if found is None or found.undoes or walk is None or walk.run != found.run or not incident.status.open:
        return ()
    visit = next((v for v in walk.visits if (v.step, v.visit) == (found.step, found.visit)), None)
    step = plan.step(found.step)
    action = step.action
    if visit is None or action is None or action.id != found.action:
        return ()
    if walk.gone_on(found.step, found.visit):
        drafts = end_if_last(Way(incident, plan, walk, roster, now), visit)
        return tuple(Draft(draft.payload, actor=BOT, source=Source.AUTOMATION) for draft in drafts)
    if visit.state in SETTLED:
        return ()
    if found.state not in _ENDED or _unchecked(action, found):
        return ()
    drafts = _meaning(Way(incident, plan, walk, roster, now), visit, step, action, found)
    return tuple(Draft(draft.payload, actor=BOT, source=Source.AUTOMATION) for draft in drafts)


def succeeded(action: Action, attempt: Attempt) -> bool:
    """It did what it should: verified where there is a check, else ended with 0, or with the HTTP code that was expected."""
    if attempt.settled_by:
        return attempt.state == "ok"
    if action.verify is not None:
        return attempt.verified is True
    return attempt.state in ("exited", "ok") and attempt.exit in good(action.does)


def tries_again(action: Action, attempt: Attempt) -> bool:
    """What failed is tried once more: only what may be done twice, as often as the plan says.

    Never what people stopped or have decided about, what could not be started, nor what answers a decision.
    """
    if attempt.retry >= action.retries or attempt.settled_by or attempt.stop_by or attempt.undoes:
        return False
    if action.answer:
        return False
    if action.changes and not action.idempotent:
        return False
    if attempt.state == "unknown":
        return action.changes
    begun = attempt.state in ("exited", "timed_out") or attempt.verified is False
    return begun and not succeeded(action, attempt)


def good(does: Does) -> tuple[int, ...]:
    """Exit codes, or HTTP codes, of what ended as it should."""
    if does.executor != "http":
        return (0,)
    expect = does.spec.get("expect", 200)
    return tuple(expect) if isinstance(expect, (list, tuple)) else (int(expect),)


def _unchecked(action: Action, attempt: Attempt) -> bool:
    return action.verify is not None and attempt.state == "exited" and attempt.verified is None


def _meaning(way: Way, visit: Visit, step: Step, action: Action, attempt: Attempt) -> tuple[Draft, ...]:
    if action.answer:
        return _answered(way, visit, step, action, attempt)
    if attempt.settled_by and attempt.state != "ok":
        return ()
    if succeeded(action, attempt):
        return _ticked(way, visit, step)
    if action.on_failure == "continue":
        skipped = StepSkipped(way.walk.run, step.number, visit.visit, f"{action.id}: {attempt.state}")
        return (Draft(skipped), *onward(way, visit))
    return to_people(way, step.number)


def _answered(way: Way, visit: Visit, step: Step, action: Action, attempt: Attempt) -> tuple[Draft, ...]:
    label = action.answer.get(str(attempt.exit), action.answer.get("otherwise", ""))
    chosen = next((one for one in step.answers if one.label == label), None)
    if chosen is None:
        return ()
    taken = StepAnswered(way.walk.run, step.number, visit.visit, chosen.label, chosen.to, denies(step, chosen.label))
    return (Draft(taken), *marked(step, way.incident, chosen.label), *toward(way, visit, chosen.to))


def _ticked(way: Way, visit: Visit, step: Step) -> tuple[Draft, ...]:
    """Done by the bot. A decision, and what a second person must confirm, still wait for people."""
    if step.answers:
        return ()
    tick = Draft(StepDone(way.walk.run, step.number, visit.visit, True, step.confirmed_by, True))
    return (tick,) if step.confirmed_by else (tick, *marked(step, way.incident), *onward(way, visit))


def begun(step: Step, incident: Incident) -> tuple[Draft, ...]:
    """What the beginning of an attempt says: the fix starts when it runs, not when its step is ticked."""
    return marked(step, incident) if step.marks == Milestone.FIX_STARTED else ()


def calls_for_undo(action: Action, attempt: Attempt) -> bool:
    """It failed after it was begun, and the plan says that what was done is then undone. Never what nobody knows of, nor what
    people stopped or have decided about."""
    failed = attempt.state in ("exited", "timed_out") or attempt.verified is False
    wanted = action.on_failure == "rollback" and not (attempt.settled_by or attempt.stop_by)
    return wanted and failed and attempt.state != "unknown" and not succeeded(action, attempt)


def to_people(way: Way, failed: str) -> tuple[Draft, ...]:
    """The phase that the plan names for a failure; without one the step stays open and people decide, and so it does where a step
    of that very phase failed often enough: it would go round for ever. failed: the step's number."""
    number = first_of(way.plan, way.plan.settings.after_failure)
    if number is None:
        return ()
    step, last = way.plan.step(number), way.walk.visit(number)
    if way.plan.phase_of(failed) is way.plan.phase_of(number) and last is not None and last.visit >= MOST_VISITS:
        return ()
    role = role_of(way.plan, step)
    due = None if step.within is None else way.now + step.within
    person = holder(way.incident, way.plan, role, way.roster)
    return (Draft(StepStarted(way.walk.run, number, last.visit + 1 if last else 1, role, person, due, step.meanwhile)),)
