"""One sentence for each thing that happens in a drill."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain.gate_words import sentence
from bot.domain.state import Incident
from bot.text import Code, Text, When, Who, t

Sentence = Callable[[Any, Who, e.Event, Incident], Text]


def _began(p: e.DrillBegan, who: Who, event: e.Event, i: Incident) -> Text:
    by = Who(p.by) if p.by else t("the schedule")
    said = t("This is a drill of {plan}, begun by {by}.", plan=Code(p.plan), by=by)
    here = (
        t("Its machines are there for drills: what is approved really runs.")
        if p.live
        else t("Nothing is changed on any machine.")
    )
    said = t("{said} {here}", said=said, here=here)
    if p.ends_at is not None:
        said = t("{said} It is taken back by {at} at the latest.", said=said, at=When(p.ends_at))
    if p.abort:
        said = t("{said} Say `drill stop` at once when: {when}", said=said, when=" · ".join(p.abort.splitlines()))
    return said


def _injected(p: e.DrillInjected, who: Who, event: e.Event, i: Incident) -> Text:
    told = Who(p.person) if p.person else t("{role}", role=p.tell)
    return t("For {told}: {text}", told=told, text=p.text or t("something happens"))


def _stopped(p: e.DrillStopped, who: Who, event: e.Event, i: Incident) -> Text:
    if p.why == "real" and not p.incident:
        said = t("The drill stops: another incident is real. Everybody is needed there.")
    elif p.why == "real" and p.incident == i.number:
        said = t("This is no drill any more: what the experiment broke is taken back.")
    elif p.why == "real":
        said = t("The drill stops: INC-{number} is real. Everybody is needed there.", number=p.incident)
    elif p.why == "time":
        said = t("The experiment's time is over: it is taken back now.")
    elif p.why == "abort":
        said = t("⚠ What ends the experiment at once has come about: it is taken back now.")
    elif p.why == "blind":
        said = t("⚠ It cannot be seen any more whether the experiment must end: it is taken back now.")
    else:
        said = t("{who} stopped the drill.", who=who)
    return t("{said} {reason}", said=said, reason=p.reason) if p.reason else said


def _seen(p: e.ConditionSeen, who: Who, event: e.Event, i: Incident) -> Text:
    if p.what == "holds":
        return t("The check {check} says that the experiment must end.", check=Code(p.check))
    said = t("The check {check} of the experiment could not be made.", check=Code(p.check))
    why = sentence(p.code, p.params) if p.code else p.reason
    return t("{said} {reason}", said=said, reason=why) if why else said


def _found(p: e.DrillFound, who: Who, event: e.Event, i: Incident) -> Text:
    if p.what == "other_plan":
        return t("To mend: the alert of this drill gets the plan {plan}.", plan=Code(p.plan))
    return t("To mend: {text} (found by {who})", text=p.text or t("words deleted"), who=who)


def _signed(p: e.DrillSigned, who: Who, event: e.Event, i: Incident) -> Text:
    return t(
        "{who} signed the report: {met} met, {missed} not, {n} to mend.",
        who=who,
        met=p.met,
        missed=p.missed,
        n=p.findings,
    )


DRILL_LINES: dict[type[e.Payload], Sentence] = {
    e.DrillBegan: _began,
    e.DrillInjected: _injected,
    e.DrillStopped: _stopped,
    e.ConditionSeen: _seen,
    e.DrillFound: _found,
    e.DrillSigned: _signed,
}
