"""One sentence for each thing that can happen: the card's thread, the timeline and the API say the same.

`line(event, incident)` is medium-free: names, moments and foreign words are parameters of the sentence.
"""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain import joined as joined_storm
from bot.domain import named
from bot.domain.state import Incident, is_person
from bot.domain.terms import HOUR, Micros, Milestone, Status
from bot.slack.views import words
from bot.slack.views.lines_away import AWAY_LINES
from bot.slack.views.lines_course import COURSE_LINES
from bot.slack.views.lines_drill import DRILL_LINES
from bot.slack.views.lines_evidence import EVIDENCE_LINES
from bot.slack.views.lines_org import ORG_LINES
from bot.slack.views.lines_people import PEOPLE_LINES
from bot.slack.views.lines_plan import PLAN_LINES
from bot.slack.views.lines_run import RUN_LINES
from bot.slack.views.lines_told import TOLD_LINES
from bot.slack.views.scene import joined
from bot.slack.views.storm import storm_alert
from bot.text import Code, Room, Span, Strong, Text, Typed, When, Who, t, tn

HALF_A_DAY: Micros = 12 * HOUR
Sentence = Callable[[Any, Who, e.Event, Incident], Text]


def line(event: e.Event, incident: Incident) -> Text:
    """What happened, in one sentence."""
    said = LINES.get(type(event.payload), _unnamed)
    return said(event.payload, Who(event.actor), event, incident)


def _unnamed(p: e.Payload, who: Who, event: e.Event, incident: Incident) -> Text:
    return t("{kind}", kind=e.kind_of(p).replace("_", " "))


def _reason(said: Text, reason: str) -> Text:
    return t("{said}: {reason}", said=said, reason=reason) if reason else said


def _opened(p: e.Opened, who: Who, event: e.Event, i: Incident) -> Text:
    head = words.severity(p.severity)
    title = Strong(p.title or i.title or p.service)
    if p.via == "alert":
        return t("{severity} opened by an alert: {title}", severity=head, title=title)
    return t("{who} declared {severity}: {title}", who=who, severity=head, title=title)


def _alerts(p: e.AlertsChanged, who: Who, event: e.Event, i: Incident) -> Text:
    fired = tn("{n} alert fired", "{n} alerts fired", p.fired)
    cleared = tn("{n} alert cleared", "{n} alerts cleared", p.cleared)
    told = t("{fired}, {cleared}", fired=fired, cleared=cleared) if p.fired and p.cleared else None
    told = told or (fired if p.fired else cleared)
    if p.named:
        return t("{told}: {names}.", told=told, names=_named(p))
    if p.decision == "reopen":
        return t("It is back: {told}. The incident is open again.", told=told)
    if p.decision == "stale":
        return _stale(p, event, i)
    if p.decision == "worse":
        return t("It grew worse: {told}.", told=told)
    return t("{told}.", told=told)


def _stale(p: e.AlertsChanged, event: e.Event, i: Incident) -> Text:
    over = t("Is it over, {who}?", who=Who(i.commander)) if i.commander else t("Is it over?")
    return t(
        "The alerts still fire, but nothing was heard of them since {at} ({span}). {over} Then say {word}; I close"
        " nothing by myself.",
        at=When(p.last_at, "full"),
        span=Span(event.occurred_at - p.last_at),
        over=over,
        word=Typed("resolve"),
    )


def _named(p: e.AlertsChanged) -> Text:
    """`orders: Orders fail, gateway: it hangs and 3 more`: what joined a storm."""
    read = joined_storm.read(p.named)
    names = joined([storm_alert(one) for one in read], ", ")
    more = p.fired - len(read)
    return t("{names} and {more} more", names=names, more=more) if more > 0 else names


def _clear(p: e.AllClear, who: Who, event: e.Event, i: Incident) -> Text:
    return t("No alert fires any more since {at}.", at=When(p.since, "secs"))


def _snoozed(p: e.Snoozed, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who}: not back to normal yet. It is asked again {at}.", who=who, at=When(p.until))


def _acknowledged(p: e.Acknowledged, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} has seen it.", who=who)


def _status(p: e.StatusChanged, who: Who, event: e.Event, i: Incident) -> Text:
    after = words.STATUS[p.after]
    if p.undo:
        return t("{who} took back the last change: it is {again} again.", who=who, again=after)
    if p.after is Status.RESOLVED:
        return t("{said}.", said=_reason(t("{who} resolved {ref}", who=who, ref=i.ref), p.reason))
    return _reason(t("{who}: {before} → {status}", who=who, before=words.STATUS[p.before], status=after), p.reason)


