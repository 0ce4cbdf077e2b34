"""A plan is walked: decisions of people about its steps. Pure: state and plan in, drafts of events out, or Refused with words.

A click carries run, step and visit; a typed word may leave them out (step "", visit 0, run 0). What follows a step stands in
bot/domain/walk_next.py, which step is meant in walk_pick.py, hands in walk_people.py, results of machines in walk_action.py.
"""

from bot.domain import named
from bot.domain.drill import under_way
from bot.domain.events import (
    Draft,
    PlanAttached,
    StepAnswered,
    StepConfirmed,
    StepDone,
    StepSkipped,
)
from bot.domain.people import By, alone, arrive, refuse_if_over
from bot.domain.plan import Answer, Plan, Step
from bot.domain.roles import offer, working
from bot.domain.run_state import Visit, Walk
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.domain.walk_next import Roster, Way, begin, denies, holder, marked, onward, toward
from bot.domain.walk_pick import AskFirst, decision, pick, refuse_late, walk_of
from bot.domain.walk_turn import leave, refuse_same
from bot.errors import BadInput, Refused
from bot.text import Code, Span, Strong, Text, Who, t

__all__ = ["AskFirst", "Roster", "answer", "attach", "confirm", "done", "skip"]


def attach(
    incident: Incident, plan: Plan, why: str, matchers: int, roster: Roster, now: Micros, commit: str = ""
) -> tuple[Draft, ...]:
    """A plan begins: the one before it ends, its roles are offered, its first step starts. why, commit: as in PlanAttached."""
    refuse_if_over(incident)
    if plan.kind == "experiment" and not under_way(incident, plan.id):
        word = Code(f"drill {plan.id}")
        raise Refused(
            t("This is an experiment: it is begun with {word}, and in no other incident.", word=word), "experiment"
        )
    refuse_same(incident, plan.sha)
    ended = leave(incident)
    run = len(incident.walks) + 1
    walk = Walk(run, plan.id, plan.sha, why, matchers, now)
    attached = Draft(PlanAttached(run, plan.id, plan.sha, why, matchers, commit, plan.title))
    return (*ended, attached, *_offers(incident, plan, roster, now), *begin(Way(incident, plan, walk, roster, now)))


def _offers(incident: Incident, plan: Plan, roster: Roster, now: Micros) -> tuple[Draft, ...]:
    """Each role that nobody holds is offered to whom the plan's table names; due when the standby is asked."""
    drafts: list[Draft] = []
    for role in plan.roles:
        found = roster(role.who) if role.who and not incident.holder(role.name) else ()
        if found:
            due = None if role.after is None else now + role.after
            drafts.extend(offer(incident, role.name, found[0], "opened", due))
    return tuple(drafts)


def done(
    incident: Incident,
    plan: Plan,
    by: By,
    roster: Roster,
    step: str = "",
    visit: int = 0,
    run: int = 0,
    evidence: str = "",
) -> tuple[Draft, ...]:
    """A step is ticked. With `confirmed by` it still waits for the second person."""
    refuse_if_over(incident)
    here = pick(incident, plan, by, step, visit, run)
    its = plan.step(here.step)
    _refuse_busy(here)
    if its.answers:
        raise BadInput(_choose(its), f"answer {its.answers[0].label}", "needs_answer")
    if here.state == "unconfirmed":
        raise Refused(_unconfirmed(here, by.now), "unconfirmed")
    given = evidence.strip()
    if its.evidence and not any(one.isprintable() and not one.isspace() for one in given):
        example = f"done {here.step} https://grafana.example/d/orders"
        raise BadInput(t("Step {step} needs a link or a text with it.", step=here.step), example, "needs_evidence")
    tick = Draft(StepDone(walk_of(incident).run, here.step, here.visit, False, its.confirmed_by, bool(given), given))
    if its.confirmed_by:
        return (*working(incident, by, here.role), tick)
    return (
        *working(incident, by, here.role),
        tick,
        *marked(its, incident),
        *onward(_way(incident, plan, by, roster), here),
    )


def confirm(
    incident: Incident,
    plan: Plan,
    by: By,
    roster: Roster,
    step: str = "",
    visit: int = 0,
    run: int = 0,
    alone_because: str = "",
) -> tuple[Draft, ...]:
    """A second person says the same. alone_because: the only person here gives a reason instead (a deviation)."""
    refuse_if_over(incident)
    walk = walk_of(incident, run, step, visit)
    waiting = next((v for v in reversed(walk.visits) if v.state == "unconfirmed"), None)
    if waiting is None and not step:
        refuse_late(incident, plan, by, lambda visit: bool(visit.confirmed_by))
    here = pick(incident, plan, by, step, visit, run, careful=False) if step or waiting is None else waiting
    if here.state != "unconfirmed":
        raise Refused(t("Step {step} is not ticked yet, so there is nothing to confirm.", step=here.step), "not_ticked")
    its = plan.step(here.step)
    by_oneself = by.who == here.done_by
    if by_oneself:
        _refuse_alone(incident, plan, its, here, by, alone_because)
    else:
        _refuse_other_role(incident, plan, here, by, roster)
    reason = alone_because.strip() if by_oneself else ""
    said = Draft(StepConfirmed(walk.run, here.step, here.visit, by_oneself, reason))
    return (*arrive(incident, by), said, *marked(its, incident), *onward(_way(incident, plan, by, roster), here))


