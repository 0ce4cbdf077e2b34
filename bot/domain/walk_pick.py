"""Which step is meant: by a click, which carries its step, or by a typed word, which may not. Each is ticked once."""

from bot.domain.people import By
from bot.domain.plan import Plan
from bot.domain.run_state import SETTLED, Visit, Walk
from bot.domain.state import Incident
from bot.domain.terms import BOT, SECOND, Micros
from bot.errors import Refused
from bot.text import Span, Strong, Text, Who, t

SURE_AFTER: Micros = 20 * SECOND
"""A word without a number means the current step only if it has been current so long …"""
OWN_STEP_AFTER: Micros = 5 * SECOND
"""… or is the sender's own, and nobody else has ticked the one before in these last seconds."""


class AskFirst(Refused):
    """Perhaps another step was meant. Say yes with this step and visit."""

    def __init__(self, sentence: Text, step: str, visit: int) -> None:
        super().__init__(sentence, "ask_first")
        self.step = step
        self.visit = visit


def walk_of(incident: Incident, run: int = 0) -> Walk:
    """The plan that is being walked. Refused if there is none, or if the click belongs to an earlier one."""
    walk = incident.walk
    if walk is None:
        raise Refused(t("No plan is being walked in {incident}. Choose one: `plan`.", incident=incident.ref), "no_plan")
    if run and run != walk.run:
        raise Refused(
            t("This step belongs to a plan that has been replaced. The card of the present step is further down."),
            "stale",
        )
    if walk.ended_at is not None:
        raise Refused(t("The plan has ended; nothing of it waits. Another one: `plan`."), "plan_ended")
    return walk


def pick(incident: Incident, plan: Plan, by: By, step: str, visit: int, run: int = 0, careful: bool = True) -> Visit:
    """The visit that is meant. step "": the current one; visit 0: the latest of the step. Refused with words.

    careful: two people may mean one step (what ticks, skips or answers asks; what only calls people does not).
    """
    walk = walk_of(incident, run)
    if step:
        return _named(plan, walk, by, step, visit)
    found = walk.current or next(iter(walk.open), None)
    if found is None:
        raise Refused(t("No step waits for anybody now."), "nothing_waits")
    if careful:
        _sure(incident, plan, walk, by, found)
    return found


def _named(plan: Plan, walk: Walk, by: By, step: str, visit: int) -> Visit:
    latest = walk.visit(step)
    found = latest if not visit else next((v for v in walk.visits if (v.step, v.visit) == (step, visit)), None)
    if found is None:
        now = present(plan, walk)
        known = any(step == one.number for phase in plan.phases for one in phase.steps)
        not_yet = t("Step {step} is not there yet. {now}", step=step, now=now)
        raise Refused(not_yet if known else t("The plan has no step {step}. {now}", step=step, now=now), "not_current")
    if found.state in SETTLED:
        raise Refused(t("{what} {now}", what=settled(found, by.now), now=present(plan, walk)), "settled")
    return found


def settled(visit: Visit, now: Micros) -> Text:
    """`Step 2.3 was ticked by Ben 4 s ago.`"""
    if visit.state == "left" or visit.done_at is None:
        return t("Step {step} no longer counts: the plan went elsewhere.", step=visit.step)
    step, who, ago = visit.step, Who(visit.done_by), Span(now - visit.done_at)
    if visit.state == "skipped":
        return t("Step {step} was skipped by {who} {ago} ago.", step=step, who=who, ago=ago)
    if visit.answer:
        words = visit.answer
        return t(
            "Step {step} was answered with “{words}” by {who} {ago} ago.", step=step, words=words, who=who, ago=ago
        )
    return t("Step {step} was ticked by {who} {ago} ago.", step=step, who=who, ago=ago)


def present(plan: Plan, walk: Walk) -> Text:
    """`Now: 2.4 Promote the standby.`"""
    current = walk.current or next(iter(walk.open), None)
    if current is None:
        return t("Nothing waits now.")
    return t("Now: {step} {text}", step=current.step, text=Strong(plan.step(current.step).text))


def _sure(incident: Incident, plan: Plan, walk: Walk, by: By, found: Visit) -> None:
    """Two people who say `done` within a moment mean one step."""
    if by.now - found.started_at >= SURE_AFTER:
        return
    before = _before(walk)
    other = before is not None and before.done_by != by.who and by.now - (before.done_at or 0) < OWN_STEP_AFTER
    own = by.who in (found.person, incident.holder(found.role))
    if own and not other:
        return
    text = Strong(plan.step(found.step).text)
    new = t("Step {step} has only just begun: {text} Is it this one?", step=found.step, text=text)
    if before is not None:
        new = t("{was} Tick {step} {text} too?", was=settled(before, by.now), step=found.step, text=text)
    raise AskFirst(new, found.step, found.visit)


def _before(walk: Walk) -> Visit | None:
    """The visit that a person settled last."""
    ended = [v for v in walk.visits if v.state in SETTLED and v.done_at is not None and v.done_by != BOT]
    return max(ended, key=lambda visit: visit.done_at or 0, default=None)
