"""One sentence for each thing that happens to a plan as a whole."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain.state import Incident
from bot.slack.views.scene import joined
from bot.text import Code, Strong, Text, Who, t

Sentence = Callable[[Any, Who, e.Event, Incident], Text]


def _plan(p: e.PlanAttached, who: Who, event: e.Event, i: Incident) -> Text:
    plan = Strong(p.title or p.plan)
    reasons = {
        "matched": t("The plan {plan} was chosen, since it fits the alert.", plan=plan),
        "default": t("No plan fits; {plan} was taken.", plan=plan),
        "tied": t("Until people choose among them, {plan} was taken.", plan=plan),
        "storm": t("A storm is no single fault; {plan} was taken.", plan=plan),
    }
    return reasons.get(p.why, t("{who} chose the plan {plan}.", who=who, plan=plan))


def _tied(p: e.PlansTied, who: Who, event: e.Event, i: Incident) -> Text:
    titles = p.titles.split("\n") if p.titles else p.plans
    plans = joined([t("{title} ({id})", title=Strong(title), id=Code(id)) for title, id in zip(titles, p.plans)], ", ")
    return t("{n} plans fit equally well: {plans}. Take one up with `plan`.", n=len(p.plans), plans=plans)


def _plan_ended(p: e.PlanEnded, who: Who, event: e.Event, i: Incident) -> Text:
    walk = next((w for w in i.walks if w.run == p.run), None)
    plan = Strong(walk.name if walk else "")
    if walk is not None and walk.done:
        return t("The plan {plan} is done.", plan=plan)
    if p.left and walk is not None:
        word = Code(f"plan {walk.plan}")
        return t("The plan {plan} was left at step {step} ({word} goes on with it).", plan=plan, step=p.left, word=word)
    said = {
        "replaced": t("The plan {plan} was replaced.", plan=plan),
        "limit": t("The plan {plan} went in a circle and was ended. Decide what to do next.", plan=plan),
    }
    return said.get(p.outcome, t("The plan {plan} ended.", plan=plan))


def _resumed(p: e.PlanResumed, who: Who, event: e.Event, i: Incident) -> Text:
    walk = next((w for w in i.walks if w.run == p.run), None)
    plan = Strong(walk.name if walk else p.plan)
    return t("{who} went on with the plan {plan}, at step {step}.", who=who, plan=plan, step=p.step)


PLAN_LINES: dict[type[e.Payload], Sentence] = {
    e.PlanAttached: _plan,
    e.PlansTied: _tied,
    e.PlanEnded: _plan_ended,
    e.PlanResumed: _resumed,
}
