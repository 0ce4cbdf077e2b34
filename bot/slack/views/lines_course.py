"""One sentence each for what becomes of the response besides its status: watched, paused, folded, private, taken back."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain import questions
from bot.domain.state import Incident
from bot.slack.views import words
from bot.slack.views.scene import joined
from bot.text import Strong, Text, When, Who, t, tn


def _watched(p: e.Watched, who: Who, event: e.Event, i: Incident) -> Text:
    if p.until is None:
        return t("It is not kept open any more.")
    return t("{who} keeps it open until {at}.", who=who, at=When(p.until, "full"))


def _paused(p: e.Paused, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} paused it: {reason}. Nobody is reminded or late.", who=who, reason=p.reason.rstrip(".") or "…")


def _resumed(p: e.Resumed, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who}: it goes on.", who=who)


def _archived(p: e.Archived, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} archives this channel. `timeline {ref}` still says what happened here.", who=who, ref=i.ref)


def _undone(p: e.Undone, who: Who, event: e.Event, i: Incident) -> Text:
    """What it is again."""
    again = [words.STATUS[p.status]] if p.status else []
    again += [t("{sev}", sev=words.severity(p.severity))] if p.severity else []
    again += [words.KIND[p.kind]] if p.kind else []
    if not again:
        return tn("{who} took back the last entry.", "{who} took back the last {n} entries.", len(p.seqs), who=who)
    return t("{who} took back the last change: it is {again} again.", who=who, again=joined(again, ", "))


def _merged(p: e.Merged, who: Who, event: e.Event, i: Incident) -> Text:
    if p.hidden:
        return t("{who} folded {ref} into an incident that is not public.", who=who, ref=i.ref)
    return t("{who} folded {ref} into {into}. Go on there.", who=who, ref=i.ref, into=Strong(f"INC-{p.into}"))


def _took_in(p: e.TookIn, who: Who, event: e.Event, i: Incident) -> Text:
    other = Strong(f"INC-{p.number}")
    said = t("{who} folded {other} into this: {title}", who=who, other=other, title=p.title or "…")
    alerts = tn("{n} alert", "{n} alerts", p.total)
    return t("{said} ({alerts})", said=said, alerts=alerts) if p.total else said


def _let_out(p: e.LetOut, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who}: {other} goes on by itself again.", who=who, other=Strong(f"INC-{p.number}"))


def _split_off(p: e.SplitOff, who: Who, event: e.Event, i: Incident) -> Text:
    into = t("an incident that is not public") if p.hidden else t("{ref}", ref=Strong(f"INC-{p.out_of}"))
    return t("{who} took {ref} out of {into}: {status}", who=who, ref=i.ref, into=into, status=words.STATUS[p.after])


def _private(p: e.MadePrivate, who: Who, event: e.Event, i: Incident) -> Text:
    return t(
        "{who} made {ref} private: it goes on in a private channel. What was written before {at} stays readable for"
        " whoever could read it.",
        who=who,
        ref=i.ref,
        at=When(event.occurred_at, "full"),
    )


def _asked(p: e.QuestionsAsked, who: Who, event: e.Event, i: Incident) -> Text:
    return t("The five questions were asked.")


def _answered(p: e.QuestionAnswered, who: Who, event: e.Event, i: Incident) -> Text:
    known = questions.CHOICES.get(p.question, {}).get(p.answer)
    question = questions.ASKED.get(p.question) or t("{name}", name=p.question)
    said = t("{who}: {question} {answer}", who=who, question=question, answer=known or t("{code}", code=p.answer))
    return t("{said} ({text})", said=said, text=p.text) if p.text else said


COURSE_LINES: dict[type[e.Payload], Callable[[Any, Who, e.Event, Incident], Text]] = {
    e.Watched: _watched,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.Archived: _archived,
    e.Undone: _undone,
    e.Merged: _merged,
    e.TookIn: _took_in,
    e.LetOut: _let_out,
    e.SplitOff: _split_off,
    e.MadePrivate: _private,
    e.QuestionsAsked: _asked,
    e.QuestionAnswered: _answered,
}
"""Kind of event → its sentence."""
