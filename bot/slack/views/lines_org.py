"""One sentence for each thing that happens to rules and plans as such: they change, they are told to their owners."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain.gate_words import FROM_WHERE
from bot.domain.state import Incident
from bot.text import Code, Link, PlainShow, Strong, Text, Who, render, t

Sentence = Callable[[Any, Who, e.Event, Incident], Text]
SHORT = 12
"""Letters of a sha256 that people are shown."""


def plan_changed(p: e.PlanChanged) -> Text:
    plan = Code(p.plan)
    if not p.sha:
        return t("The plan {plan} is gone.", plan=plan)
    said = t("The plan {plan} changed: {sha}.", plan=plan, sha=Code(p.sha[:SHORT]))
    if not p.before:
        said = t("The plan {plan} is there: {sha}.", plan=plan, sha=Code(p.sha[:SHORT]))
    if not p.refusal:
        return said
    return t("{said} None of its actions runs: {why}.", said=said, why=FROM_WHERE.get(p.refusal, FROM_WHERE["unknown"]))


def plan_rejected(p: e.PlanRejected) -> Text:
    """`restart.md:12: P102 …`, and what holds until it is mended."""
    where, code = Code(f"{p.file}:{p.line}"), Code(p.code)
    said = (
        t("{where}: {code} {said}", where=where, code=code, said=p.said)
        if p.said
        else t("{where}: {code}", where=where, code=code)
    )
    if p.fix:
        said = t("{said} ({fix})", said=said, fix=p.fix)
    said = edit_link(said, p.edit, p.line)
    if p.plan:
        return t("{said} The plan {plan} stays as it was.", said=said, plan=Code(p.plan))
    return t("{said} There is no earlier text of it, so the plan is not there.", said=said)


def edit_link(said: Text, address: str, line: int) -> Text:
    """With a link to the line, if somebody knows where it is edited. address: with `{line}`."""
    if not address:
        return said
    label = render(t("Edit line {line}", line=line), PlainShow())
    return t("{said} {link}", said=said, link=Link(address.replace("{line}", str(line)), f"[{label}]"))


def config_rejected(p: e.ConfigRejected) -> Text:
    """`policy.yaml:12: …`, and what holds until it is mended."""
    where = Code(f"{p.file}:{p.line}")
    said = t("{where}: {said}", where=where, said=p.said) if p.said else t("{where}: it cannot be used.", where=where)
    if p.errors > 1:
        said = t("{said} (and {n} more)", said=said, n=p.errors - 1)
    return t("{said} What {file} said before still holds.", said=said, file=Code(p.file))


def drill_not_begun(p: e.DrillNotBegun) -> Text:
    """What was to begin, and why it did not."""
    drill = Code(f"drill {p.plan} {p.service}".strip())
    return t("The schedule's {drill} did not begin: {said}", drill=drill, said=p.said or t("words deleted"))


def _policy(p: e.PolicyChanged) -> Text:
    return (
        t("policy.yaml is another: {sha}.", sha=Code(p.sha[:SHORT]))
        if p.sha
        else t("There is no policy.yaml any more.")
    )


def _revised(p: e.PlanRevised) -> Text:
    plan = Code(f"plan {p.plan}")
    return t("The plan has a newer text. What is walked stays as it is; {plan} begins the newer one.", plan=plan)


def _reported(p: e.PlanReported) -> Text:
    if p.person:
        return t("{who} was told how the plan {plan} went.", who=Who(p.person), plan=Code(p.plan))
    return t("Nobody was told how the plan {plan} went: nobody is known as its owner.", plan=Code(p.plan))


def _alone(said: Callable[[Any], Text]) -> Sentence:
    return lambda p, who, event, i: said(p)


def _back(p: e.StepBack, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{who} went back to step {step}", who=who, step=Strong(p.step))
    return t("{said}: {reason}", said=said, reason=p.reason) if p.reason else said


def automation_set(p: e.AutomationSet, who: Who) -> Text:
    said = t("{who} set automation to {mode}", who=who, mode=Strong(p.mode))
    return t("{said}: {reason}", said=said, reason=p.reason) if p.reason else said


def _allowed(p: e.BreakerClosed, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{who} allowed actions of {plan} again", who=who, plan=Code(p.plan))
    return t("{said}: {reason}", said=said, reason=p.reason) if p.reason else said


ORG_LINES: dict[type[e.Payload], Sentence] = {
    e.PlanChanged: _alone(plan_changed),
    e.PlanRejected: _alone(plan_rejected),
    e.ConfigRejected: _alone(config_rejected),
    e.DrillNotBegun: _alone(drill_not_begun),
    e.FileMended: _alone(lambda p: t("{file} can be used again.", file=Code(p.file))),
    e.PolicyChanged: _alone(_policy),
    e.PlanRevised: _alone(_revised),
    e.PlanReported: _alone(_reported),
    e.StepBack: _back,
    e.AutomationSet: lambda p, who, event, i: automation_set(p, who),
    e.BreakerClosed: _allowed,
    e.StandingFollowed: lambda p, who, event, i: t("{who} follows {what}.", who=who, what=Code(p.what)),
    e.StandingUnfollowed: lambda p, who, event, i: t("{who} follows {what} no longer.", who=who, what=Code(p.what)),
}
