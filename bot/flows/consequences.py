"""What must happen outside because of what was decided: events in, effects out. Pure; one small function per event.

Every flow stores its events and enqueues what this file says, in the same transaction. Nothing else makes effects that show
something to people.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import events as e
from bot.domain.ending import DECLINED
from bot.domain.state import Incident, is_person
from bot.domain.terms import MINUTE, Micros, Milestone, Status
from bot.domain.walk_turn import in_progress
from bot.flows import consequences_away as away
from bot.flows import consequences_course as course
from bot.flows import consequences_drill as drills
from bot.flows import consequences_people as people
from bot.flows import consequences_steps as steps
from bot.flows import consequences_words as words
from bot.flows.incoming import Incoming, Made, announcing
from bot.ports import Effect
from bot.work.effects import NOTICE, URGENT

LOUD = ("reopen", "worse", "stale")
"""Decisions about alerts that get a line of their own; the others only change what the card counts."""
SURELY: Micros = 5 * MINUTE
"""After so long nobody takes back any more that it is no incident."""


def consequences(incident: Incident, events: Sequence[e.Event]) -> list[Effect]:
    """Effects of events that were just stored; `incident` is the state after them. One effect per thing shown."""
    made: dict[str, Effect] = {}
    if incident.via == "backfill":  # it was over before it was entered: nobody is told, and it has no channel
        return []
    said = people.said_once(events)
    for event in _telling(incident, events):
        for effect in said(event, effects_of(incident, event)):
            name = effect.coalesce or effect.key
            made[name] = replace(effect, key=made[name].key) if name in made else effect  # others may wait for that key
    return list(made.values())


def _telling(incident: Incident, events: Sequence[e.Event]) -> Iterator[e.Event]:
    """Events without those that show nothing but what one before them shows: in a storm, hundreds of counted alerts."""
    counted = False
    for event in events:
        payload = event.payload
        if isinstance(payload, e.AlertsChanged) and payload.decision not in LOUD:
            fires = payload.fired and incident.healed
            if counted and not fires:
                continue
            counted = True
        yield event


def effects_of(incident: Incident, event: e.Event) -> Made:
    """Effects of one event."""
    follow = FOLLOWS.get(type(event.payload))
    if follow is not None:
        yield from follow(Incoming(incident, event), event.payload)
    yield from steps.overtaken(Incoming(incident, event))
    yield from drills.after(Incoming(incident, event))
    yield from course.numbers(Incoming(incident, event))
    yield from people.calls_ended(Incoming(incident, event))


# --- the incident ---


def _opened(i: Incoming, p: e.Opened) -> Made:
    args = {"name": p.name, "private": p.private, "room": i.stream, **({"adopt": p.room} if p.room else {})}
    yield Effect(i.channel, "channel", f"{i.stream}:card", i.stream, args, URGENT)
    if i.incident.announced:
        yield announcing()
    card, *rest = i.card()
    yield card
    pin = {"key": f"{i.stream}:card", "room": i.stream}
    yield Effect(f"{i.stream}:pin", "pin", f"{i.stream}:card", i.stream, pin, NOTICE, (card.key,))
    yield i.topic()
    yield from rest
    yield i.clock("clock.opening", "opening", 0)
    yield away.heard(i)


def _card_and_line(i: Incoming, p: e.Payload) -> Made:
    yield from i.card()
    yield i.line("thread")


def _card_topic_channel(i: Incoming, p: e.Payload) -> Made:
    yield from i.card()
    yield i.topic()
    yield i.line("channel")


def _severity(i: Incoming, p: e.SeverityChanged) -> Made:
    """What an alert of a storm says is told quietly: there are many of them."""
    yield from people.watch(i)
    if p.after.rank < p.before.rank:
        yield i.clock("clock.follow", "follow", 0)
    yield from i.card()
    yield i.topic()
    yield i.line("thread" if i.incident.storm and not is_person(i.event.actor) else "channel")


def _line(i: Incoming, p: e.Payload) -> Made:
    yield i.line("thread")


def _failed(i: Incoming, p: e.EffectFailed) -> Made:
    """Told, unless it is the telling that failed (that would fail again, for ever), or what nobody misses."""
    gone = p.what in ("say", "bookmark", "dnd") or p.reason in ("is_archived", "no_channel", "channel_not_found")
    if p.what == "announce" or not gone:
        yield i.line("thread")


def _line_channel(i: Incoming, p: e.Payload) -> Made:
    yield i.line("channel")


def _alerts(i: Incoming, p: e.AlertsChanged) -> Made:
    yield from i.card()
    if i.incident.storm and i.incident.walks:
        yield i.show("context", "context")
    if (asked := i.incident.question) is not None and asked.over == i.event.seq:
        yield i.question(asked.seq)
    if p.decision in LOUD:
        yield i.line("channel")
    if p.fired and i.incident.healed:
        yield i.clock("clock.lasted", "lasted", 0)


def _clear(i: Incoming, p: e.AllClear) -> Made:
    """A question is a message of its own, at the end of what was written; the one before it is folded."""
    yield from i.card()
    yield i.question(i.event.seq)
    if (asked := i.incident.question) is not None and asked.before:
        yield i.question(asked.before)


def _snoozed(i: Incoming, p: e.Snoozed) -> Made:
    if (asked := i.incident.question) is not None:
        yield i.question(asked.seq)
    yield i.clock("clock.clear", "snoozed", p.until, until=p.until)


def _milestone(i: Incoming, p: e.MilestoneMarked) -> Made:
    yield from _card_and_line(i, p)
    if i.incident.questions and p.milestone == Milestone.STARTED:
        yield i.show("questions", "questions")
    asked = i.incident.question
    if asked is not None and not asked.over and p.milestone == Milestone.RECOVERED:
        yield i.question(asked.seq)


def _status(i: Incoming, p: e.StatusChanged) -> Made:
    if not p.after.open and not p.before.open:
        yield from _card_and_line(i, p)
        if p.after is Status.CLOSED and i.incident.walks:
            yield i.clock("clock.feedback", "feedback", 0)
        return
    moves = i.incident.moved == i.event.seq
    if moves:
        yield from course.new_room(i)
    yield from _card_topic_channel(i, p)
    if moves:
        yield from course.work(i)
    elif p.before.open != p.after.open:
        yield from course.steps_waiting(i)
    if (asked := i.incident.question) is not None:
        yield i.question(asked.seq)
    yield from away.reopened(i, p)
    if p.after.open and not p.before.open:
        yield i.clock("clock.opening", "again", 0)
    yield from _over(i, p)


def _over(i: Incoming, p: e.StatusChanged) -> Made:
    """How the plan went, and what only people know."""
    if p.after in DECLINED.values() and any(map(in_progress, i.incident.walks)):
        yield i.clock("clock.feedback", "feedback", i.event.recorded_at + SURELY)
    if p.after is Status.RESOLVED:
        yield i.clock("clock.questions", "questions", 0)
        yield from course.left(i)
        yield i.show("resolution", f"resolution:{i.event.seq}")
        key = f"{i.stream}:postmortem:{i.event.seq}"
        args = {"surface": "postmortem", "key": key, "room": i.stream}
        yield Effect(key, "file", f"{i.stream}:talk", i.stream, args, NOTICE, (i.channel,))


FOLLOWS: dict[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.Opened: _opened,
    e.AlertsChanged: _alerts,
    e.AllClear: _clear,
    e.Snoozed: _snoozed,
    e.Acknowledged: _card_and_line,
    e.StatusChanged: _status,
    e.SeverityChanged: _severity,
    e.KindChanged: course.kind_changed,
    e.MilestoneMarked: _milestone,
    e.RoleLeft: _card_topic_channel,
    e.PlansTied: _line,
    e.PlanRevised: _card_and_line,
    e.ApprovalAsked: steps.asked,
    e.ApprovalWaits: steps.waits,
    e.ApprovalWidened: steps.widened,
    e.ApprovalGiven: steps.approval,
    e.ApprovalDenied: steps.approval,
    e.ApprovalExpired: steps.expired,
    e.ActionRefused: steps.refused,
    e.ActionStarted: steps.started,
    e.ActionEnded: steps.ended,
    e.ActionUndone: steps.undone,
    e.Overridden: steps.overridden,
    e.ActionStopping: steps.stopping,
    e.AutomationSet: _line_channel,
    e.BreakerOpened: steps.locked,
    e.BreakerClosed: steps.locked,
    e.RecoveryLapsed: steps.locked,
    e.ActionVerified: steps.attempt,
    e.ActionSettled: steps.attempt,
    e.ActionLate: _line_channel,
    e.EffectFailed: _failed,
    e.QuestionsAsked: course.questions_asked,
    e.QuestionAnswered: course.question_answered,
    e.Watched: course.watched,
    e.Paused: course.paused,
    e.Resumed: course.resumed,
    e.Archived: course.archived,
    e.Undone: course.undone,
    e.Merged: course.merged,
    e.TookIn: course.took_in,
    e.LetOut: course.goes_on,
    e.SplitOff: course.goes_on,
    e.MadePrivate: course.made_private,
    **people.FOLLOWS,
    **steps.FOLLOWS,
    **drills.FOLLOWS,
    **words.FOLLOWS,
    **away.FOLLOWS,
}
"""What follows from each kind of event; kinds that are not here change nothing that people see."""
