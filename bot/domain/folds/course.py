"""Watched, paused, archived, taken back, folded into another and split off again, made private."""

from dataclasses import replace

from bot.domain.deadlines import held, later, open_again, steps_moved
from bot.domain.events import (
    Archived,
    Event,
    LetOut,
    MadePrivate,
    Merged,
    Paused,
    Resumed,
    SplitOff,
    TookIn,
    Undone,
    Watched,
)
from bot.domain.events.course import Known
from bot.domain.folds.life import over_with, settled, turned
from bot.domain.folds.marks import Marks, with_start
from bot.domain.folds.steps import from_to, in_visit
from bot.domain.state import MOST_SERVICES, AlertCounts, Incident, Interval, Mark
from bot.domain.terms import Micros, Source, Status


def watched(incident: Incident, event: Event, watch: Watched) -> Incident:
    return replace(incident, watched_until=watch.until, watched_by=event.actor if watch.until else "")


def paused(incident: Incident, event: Event, pause: Paused) -> Incident:
    if incident.paused:
        return incident
    began = Interval("", event.occurred_at, by=event.actor)
    return replace(incident, pauses=(*incident.pauses, began))


def resumed(incident: Incident, event: Event, again: Resumed) -> Incident:
    """An update that was promised for later is due later by the length of the pause; so are steps, offers and approvals."""
    pause = incident.paused
    if pause is None:
        return incident
    due = incident.next_update_at
    if due is not None and due > pause.start:
        due += max(0, event.occurred_at - pause.start)
    until = max(pause.start, event.occurred_at)
    pauses = (*incident.pauses[:-1], replace(pause, end=until))
    move = held(pause.start, until)
    offers = tuple(replace(one, due_at=move(one.at, one.due_at)) for one in incident.offers)
    asked = tuple(later(one, move) for one in incident.approvals)
    return replace(
        incident,
        pauses=pauses,
        next_update_at=due,
        offers=offers,
        approvals=asked,
        walks=steps_moved(incident, move),
    )


def archived(incident: Incident, event: Event, gone: Archived) -> Incident:
    return replace(incident, archived=True)


def made_private(incident: Incident, event: Event, private: MadePrivate) -> Incident:
    """Who follows it and does not see it any more follows it no longer."""
    stay = {*incident.insiders, *private.kept}
    followers = tuple(one for one in incident.told.followers if one.person in stay)
    return replace(
        incident, private=True, moved=event.seq, leaving=True, told=replace(incident.told, followers=followers)
    )


def undone(incident: Incident, event: Event, undo: Undone) -> Incident:
    """It never happened: what it changed is as it was."""
    if undo.status is not None and undo.status.open and not incident.status.open:
        incident = _asked_again(incident, event, undo.seqs)
    if undo.status is not None:
        reopened = incident.reopened[:-1] if incident.status.open and not undo.status.open else incident.reopened
        incident = replace(incident, status=undo.status, statuses=_without_last(incident.statuses), reopened=reopened)
    if undo.severity is not None:
        back = _without_last(incident.severities)
        incident = replace(
            incident, severity=undo.severity, severity_given=undo.given, severities=back, required=undo.required
        )
    if undo.kind is not None:
        incident = replace(incident, kind=undo.kind)
    told = incident.told.without(undo.seqs)
    return replace(incident, marks=_as_before(incident.marks, undo.marks, undo.gone), told=told)


def _asked_again(incident: Incident, event: Event, seqs: tuple[int, ...]) -> Incident:
    """Whoever was asked when it was ended by mistake is asked still; the time that it was over does not count. (A question whose
    step does not wait any more is over again: `approvals.overtaken`.)"""
    ended = incident.statuses[-1].start
    move = held(ended, event.occurred_at)
    back = [one for one in incident.past_offers if one.ended in seqs and one.answer == "ended"]
    offers = tuple(replace(one, answer="", ended=0, due_at=move(one.at, one.due_at)) for one in back)
    pages = tuple(
        replace(page, answer="", answered_at=None, ended=0, due_at=move(page.at, page.due_at))
        if page.ended in seqs and page.answer == "ended"
        else page
        for page in incident.pages
    )
    past = tuple(one for one in incident.past_offers if one not in back)
    anew = [asked for asked in incident.approvals if asked.state == "overtaken" and asked.ended_at == ended]
    questions = tuple(
        later(replace(asked, state="open", ended_at=None, ended_by=""), move) if asked in anew else asked
        for asked in incident.approvals
    )
    incident = replace(incident, walks=steps_moved(incident, move))
    for asked in anew:
        incident = in_visit(incident, asked, from_to("open", "waiting"))
    return replace(incident, offers=(*incident.offers, *offers), past_offers=past, pages=pages, approvals=questions)