def _severity(p: e.SeverityChanged, who: Who, event: e.Event, i: Incident) -> Text:
    before, after = words.severity(p.before), words.severity(p.after)
    if not is_person(event.actor):
        return t("An alert is worse: {before} → {after}", before=before, after=after)
    return _reason(t("{who}: {before} → {after}", who=who, before=before, after=after), p.reason)


def _kind(p: e.KindChanged, who: Who, event: e.Event, i: Incident) -> Text:
    return _reason(t("{who}: this is {kind}", who=who, kind=words.KIND[p.after]), p.reason)


def _milestone(p: e.MilestoneMarked, who: Who, event: e.Event, i: Incident) -> Text:
    """`Cause known: 01:58 (Ben)`; with the date where the time alone would not say which day is meant."""
    known = p.milestone in {m.value for m in Milestone}
    name = named.REACHED[Milestone(p.milestone)] if known else t("{name}", name=p.milestone)
    near = abs(event.recorded_at - event.occurred_at) < HALF_A_DAY
    at = When(event.occurred_at, "time" if near else "full")
    return _reason(t("{milestone}: {at} ({who})", milestone=name, at=at, who=who), p.reason)


def _channel(p: e.ChannelMade, who: Who, event: e.Event, i: Incident) -> Text:
    room = Room(p.channel, p.name)
    if p.channel == i.adopted:
        return t("The channel {room} is the incident's now.", room=room)
    return (
        t("The channel {room} was found again.", room=room)
        if p.adopted
        else t("The channel {room} was made.", room=room)
    )


def _noted(p: e.Noted, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} noted: {text}", who=who, text=p.text or "…")


def _pinned(p: e.Pinned, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{by} wrote: {text}", by=Who(p.by), text=p.text or "…")


def _unpinned(p: e.Unpinned, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} took a message off the timeline.", who=who)


def _update(p: e.UpdateSent, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{broken} {doing}", broken=p.broken, doing=p.doing) if p.broken and p.doing else None
    return t("Update from {who}: {said}", who=who, said=said or (p.broken or p.doing or "…"))


def _expected(p: e.UpdateExpected, who: Who, event: e.Event, i: Incident) -> Text:
    if p.due_at is None:
        return t("No update is due.")
    if is_person(event.actor):
        return t("{who} puts the update off until {at}.", who=who, at=When(p.due_at))
    return t("An update is due by {at}.", at=When(p.due_at))


def _missed(p: e.UpdateMissed, who: Who, event: e.Event, i: Incident) -> Text:
    late = t("The update due {at} is late.", at=When(p.due_at))
    told = words.people([person for person, _ in p.managers])
    return t("{late} I tell {told}.", late=late, told=told) if p.managers else late


def _failed(p: e.EffectFailed, who: Who, event: e.Event, i: Incident) -> Text:
    if p.what == "notify":
        return t("⚠ A notifier failed, so somebody may not have been woken ({reason}).", reason=Code(p.reason))
    if p.what == "announce":
        setting = Code("announce_channel")
        return t(
            "⚠ This is announced nowhere: Slack lets me use no channel for it ({reason}). Name another in tocsin.yaml ({setting}).",
            reason=Code(p.reason),
            setting=setting,
        )
    return t("This could not be done in Slack: {what} ({reason}).", what=p.what, reason=Code(p.reason))


def _redacted(p: e.Redacted, who: Who, event: e.Event, i: Incident) -> Text:
    return t("The words of entry {seq} were deleted.", seq=p.seq)


def _refused_to(p: e.RefusedTo, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} was refused: {verb}.", who=who, verb=Code(p.verb))


LINES: dict[type[e.Payload], Sentence] = {
    e.Opened: _opened,
    e.AlertsChanged: _alerts,
    e.AllClear: _clear,
    e.Snoozed: _snoozed,
    e.Acknowledged: _acknowledged,
    e.StatusChanged: _status,
    e.SeverityChanged: _severity,
    e.KindChanged: _kind,
    e.MilestoneMarked: _milestone,
    e.ChannelMade: _channel,
    e.Noted: _noted,
    e.Pinned: _pinned,
    e.Unpinned: _unpinned,
    e.UpdateSent: _update,
    e.UpdateExpected: _expected,
    e.UpdateMissed: _missed,
    e.EffectFailed: _failed,
    e.Redacted: _redacted,
    e.RefusedTo: _refused_to,
    **PEOPLE_LINES,
    **DRILL_LINES,
    **ORG_LINES,
    **COURSE_LINES,
    **TOLD_LINES,
    **EVIDENCE_LINES,
    **PLAN_LINES,
    **RUN_LINES,
    **AWAY_LINES,
}
"""Kind of event → its sentence."""
