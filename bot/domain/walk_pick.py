"""Which step is meant: by a click, which carries its step, or by a typed word, which may not. Each is ticked once."""

from collections.abc import Callable, Iterable

from bot.domain.people import SURE_AFTER, By
from bot.domain.plan import Plan, Step
from bot.domain.run_state import SETTLED, Visit, Walk
from bot.domain.state import Incident
from bot.domain.terms import BOT, SECOND, Micros
from bot.errors import Refused
from bot.text import Span, Strong, Text, When, Who, t

OWN_STEP_AFTER: Micros = 5 * SECOND
"""A word without a number means the current step only if it has been current for SURE_AFTER, or is the sender's own, and nobody
else has ticked the one before in these last seconds."""


class AskFirst(Refused):
    """Perhaps another step was meant. Say yes with this step and visit of this run; needs: its tick needs evidence; left: the step
    that is left for it."""

    def __init__(self, sentence: Text, run: int, visit: Visit, needs: bool = False, left: Visit | None = None) -> None:
        super().__init__(sentence, "ask_first")
        self.run = run
        self.visit = visit
        self.needs = needs
        self.left = left


def anything(step: Step) -> bool:
    """Any step can be meant."""
    return True


def decision(step: Step) -> bool:
    """Only a decision can be answered."""
    return bool(step.answers)


def walk_of(incident: Incident, run: int = 0, step: str = "", visit: int = 0) -> Walk:
    """The plan that is being walked. Refused if there is none, or if the click (on a step's visit) belongs to an earlier one;
    then it says who was quicker, if somebody was.
    """
    walk = incident.walk
    if walk is None:
        raise Refused(t("No plan is being walked in {incident}. Choose one: `plan`.", incident=incident.ref), "no_plan")
    if run and run != walk.run:
        was = _was(v for w in incident.walks if w.run == run for v in w.visits if (v.step, v.visit) == (step, visit))
        old = t("This step belongs to a plan that has been replaced. The card of the present step is further down.")
        raise Refused(t("{was} {now}", was=was, now=old) if was else old, "stale")
    if walk.ended_at is not None:
        was = _was(v for v in walk.visits if walk.ended_at in (v.done_at, v.confirmed_at))
        over = t("The plan has ended; nothing of it waits. Another one: `plan`.")
        raise Refused(t("{was} {now}", was=was, now=over) if was else over, "plan_ended")
    return walk


def _was(visits: Iterable[Visit]) -> Text | None:
    """What a person made of these visits."""
    found = next((v for v in visits if v.done_at is not None and v.state != "left" and v.done_by != BOT), None)
    return settled(found) if found else None


def pick(
    incident: Incident,
    plan: Plan,
    by: By,
    step: str,
    visit: int,
    run: int = 0,
    careful: bool = True,
    meant: Callable[[Step], bool] = anything,
    out: bool = False,
) -> Visit:
    """The visit that is meant. step "": the current one; visit 0: the latest of the step. Refused with words.

    careful: two people may mean one step (what ticks, skips or answers asks; what only calls people does not);
    meant: which steps a word without a number can mean; out: it is to be left out.
    """
    walk = walk_of(incident, run, step, visit)
    if step:
        return _named(plan, walk, by, step, visit)
    found = walk.current or next(iter(walk.open), None)
    if found is None:
        raise Refused(t("No step waits for anybody now."), "nothing_waits")
    if not meant(plan.step(found.step)):
        others = [v for v in walk.open if meant(plan.step(v.step))]
        if not others:
            refuse_late(incident, plan, by, lambda visit: bool(visit.answer))
        found = next(iter(others), found)
    if careful and meant(plan.step(found.step)):
        _sure(incident, plan, walk, by, found, out)
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


def refuse_late(incident: Incident, plan: Plan, by: By, done: Callable[[Visit], bool]) -> None:
    """Nothing waits for such a word any more. Refused with who was quicker, if the last word of a person was such a one."""
    before = last_settled(incident)
    if before is not None and done(before):
        now = present(plan, walk_of(incident))
        raise Refused(t("{was} {now}", was=settled(before, by.now), now=now), "settled")


def settled(visit: Visit, now: Micros | None = None) -> Text:
    """`Step 2.3 was ticked by Ben 4 s ago.` Without `now`: `at 03:04:12`."""
    if visit.state == "left" or visit.done_at is None:
        return t("Step {step} no longer counts: the plan went elsewhere.", step=visit.step)
    at = visit.confirmed_at or visit.done_at
    step, who = visit.step, Who(visit.done_by)
    when = t("at {at}", at=When(at, "secs")) if now is None else t("{ago} ago", ago=Span(now - at))
    if visit.state == "skipped":
        return t("Step {step} was skipped by {who} {when}.", step=step, who=who, when=when)
    if visit.answer:
        words = visit.answer
        return t("Step {step} was answered with “{words}” by {who} {when}.", step=step, words=words, who=who, when=when)
    if visit.confirmed_by:
        return t("Step {step} was confirmed by {who} {when}.", step=step, who=Who(visit.confirmed_by), when=when)
    return t("Step {step} was ticked by {who} {when}.", step=step, who=who, when=when)


def present(plan: Plan, walk: Walk) -> Text:
    """`Now: 2.4 Promote the standby.`"""
    current = walk.current or next(iter(walk.open), None)
    if current is None:
        return t("Nothing waits now.")
    its = plan.step(current.step)
    text = Strong(its.question or its.text)
    if current.state == "unconfirmed":
        return t("Now: {role} confirms {step} {text}", role=current.confirm, step=current.step, text=text)
    return t("Now: {step} {text}", step=current.step, text=text)


def _sure(incident: Incident, plan: Plan, walk: Walk, by: By, found: Visit, out: bool) -> None:
    """Two people who say `done` within a moment mean one step."""
    if by.now - found.started_at >= SURE_AFTER:
        return
    before = last_settled(incident)
    other = before is not None and before.done_by != by.who and by.now - (before.done_at or 0) < OWN_STEP_AFTER
    own = by.who in (found.person, incident.holder(found.role))
    if own and not other:
        return
    its = plan.step(found.step)
    text = Strong(its.question or its.text)
    new = t("Step {step} has only just begun: {text} Is it this one?", step=found.step, text=text)
    if before is not None:
        ask = t("Tick {step} {text} too?", step=found.step, text=text)
        if its.answers:
            ask = t("Is it your answer to {step} {text}, too?", step=found.step, text=text)
        elif out:
            ask = t("Leave {step} {text} out, too?", step=found.step, text=text)
        new = t("{was} {ask}", was=settled(before, by.now), ask=ask)
    raise AskFirst(new, walk.run, found, its.evidence)


def last_settled(incident: Incident) -> Visit | None:
    """The visit that a person settled last, also of a plan before."""
    ended = [
        v
        for walk in incident.walks
        for v in walk.visits
        if v.state in SETTLED and v.done_at is not None and v.done_by != BOT
    ]
    return max(ended, key=lambda visit: visit.done_at or 0, default=None)
