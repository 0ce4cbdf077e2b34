"""One sentence each for what people tell: decided, tried, seen, impact."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.domain.questions import CAUSES
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.slack.views.scene import clauses, joined
from bot.text import Code, Strong, Text, When, Who, t

SEEN: Mapping[str, Text] = {
    "customer": t("A customer"),
    "business": t("The business"),
    "colleague": t("A colleague"),
    "partner": t("A partner"),
}


def _decided(p: e.Decided, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} decided: {text}", who=who, text=p.text or "…")


def _tried(p: e.Tried, who: Who, event: e.Event, i: Incident) -> Text:
    if p.result:
        return t("{who} tried: {text} → {result}", who=who, text=p.text or "…", result=p.result)
    return t("{who} tried: {text}", who=who, text=p.text or "…")


def _seen(p: e.SeenBy, who: Who, event: e.Event, i: Incident) -> Text:
    if p.too:
        return t("{who} sees it, too.", who=who)
    told = Who(p.author) if p.author else who
    return t("{seen} sees it, says {who}: {text}", seen=SEEN.get(p.group, t("Somebody")), who=told, text=p.text or "…")


def _impact(p: e.ImpactTold, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who}: {impact}", who=who, impact=impact(p.function, p.percent, p.began_at, p.ended_at))


def _cause(p: e.CauseNamed, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{who} names a cause: {title} ({code})", who=who, title=CAUSES.get(p.code, t("other")), code=Code(p.code))
    return t("{said}: {text}", said=said, text=p.text) if p.text else said


def _followup(p: e.FollowupMade, who: Who, event: e.Event, i: Incident) -> Text:
    owner = t("{who}", who=Who(p.owner)) if p.owner else t("nobody yet")
    due = t("until {day}", day=p.due) if p.due else t("no day yet")
    if p.number:
        ref = f"F-{p.number}"
        return t("{ref}, to do afterwards ({owner}, {due}): {text}", ref=ref, owner=owner, due=due, text=p.text or "…")
    return t("To do afterwards ({owner}, {due}): {text}", owner=owner, due=due, text=p.text or "…")


def _corrected(p: e.UpdateCorrected, who: Who, event: e.Event, i: Incident) -> Text:
    words = [part for part in (p.broken, p.doing) if part]
    return t("{who} corrected an update. It says now: {words}", who=who, words=joined(words, " ") if words else "…")


def _followed(p: e.Followed, who: Who, event: e.Event, i: Incident) -> Text:
    if p.person:
        return t("{who} is told of it, and follows {what}.", who=Who(p.person), what=Code(p.why))
    return t("{who} follows the updates.", who=who)


def impact(function: str, percent: int | None, start: Micros | None, end: Micros | None) -> Text:
    """`impact on trading, 40 %, 02:45 to 03:10`; `no impact`."""
    if percent == 0 and not function:
        return t("no impact")
    parts = [t("impact on {function}", function=Strong(function)) if function else t("impact")]
    parts += [t("{percent} %", percent=percent)] if percent is not None else []
    if start is not None and end is not None:
        parts.append(t("{start} to {end}", start=When(start), end=When(end)))
    elif start is not None:
        parts.append(t("since {start}", start=When(start)))
    elif end is not None:
        parts.append(t("until {end}", end=When(end)))
    return clauses(parts)


TOLD_LINES: Mapping[type[e.Payload], Callable[[Any, Who, e.Event, Incident], Text]] = {
    e.Decided: _decided,
    e.Tried: _tried,
    e.SeenBy: _seen,
    e.ImpactTold: _impact,
    e.CauseNamed: _cause,
    e.FollowupMade: _followup,
    e.Unflagged: lambda p, who, event, i: t("{who} took a flag off: nothing is to be done about it.", who=who),
    e.UpdateCorrected: _corrected,
    e.Followed: _followed,
    e.Unfollowed: lambda p, who, event, i: t("{who} follows no longer.", who=who),
}
"""Kind of event → its sentence."""
