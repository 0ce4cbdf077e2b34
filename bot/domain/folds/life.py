"""The incident's life: opened, alerts, status, severity, milestones."""

from dataclasses import replace

from bot.domain.deadlines import open_again
from bot.domain.events import (
    AlertsChanged,
    AllClear,
    ChannelMade,
    Event,
    KindChanged,
    MilestoneMarked,
    Opened,
    SeverityChanged,
    Snoozed,
    StatusChanged,
)
from bot.domain.folds import calls, drill
from bot.domain.folds.marks import Marks, corrected, derived, reached, with_start, without
from bot.domain.folds.people import nobody_asked, with_quorum
from bot.domain.joined import CAPS, read, with_more
from bot.domain.state import MOST_SERVICES, AlertCounts, Incident, Interval, Mark, Question, is_person
from bot.domain.terms import Micros, Milestone, Source, Status, number_of

BY_STATUS = {
    Status.IDENTIFIED: Milestone.DIAGNOSED,
    Status.MITIGATING: Milestone.FIX_STARTED,
    Status.MONITORING: Milestone.MITIGATED,
    Status.RESOLVED: Milestone.RESOLVED,
    Status.CLOSED: Milestone.CLOSED,
}
_OVER = frozenset({Milestone.MITIGATED, Milestone.RECOVERED, Milestone.RESOLVED, Milestone.CLOSED})
_SET_BY_STATUS = frozenset(BY_STATUS.values()) | {Milestone.RECOVERED}


def opened(event: Event, opening: Opened) -> Incident:
    """The incident as it begins. What an alert opened was noticed when it reached us; a person may say that it was earlier."""
    at = event.recorded_at if opening.via == "alert" else event.occurred_at
    marks = reached(reached({}, Milestone.DETECTED, event, at), Milestone.DECLARED, event, at)
    return Incident(
        number=number_of(event.stream),
        kind=opening.kind,
        severity=opening.severity,
        status=opening.status,
        service=opening.service,
        opened_at=event.occurred_at,
        via=opening.via,
        seq=event.seq,
        title=opening.title,
        name=opening.name,
        private=opening.private,
        channel=opening.room,
        adopted=opening.room,
        storm=opening.rule in CAPS,
        severity_given=opening.severity_given,
        opened_by=event.actor,
        marks=marks,
        statuses=(Interval(opening.status.value, at, by=event.actor),),
        severities=(Interval(opening.severity.value, at, by=event.actor),),
        required=opening.required,
    )


def alerts_changed(incident: Incident, event: Event, change: AlertsChanged) -> Incident:
    marks = incident.marks
    if change.first_at is not None:
        marks = _first_signal(marks, event, change.first_at)
    question = incident.question
    if question is not None and change.fired:
        question = settled(question, event)
    return incident.renewed(
        alerts=_counted(incident.alerts, event, change), marks=with_start(marks, event), question=question
    )


def settled(question: Question | None, event: Event) -> Question | None:
    """Nobody needs to answer it any more."""
    return question if question is None or question.over else replace(question, over=event.seq)


def _first_signal(marks: Marks, event: Event, at: Micros) -> Marks:
    """The earliest start of any alert, unless a person has said otherwise."""
    known = marks.get(Milestone.FIRST_SIGNAL)
    if known is not None and (known.revision or known.how or known.at <= at):
        return marks
    mark = Mark(at, Source.ALERT, event.actor, event.recorded_at, first=at)
    return {**marks, Milestone.FIRST_SIGNAL.value: mark}


def _counted(counts: AlertCounts, event: Event, change: AlertsChanged) -> AlertCounts:
    starts = [at for at in (counts.first_at, change.first_at) if at is not None]
    fired = [at for at in (counts.fired_at, change.first_at) if at is not None]
    services = counts.services
    if change.services != services:
        services = tuple(dict.fromkeys((*services, *change.services)))[:MOST_SERVICES]
    return AlertCounts(
        firing=max(0, counts.firing + change.fired - change.cleared),
        total=counts.total + change.fired,
        groups=counts.groups + change.groups,
        services=services,
        first_at=min(starts, default=None),
        last_at=max(change.last_at, counts.last_at or change.last_at),
        truncated=max(0, counts.truncated + change.truncated),
        clear_since=None if change.fired else counts.clear_since,
        reached_at=event.recorded_at if counts.reached_at is None else counts.reached_at,
        fired_at=max(fired, default=None),
        named=with_more(counts.named, read(change.named)) if change.named else counts.named,
    )


