"""What follows from what people say: updates, decisions, reports (the rest: consequences.py)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain import events as e
from bot.domain import saying, waking
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER, DEPUTY, MANAGER, MINUTE, Micros, Severity, Status
from bot.flows.incoming import Incoming, Made
from bot.ports import Effect
from bot.work.effects import BOOKMARK

PATIENCE: Micros = 5 * MINUTE
"""So long after the commander the deputy is asked, too, and as long after that the managers are told."""


def _line(i: Incoming, p: e.Payload) -> Made:
    yield i.line("thread")


def _update(i: Incoming, p: e.UpdateSent) -> Made:
    yield i.say("update")
    yield from i.card()
    yield from _followers(i)
    if p.next_at is not None:
        yield i.clock("clock.update", "update", p.next_at, due=p.next_at)


def _expected(i: Incoming, p: e.UpdateExpected) -> Made:
    yield from i.card()
    if is_person(i.event.actor):
        yield i.line("thread")
    if p.due_at is not None:
        yield i.clock("clock.update", "update", p.due_at, due=p.due_at)


def _followers(i: Incoming) -> Made:
    """Each in a lane of its own: what waits for the morning holds up nobody. Then the newest update is sent."""
    for one in i.incident.told.followers:
        if one.person != i.event.actor:
            yield from _told(i, one.person, one.zone)


def _told(i: Incoming, person: str, zone: str) -> Made:
    """Where it stands, by direct message; to who only reads it, by day."""
    due = saying.by_day(i.event.recorded_at, zone) if person not in i.incident.people else 0
    sent, lane = i.direct("followed", person), f"{i.stream}:follow:{person}"
    yield replace(sent, lane=lane, not_before=due, coalesce=f"{i.stream}:followed:{person}")


def _followed(i: Incoming, p: e.Followed) -> Made:
    """Who follows what it is hears of it; who asked to follow this one has just been answered."""
    if p.person:
        yield from _told(i, p.person, p.zone)


def _corrected(i: Incoming, p: e.UpdateCorrected) -> Made:
    yield i.show("update", f"update:{p.seq}", seq=p.seq)
    yield i.line("thread")
    if p.seq == i.incident.update_seq:
        yield from i.card()


def _update_missed(i: Incoming, p: e.UpdateMissed) -> Made:
    """The commander is reminded; if that helps nothing the deputy, and at last the managers are told. Not once it is calmer."""
    yield from i.card()
    if p.asked == MANAGER:
        yield i.line("thread")
        yield from _managers(i, p)
        return
    if person := i.incident.holder(p.asked):
        yield i.direct("nudge", person, due=p.due_at)
    if not _goes_further(i.incident):
        return
    deputy = i.incident.holder(DEPUTY) if p.asked == COMMANDER else ""
    following = DEPUTY if deputy and deputy != i.incident.commander else MANAGER
    wait = 2 * PATIENCE if (p.asked, following) == (COMMANDER, MANAGER) else PATIENCE
    args = {"due": p.due_at, "asked": following, "after": i.incident.update_asked}
    yield i.clock("clock.update", "update", i.event.recorded_at + wait, **args)


def asked_anew(i: Incoming) -> Made:
    """Who takes command while an update is late is asked for it; the others only if that helps nothing, either."""
    due = i.incident.next_update_at
    if due is not None and due <= i.event.recorded_at:
        yield i.clock("clock.update", "update", 0, due=due)


def _goes_further(incident: Incident) -> bool:
    """Not once it is calmer. Of what is no more than a part of the whole, others hear only if somebody had promised an update."""
    grave = incident.severity in (Severity.SEV1, Severity.SEV2)
    return incident.status is not Status.MONITORING and (grave or bool(incident.updates))


def _managers(i: Incoming, p: e.UpdateMissed) -> Made:
    """By day. At night only a sev1 wakes them, by their notifier; the message comes in the morning, if it still holds."""
    for person, zone in p.managers:
        due = saying.by_day(i.event.recorded_at, zone) if person not in i.incident.people else 0
        sent = i.direct("late_update", person, due=p.due_at)
        yield replace(sent, lane=f"{i.stream}:late_update:{person}", not_before=due)
        if i.incident.severity is Severity.SEV1:
            yield i.ring(waking.UPDATE, str(p.due_at), person, "missed")


def _shared(i: Incoming, p: e.EvidenceShared) -> Made:
    """Each file has a lane of its own: one that cannot be reached holds up no other."""
    one = next((known for known in i.incident.evidence if known.seq == i.event.seq), None)
    if one is not None and not one.left and not one.gone:
        key = f"{i.stream}:evidence:{p.file}:{i.event.seq}"
        yield Effect(key, "evidence", f"{i.stream}:evidence:{p.file}", i.stream, {"file": p.file}, BOOKMARK)


def _kept(i: Incoming, p: e.EvidenceKept) -> Made:
    """What was deleted while it was copied is not kept."""
    if any(known.file == p.file and known.gone for known in i.incident.evidence):
        yield _drop(i, p.file, p.sha)


def _left(i: Incoming, p: e.EvidenceLeft) -> Made:
    """Whoever shared it is told; what they deleted themselves needs no word."""
    if p.reason != "gone":
        yield i.line("thread")


def _gone(i: Incoming, p: e.EvidenceGone) -> Made:
    if p.sha:
        yield _drop(i, p.file, p.sha)


def _drop(i: Incoming, file: str, sha: str) -> Effect:
    key = f"{i.stream}:evidence:drop:{file}:{i.event.seq}"
    return Effect(key, "evidence.drop", f"{i.stream}:evidence:{file}", i.stream, {"sha": sha}, BOOKMARK)


FOLLOWS: Mapping[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.Noted: _line,
    e.Decided: _line,
    e.Tried: _line,
    e.SeenBy: _line,
    e.ImpactTold: _line,
    e.CauseNamed: _line,
    e.FollowupMade: _line,
    e.Followed: _followed,
    e.EvidenceShared: _shared,
    e.EvidenceKept: _kept,
    e.EvidenceLeft: _left,
    e.EvidenceGone: _gone,
    e.UpdateSent: _update,
    e.UpdateExpected: _expected,
    e.UpdateMissed: _update_missed,
    e.UpdateCorrected: _corrected,
}
"""What follows from each kind of event."""
