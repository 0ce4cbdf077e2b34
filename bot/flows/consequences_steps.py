"""What follows from the events of a plan's steps and of the actions that the bot runs (the rest: consequences.py)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain import events as e
from bot.domain import waking
from bot.domain.terms import MINUTE, Micros
from bot.flows.incoming import Incoming, Made
from bot.ports import Effect
from bot.work.effects import APPROVAL, PAGE

ANEW: Micros = 5 * MINUTE
"""What waits is said anew in the channel no more often than so."""


def plan_attached(i: Incoming, p: e.PlanAttached) -> Made:
    yield from i.card()
    yield i.show("context", "context")


def plan_ended(i: Incoming, p: e.PlanEnded) -> Made:
    """The steps that nobody will end any more say so, and offer nothing."""
    walk = i.incident.walked(p.run)
    for visit in walk.visits:
        if visit.state == "left":
            yield from i.step(p.run, visit.step, visit.visit)
    yield from i.card()
    yield i.line("channel")
    yield i.say("head", where="thread")


def plan_resumed(i: Incoming, p: e.PlanResumed) -> Made:
    """What runs since then, or has ended, shows its card anew; what begins once more gets one of its own."""
    yield from i.card()
    yield i.line("channel")
    walk = i.incident.walked(p.run)
    for visit in walk.open:
        yield from i.step(p.run, visit.step, visit.visit)


def step_started(i: Incoming, p: e.StepStarted) -> Made:
    if not p.by_bot:
        yield from i.step(p.run, p.step, p.visit)
    yield from i.card()
    where = {"run": p.run, "step": p.step, "visit": p.visit}
    name = f"{p.run}:{p.step}:{p.visit}"
    yield i.clock("clock.act", name, 0, **where)
    if p.due_at is not None:
        yield i.clock("clock.step", name, p.due_at, **where)


def step(i: Incoming, p: Any) -> Made:
    yield from i.step(p.run, p.step, p.visit)
    yield from i.card()


def step_back(i: Incoming, p: e.StepBack) -> Made:
    if p.left:
        yield from i.step(p.run, p.left, p.left_visit)
    tried = [a for a in i.incident.attempts if (a.run, a.step) == (p.run, p.step) and a.unbegun]
    yield from (i.attempt(a.id) for a in tried)  # nobody has to ask for it any more
    yield i.line("thread")


def plan_reported(i: Incoming, p: e.PlanReported) -> Made:
    if p.person:
        yield i.direct("feedback", p.person, run=p.run)
    else:
        yield i.line("thread")


def step_help(i: Incoming, p: e.StepHelp) -> Made:
    yield from step(i, p)
    yield i.invite(p.person)
    yield i.direct("assigned", p.person, PAGE, run=p.run, step=p.step, visit=p.visit, why="help", by=i.event.actor)


def step_assigned(i: Incoming, p: e.StepAssigned) -> Made:
    yield from step(i, p)
    if p.person != i.event.actor:
        yield i.direct("assigned", p.person, run=p.run, step=p.step, visit=p.visit, why=p.why)
        yield i.invite(p.person)


# --- actions ---


def asked(i: Incoming, p: e.ApprovalAsked) -> Made:
    yield i.approval(p.digest)
    yield from i.step(p.run, p.step, p.visit)
    yield from i.card()
    yield from _ask(i, p.may, p.digest)
    yield i.clock("clock.approval", p.digest[:16], p.expires_at, digest=p.digest)
    found = i.incident.approval(p.digest)
    if found is not None and found.half_at is not None:
        yield i.clock("clock.half", p.digest[:16], found.half_at, digest=p.digest)
    if p.widen_at is not None and p.then:
        yield i.clock("clock.widen", p.digest[:16], p.widen_at, digest=p.digest)


def waits(i: Incoming, p: e.ApprovalWaits) -> Made:
    """Who has not answered is told again, and the channel; only the card's thread where the question itself is new there."""
    asked = i.incident.approval(p.digest)
    new = asked is None or i.event.recorded_at - asked.asked_at < ANEW
    yield i.line("thread" if new else "channel")
    if not new:
        yield from (i.direct("approval_waits", person, APPROVAL, digest=p.digest) for person in p.may)


def widened(i: Incoming, p: e.ApprovalWidened) -> Made:
    """An edited card notifies nobody: the channel is told who may answer now."""
    yield i.approval(p.digest)
    yield i.line("channel")
    yield from _ask(i, p.may, p.digest)


def expired(i: Incoming, p: e.ApprovalExpired) -> Made:
    """It ends without a word of anybody's: the channel is told, and whoever is next. What replaces it asks by itself."""
    yield from approval(i, p)
    if not p.replaced_by:
        yield i.line("channel")
    for person in p.told:
        sent = i.direct("approval_over", person, PAGE, digest=p.digest)
        yield from (sent, i.ring_later(sent, waking.EXPIRED, p.digest))