def all_clear(incident: Incident, event: Event, clear: AllClear) -> Incident:
    """People are asked; the question before it is no longer the one to answer."""
    before = incident.question.seq if incident.question else 0
    alerts = replace(incident.alerts, clear_since=clear.since)
    return replace(incident, alerts=alerts, question=Question(event.seq, clear.since, before))


def snoozed(incident: Incident, event: Event, later: Snoozed) -> Incident:
    if incident.question is None:
        return incident
    return replace(incident, question=replace(incident.question, by=event.actor, again_at=later.until))


def severity_changed(incident: Incident, event: Event, change: SeverityChanged) -> Incident:
    required = incident.required if change.required is None else change.required
    incident = replace(
        incident,
        severity=change.after,
        severity_given=True,
        severities=turned(incident.severities, change.after.value, event),
        required=required,
    )
    return with_quorum(incident, event)


def kind_changed(incident: Incident, event: Event, change: KindChanged) -> Incident:
    return replace(incident, kind=change.after)


def channel_made(incident: Incident, event: Event, made: ChannelMade) -> Incident:
    return replace(incident, channel=made.channel, name=made.name, leaving=False)


def milestone_marked(incident: Incident, event: Event, mark: MilestoneMarked) -> Incident:
    """A plan's step only says that something happened (the first time counts); a person corrects."""
    milestone = Milestone(mark.milestone)
    if mark.how == "step":
        marks = reached(incident.marks, milestone, event, how=mark.how)
    else:
        marks = corrected(incident.marks, milestone, event, mark.how)
    return replace(incident, marks=with_start(marks, event))


def status_changed(incident: Incident, event: Event, change: StatusChanged) -> Incident:
    if change.undo:
        return _undone(incident, change)
    again = change.after.open and not change.before.open
    if again:
        incident = replace(drill.unsigned(incident), walks=open_again(incident, event.occurred_at))
    reopens = again and Milestone.RESOLVED in incident.marks
    if not change.after.open:
        incident = over_with(incident, event)
    elif incident.archived:  # it goes on in a channel of its own again
        incident = replace(incident, archived=False, moved=event.seq)
    return replace(
        incident,
        status=change.after,
        statuses=turned(incident.statuses, change.after.value, event),
        marks=_by_status(incident.marks, event, change, again),
        reopened=(*incident.reopened, event.occurred_at) if reopens else incident.reopened,
        changed_at=event.recorded_at,
        ended=event.seq if change.after is Status.RESOLVED else incident.ended,
        question=settled(incident.question, event) if again else incident.question,
        answered=() if again and not is_person(event.actor) else incident.answered,
    )


def over_with(incident: Incident, event: Event) -> Incident:
    """Nothing is watched or waited for any more, and nobody is called or asked."""
    incident = calls.over(nobody_asked(incident, event), event)
    pauses = incident.pauses
    if incident.paused:
        pauses = (*pauses[:-1], replace(pauses[-1], end=max(pauses[-1].start, event.occurred_at)))
    return replace(incident, pauses=pauses, watched_until=None, watched_by="")


def _by_status(marks: Marks, event: Event, change: StatusChanged, again: bool) -> Marks:
    """What the new status says, and what going back takes away: an impact that is there again was not mitigated."""
    if again:
        marks = without(marks, _OVER)
    elif change.before is Status.MONITORING and change.after.open:
        marks = without(marks, {Milestone.MITIGATED})
    if change.after in BY_STATUS:
        marks = reached(marks, BY_STATUS[change.after], event, how="status")
    if change.after is Status.RESOLVED and Milestone.RECOVERED not in marks:
        marks = derived(marks, Milestone.RECOVERED, event, event.occurred_at)
    return marks


def _undone(incident: Incident, change: StatusChanged) -> Incident:
    """The last change of status never happened: its interval and the milestones recorded with it are gone."""
    undone = {name for name in _SET_BY_STATUS if _recorded(incident, name) == incident.changed_at}
    statuses = incident.statuses
    if len(statuses) > 1:
        statuses = (*statuses[:-2], replace(statuses[-2], end=None))
    return replace(incident, status=change.after, statuses=statuses, marks=without(incident.marks, undone))


def _recorded(incident: Incident, milestone: Milestone) -> Micros:
    mark = incident.marks.get(milestone)
    return mark.recorded_at if mark else -1


def turned(history: tuple[Interval, ...], value: str, event: Event, why: str = "") -> tuple[Interval, ...]:
    """The history goes on with another value (order is that of the events: a backdated one begins where the last began)."""
    at = event.occurred_at
    if history and history[-1].end is None:
        at = max(at, history[-1].start)
        history = (*history[:-1], replace(history[-1], end=at))
    return (*history, Interval(value, at, by=event.actor, why=why))