def _without_last(history: tuple[Interval, ...]) -> tuple[Interval, ...]:
    return (*history[:-2], replace(history[-2], end=None)) if len(history) > 1 else history


def known(name: str, mark: Mark) -> Known:
    """A milestone for an event's data."""
    return name, mark.at, mark.source.value, mark.by, mark.recorded_at, mark.revision, mark.first, mark.how


def read(told: Known) -> tuple[str, Mark]:
    name, at, source, by, recorded_at, revision, first, how = told
    return name, Mark(at, Source(source), by, recorded_at, revision, first, how)


def _as_before(marks: Marks, told: tuple[Known, ...], gone: tuple[str, ...]) -> Marks:
    kept = {name: mark for name, mark in marks.items() if name not in gone}
    return {**kept, **dict(read(one) for one in told)}


def merged(incident: Incident, event: Event, into: Merged) -> Incident:
    return replace(
        over_with(incident, event),
        status=Status.MERGED,
        statuses=turned(incident.statuses, Status.MERGED.value, event),
        merged_into=into.into,
        merged_hidden=into.hidden,
        changed_at=event.recorded_at,
        question=settled(incident.question, event),
        alerts=replace(incident.alerts, firing=0),
    )


def split_off(incident: Incident, event: Event, split: SplitOff) -> Incident:
    counts = replace(incident.alerts, firing=split.firing, total=max(incident.alerts.total, split.total))
    return replace(
        incident,
        status=split.after,
        statuses=turned(incident.statuses, split.after.value, event),
        merged_into=0,
        merged_hidden=False,
        changed_at=event.recorded_at,
        alerts=replace(counts, clear_since=None if split.firing else counts.clear_since),
        walks=open_again(incident, event.occurred_at) if split.after.open else incident.walks,
    )


def took_in(incident: Incident, event: Event, other: TookIn) -> Incident:
    """Its alerts are counted here, and the earliest of both holds: first signal, found, acknowledged, began."""
    counts = incident.alerts
    services = tuple(dict.fromkeys((*counts.services, *other.services)))[:MOST_SERVICES]
    both = AlertCounts(
        firing=counts.firing + other.firing,
        total=counts.total + other.total,
        groups=counts.groups + other.groups,
        services=services,
        first_at=_earliest(counts.first_at, other.first_at),
        last_at=max((at for at in (counts.last_at, other.last_at) if at is not None), default=None),
        truncated=counts.truncated,
        clear_since=None if other.firing else counts.clear_since,
        reached_at=_earliest(counts.reached_at, other.reached_at),
        fired_at=counts.fired_at,
        named=counts.named,
    )
    marks = with_start({**incident.marks, **dict(read(one) for one in other.marks)}, event)
    return replace(incident, alerts=both, marks=marks, took_in=(*incident.took_in, other.number))


def let_out(incident: Incident, event: Event, other: LetOut) -> Incident:
    counts = incident.alerts
    fewer = replace(
        counts,
        firing=max(0, counts.firing - other.firing),
        total=max(0, counts.total - other.total),
        groups=max(0, counts.groups - other.groups),
    )
    if other.services is not None:
        fewer = replace(
            fewer,
            services=other.services,
            first_at=other.first_at,
            last_at=other.last_at,
            reached_at=other.reached_at,
        )
    marks = with_start(_as_before(incident.marks, other.marks, other.gone), event)
    kept = tuple(number for number in incident.took_in if number != other.number)
    return replace(incident, alerts=fewer, marks=marks, took_in=kept)


def _earliest(one: Micros | None, other: Micros | None) -> Micros | None:
    return min((at for at in (one, other) if at is not None), default=None)