def _ask(i: Incoming, people: Iterable[str], digest: str) -> Made:
    """By direct message, and by the notifier of who does not answer."""
    for person in people:
        sent = i.asked(person, digest)
        yield from (sent, i.ring_later(sent, waking.APPROVAL, digest))


def approval(i: Incoming, p: Any) -> Made:
    """The card, and the step: once the question is answered with no, it waits for people again. Who was asked is told."""
    yield i.approval(p.digest)
    asked = i.incident.approval(p.digest)
    if asked is not None:
        yield from i.step(asked.run, asked.step, asked.visit)
        if asked.state != "open":
            yield from (i.fold(i.asked(person, p.digest), "approval_told") for person in asked.may)
    yield from i.card()


def overtaken(i: Incoming) -> Made:
    """Questions that this event has made needless say so, and offer nothing."""
    for asked in i.incident.approvals:
        if asked.state == "overtaken" and (asked.ended_at, asked.ended_by) == (i.event.occurred_at, i.event.actor):
            yield i.approval(asked.digest)
            yield from (i.fold(i.asked(person, asked.digest), "approval_told") for person in asked.may)


def started(i: Incoming, p: e.ActionStarted) -> Made:
    args = {"attempt": p.attempt, "at": i.event.recorded_at}
    yield Effect(f"{i.stream}:start:{p.attempt}", "action.start", f"run:{p.attempt}", i.stream, args, APPROVAL)
    yield i.attempt(p.attempt)
    yield from i.step(p.run, p.step, p.visit)
    yield from i.card()


def overridden(i: Incoming, p: e.Overridden) -> Made:
    """Loud: in the incident's channel, and in the one that policy.yaml names."""
    yield i.line("channel")
    if p.tells and not i.incident.private:
        told = i.say("overridden")
        yield replace(
            told, lane=f"{i.stream}:tells", args={**told.args, "named": p.tells, "where": "channel"}, after=()
        )


def locked(i: Incoming, p: e.BreakerOpened | e.BreakerClosed | e.RecoveryLapsed) -> Made:
    """Loud, and on the card for as long as it holds."""
    yield from i.card()
    yield i.line("channel")


def stopping(i: Incoming, p: e.ActionStopping) -> Made:
    """A lane of its own: it does not wait behind the look at what runs."""
    args = {"attempt": p.attempt}
    key, lane = f"{i.stream}:stop:{p.attempt}:{i.event.seq}", f"stop:{p.attempt}"
    yield Effect(key, "action.stop", lane, i.stream, args, APPROVAL)
    yield i.attempt(p.attempt)
    yield i.line("thread")


def undone(i: Incoming, p: e.ActionUndone) -> Made:
    """Both cards say so; a way back that does not work calls whoever leads."""
    yield from attempt(i, p)
    yield i.attempt(p.undo)
    if not p.ok:
        yield i.line("channel")
        yield from _stuck(i, p.undo)


def ended(i: Incoming, p: e.ActionEnded) -> Made:
    yield from attempt(i, p)
    if p.outcome == "unknown":
        yield from _stuck(i, p.attempt)


def _stuck(i: Incoming, undo: str) -> Made:
    """Half undone is the worst that can be: who leads is called, and who said yes to it, whatever else they do."""
    found = i.incident.attempt(undo)
    if found is not None and found.undoes:
        called = dict.fromkeys((i.incident.commander, *found.approvers))
        yield from (i.direct("stuck", person, PAGE, attempt=undo) for person in called if person)


def attempt(i: Incoming, p: Any) -> Made:
    yield i.attempt(p.attempt)
    attempt = i.incident.attempt(p.attempt)
    if attempt is not None:
        yield from i.step(attempt.run, attempt.step, attempt.visit)
    yield from i.card()


def refused(i: Incoming, p: e.ActionRefused) -> Made:
    if i.incident.people:  # before anybody is there the step's card says it, so that the channel begins quietly
        yield i.say("refusal")
    yield from i.step(p.run, p.step, p.visit)


FOLLOWS: Mapping[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.PlanAttached: plan_attached,
    e.PlanEnded: plan_ended,
    e.PlanResumed: plan_resumed,
    e.StepStarted: step_started,
    e.StepAssigned: step_assigned,
    e.StepBack: step_back,
    e.PlanReported: plan_reported,
    e.StepHelp: step_help,
    e.StepOverdue: step,
    e.StepDone: step,
    e.StepConfirmed: step,
    e.StepSkipped: step,
    e.StepAnswered: step,
}
"""What follows from each event of a plan and its steps."""
