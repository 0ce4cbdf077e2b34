"""What is said of times in which nobody could be judged: from when to when, what came meanwhile, and that nobody is blamed."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain import named
from bot.domain.state import Incident
from bot.domain.terms import MINUTE
from bot.slack.views.scene import clauses, joined
from bot.text import Code, Span, Text, When, Who, t, tn

MOST = 5
"""So many steps or roles are named one by one."""


def _began(p: e.OutageBegan, who: Who, event: e.Event, i: Incident) -> Text:
    if p.why == "deaf":
        return t(
            "Since {at} Slack does not bring me what you type and click. Your time does not run until it does.",
            at=When(event.occurred_at),
        )
    return t("Slack could not be reached since {at}.", at=When(event.occurred_at, "secs"))


def _ended(p: e.OutageEnded, who: Who, event: e.Event, i: Incident) -> Text:
    if p.why == "deaf":
        return _told(t("Slack did not bring me what you typed and clicked {when}.", when=_when(p, event)), p)
    return _told(t("I could not reach Slack {when}.", when=_when(p, event)), p)


def _database(p: e.DatabaseAway, who: Who, event: e.Event, i: Incident) -> Text:
    head = t(
        "I could not write to my database {when}. What people clicked or typed meanwhile and I did not answer was not saved;"
        " alerts are sent again by their senders.",
        when=_when(p, event),
    )
    return _told(head, p)


def _stopped(p: e.Stopped, who: Who, event: e.Event, i: Incident) -> Text:
    return _told(t("I was not running {when}.", when=_when(p, event)), p)


def _clock(p: e.ClockSet, who: Who, event: e.Event, i: Incident) -> Text:
    by = Span(abs(p.jump))
    said = t("forward by {by}", by=by) if p.jump > 0 else t("back by {by}", by=by)
    return t(
        "My clock was set {said}. Timers go on with what was left of them; nobody is late because of it.", said=said
    )


def _when(p: e.Absence, event: e.Event) -> Text:
    """`03:21–03:49 (28 min)`; with seconds where it was so short that both may be the same minute."""
    length = event.occurred_at - p.began_at
    form = "time" if length >= MINUTE else "secs"
    began, ended = When(p.began_at, form), When(event.occurred_at, form)
    return t("{began}–{ended} ({span})", began=began, ended=ended, span=Span(length))


def _told(head: Text, p: e.Absence) -> Text:
    said = clauses([*_meanwhile(p), _run(p)])
    if p.judged:
        return t("{head} In that time: {said}. Timers were held as soon as I knew.", head=head, said=said)
    return t(
        "{head} In that time: {said}. Timers were held; nobody was counted as absent.",
        head=head,
        said=said,
    )


def _meanwhile(p: e.Absence) -> list[Text]:
    said = [tn("{n} alert joined", "{n} alerts joined", p.alerts)] if p.alerts else []
    names: dict[str, list[str]] = {}
    for one in p.due:
        what, _, name = one.partition(":")
        names.setdefault(what, []).append(name)
    return said + [_due(what, found) for what, found in names.items()]


def _due(what: str, names: list[str]) -> Text:
    """`step 2.4 was due`."""
    if what == "step":
        found = _list([t("{step}", step=name) for name in names])
        return tn("step {found} was due", "steps {found} were due", len(names), found=found)
    if what == "approval":
        return t("the approval of {found} was due", found=_list([t("{action}", action=Code(name)) for name in names]))
    if what == "role":
        return t("an answer for {found} was due", found=_list([named.role(name) for name in names]))
    return t("an update was due") if what == "update" else t("an answer to our call was due")


def _list(found: list[Text]) -> Text:
    more = len(found) - MOST
    said = joined(found[:MOST], ", ")
    return t("{said} and {more} more", said=said, more=more) if more > 0 else said


def _run(p: e.Absence) -> Text:
    return tn("{n} action was run", "{n} actions were run", p.runs) if p.runs else t("nothing was run")


AWAY_LINES: dict[type[e.Payload], Callable[[Any, Who, e.Event, Incident], Text]] = {
    e.OutageBegan: _began,
    e.OutageEnded: _ended,
    e.DatabaseAway: _database,
    e.Stopped: _stopped,
    e.ClockSet: _clock,
}
"""Kind of event → its sentence."""