def skip(
    incident: Incident,
    plan: Plan,
    by: By,
    roster: Roster,
    reason: str,
    step: str = "",
    visit: int = 0,
    run: int = 0,
) -> tuple[Draft, ...]:
    """A step is left out, with a reason (an optional one needs none)."""
    refuse_if_over(incident)
    here = pick(incident, plan, by, step, visit, run, out=True)
    its = plan.step(here.step)
    _refuse_busy(here)
    if its.answers:
        raise BadInput(_choose(its), f"answer {its.answers[0].label}", "needs_answer")
    if not reason.strip() and not its.optional:
        raise BadInput(
            t("Say why step {step} is left out.", step=here.step),
            "skip no access to the console",
            "needs_reason",
            "reason",
        )
    left = Draft(StepSkipped(walk_of(incident).run, here.step, here.visit, reason.strip()))
    return (*arrive(incident, by), left, *onward(_way(incident, plan, by, roster), here))


def answer(
    incident: Incident,
    plan: Plan,
    by: By,
    roster: Roster,
    choice: str,
    step: str = "",
    visit: int = 0,
    run: int = 0,
) -> tuple[Draft, ...]:
    """A decision is taken. choice: the answer's words (or their beginning, or its place: 1, 2 …)."""
    refuse_if_over(incident)
    here = pick(incident, plan, by, step, visit, run, meant=decision)
    its = plan.step(here.step)
    if not its.answers:
        raise BadInput(t("Step {step} is no decision: tick it with `done`.", step=here.step), "done", "no_decision")
    _refuse_busy(here)
    chosen = _chosen(its, choice)
    no = denies(its, chosen.label)
    taken = Draft(StepAnswered(walk_of(incident).run, here.step, here.visit, chosen.label, chosen.to, no))
    onwards = toward(_way(incident, plan, by, roster), here, chosen.to)
    return (*working(incident, by, here.role), taken, *marked(its, incident, chosen.label), *onwards)


def _way(incident: Incident, plan: Plan, by: By, roster: Roster) -> Way:
    return Way(incident, plan, walk_of(incident), roster, by.now)


def _chosen(step: Step, choice: str) -> Answer:
    said = choice.strip().lower()
    if said.isdigit() and 1 <= int(said) <= len(step.answers):
        return step.answers[int(said) - 1]
    exact = [one for one in step.answers if one.label.lower() == said]
    begun = exact or [one for one in step.answers if said and one.label.lower().startswith(said)]
    if len(begun) != 1:
        raise BadInput(_choose(step), f"answer {step.answers[0].label}", "which_answer")
    return begun[0]


def _choose(step: Step) -> Text:
    labels = " | ".join(answer.label for answer in step.answers)
    return t(
        "Step {step} asks: {question} Answer with one of: {labels}.",
        step=step.number,
        question=Strong(step.question),
        labels=labels,
    )


def _refuse_busy(visit: Visit) -> None:
    if visit.state == "running":
        raise Refused(t("The bot is doing step {step} now. Wait for it.", step=visit.step), "running")
    if visit.state == "unknown":
        word = Code(f"outcome {visit.step} done")
        sentence = t("What became of step {step} is not known. Say it first: {word}.", step=visit.step, word=word)
        raise Refused(sentence, "unknown")


def _unconfirmed(visit: Visit, now: Micros) -> Text:
    return t(
        "Step {step} was ticked by {who} {ago} ago and waits for {role} to confirm it.",
        step=visit.step,
        who=Who(visit.done_by),
        ago=Span(now - (visit.done_at or now)),
        role=named.role(visit.confirm),
    )


def _refuse_alone(incident: Incident, plan: Plan, step: Step, visit: Visit, by: By, reason: str) -> None:
    if step.confirm_always:
        sentence = t(
            "You ticked step {step}: somebody else must confirm it. This plan allows no exception.", step=step.number
        )
        raise Refused(sentence, "second_person_always")
    if alone(incident) != by.who:
        sentence = t(
            "You ticked step {step}: somebody else must confirm it ({role}).",
            step=step.number,
            role=named.role(visit.confirm),
        )
        raise Refused(sentence, "second_person")
    if not reason.strip():
        sentence = t(
            "You ticked step {step}, and you are alone here: call somebody, or say why you go on alone.",
            step=step.number,
        )
        raise Refused(sentence, "alone")


def _refuse_other_role(incident: Incident, plan: Plan, visit: Visit, by: By, roster: Roster) -> None:
    """The role that the plan names confirms; anybody else only if nobody else could."""
    who = incident.holder(visit.confirm) or holder(incident, plan, visit.confirm, roster)
    if who in ("", by.who, visit.done_by):
        return
    raise Refused(
        t("{role} confirms step {step}: that is {who}.", role=named.role(visit.confirm), step=visit.step, who=Who(who)),
        "other_role",
    )
