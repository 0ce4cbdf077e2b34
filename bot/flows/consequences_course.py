"""What follows when an incident is watched, paused, folded into another, made private or taken back (the rest: consequences.py)."""

from bot.domain import events as e
from bot.domain import questions, waking
from bot.domain.deadlines import deadlines
from bot.domain.naming import channel_name
from bot.domain.state import is_person
from bot.flows.consequences_away import timer
from bot.flows.incoming import Incoming, Made, announcing
from bot.ports import Effect
from bot.work.effects import NOTICE, URGENT

ALLOWING = ("approval", "half", "widen")
"""Deadlines of a question whether an action may run."""


def watched(i: Incoming, p: e.Watched) -> Made:
    yield from i.card()
    if p.until is not None:
        yield i.line("thread")
        yield i.clock("clock.watch", "watch", p.until, until=p.until)


def kind_changed(i: Incoming, p: e.KindChanged) -> Made:
    """What was a test is announced once it is none."""
    if i.incident.announced:
        yield announcing()
    yield from i.card()
    yield i.topic()
    yield i.line("channel")


def paused(i: Incoming, p: e.Paused) -> Made:
    """What says by when something is to be done says it no more."""
    yield from i.card()
    yield i.line("channel")
    yield from _dated(i)


def resumed(i: Incoming, p: e.Resumed) -> Made:
    """Reminders that were due in the pause, or later, come later."""
    yield from i.card()
    yield i.line("channel")
    yield from _dated(i)
    yield from _timers(i, "update", "step", "role", *ALLOWING)
    yield from _bells(i)


def _timers(i: Incoming, *whats: str) -> Made:
    yield from (timer(i, one, n) for n, one in enumerate(deadlines(i.incident)) if one.what in whats)


def _bells(i: Incoming) -> Made:
    """Of those who have said nothing to an approval."""
    for asked in i.incident.approvals:
        silent = [person for person in asked.may if person not in asked.given] if asked.state == "open" else []
        for person in silent:
            yield i.ring_later(i.asked(person, asked.digest), waking.APPROVAL, asked.digest)


def _dated(i: Incoming) -> Made:
    """The cards of the steps and approvals that have a moment, wherever they are."""
    for asked in i.incident.approvals:
        if asked.state == "open":
            yield i.approval(asked.digest)
            yield from (i.fold(i.asked(person, asked.digest)) for person in asked.may)
    if (walk := i.incident.walking) is not None:
        for visit in walk.open:
            if visit.due_at is not None:
                yield from i.step(walk.run, visit.step, visit.visit)


def archived(i: Incoming, p: e.Archived) -> Made:
    """The last line first; after it nothing can be written there. It keeps the lane in which a channel is made: who reopens
    the incident meanwhile gets another one, and not this one before it is put away."""
    line = i.line("channel")
    yield line
    args = {"channel": p.channel, "room": i.stream}
    lane, key = f"{i.stream}:card", f"{i.stream}:archive:{i.event.seq}"
    yield Effect(key, "archive", lane, i.stream, args, NOTICE, (line.key,))


COUNTED = (
    e.MilestoneMarked,
    e.QuestionAnswered,
    e.SeenBy,
    e.ImpactTold,
    e.ActionVerified,
    e.ActionSettled,
    e.TookIn,
    e.Undone,
)
"""What changes the numbers of an incident that has been resolved."""


def numbers(i: Incoming) -> Made:
    """The numbers that were posted at the end are those that hold now."""
    incident = i.incident
    over = not incident.status.open and incident.status.counts and 0 < incident.ended < i.event.seq
    if over and not incident.archived and isinstance(i.event.payload, COUNTED):
        yield i.show("resolution", f"resolution:{incident.ended}")


def undone(i: Incoming, p: e.Undone) -> Made:
    yield from i.card()
    yield i.line("channel" if p.status or p.severity else "thread")
    if p.status or p.severity or p.kind:
        yield i.topic()
    if i.incident.ended in p.seqs:
        yield i.show("resolution", f"resolution:{i.incident.ended}")
    if p.status:
        yield from steps_waiting(i)
    if p.status and p.status.open:
        yield from _asked_still(i)
        yield i.clock("clock.again", "again", 0)
    if (asked := i.incident.question) is not None:
        yield i.question(asked.seq)


def _asked_still(i: Incoming) -> Made:
    """Offers, calls and approvals are open again, with their buttons and their timers."""
    yield from (i.fold(i.offer(offer)) for offer in i.incident.offers)
    yield from (i.fold(i.page(page)) for page in i.incident.pages if not page.answer)
    yield from _dated(i)
    yield from _timers(i, "role", "call", *ALLOWING)
    yield from _bells(i)


def steps_waiting(i: Incoming) -> Made:
    """While the incident is over, nobody can end a step: its card offers nothing then, and everything again afterwards."""
    if (walk := i.incident.walking) is not None:
        for visit in walk.open:
            yield from i.step(walk.run, visit.step, visit.visit)
    for one in (one for one in deadlines(i.incident) if one.what == "step"):
        yield i.clock("clock.step", ":".join(str(part) for part in one.args.values()), one.at, **one.args)


def merged(i: Incoming, p: e.Merged) -> Made:
    yield from i.card()
    yield i.topic()
    yield i.line("channel")
    yield from steps_waiting(i)
    if (asked := i.incident.question) is not None:
        yield i.question(asked.seq)


def took_in(i: Incoming, p: e.TookIn) -> Made:
    yield from i.card()
    yield i.line("thread")
    if i.incident.walk is not None:
        yield i.show("context", "context")
    if p.people:
        yield from i.invites(p.people)


def goes_on(i: Incoming, p: e.LetOut | e.SplitOff) -> Made:
    if isinstance(p, e.SplitOff) and p.after.open:
        yield i.clock("clock.opening", "again", 0)
        yield from steps_waiting(i)
    yield from i.card()
    yield i.topic()
    yield i.line("channel")


def made_private(i: Incoming, p: e.MadePrivate) -> Made:
    """A new channel, the same people; what we said for everybody is taken away, the old channel is put away."""
    told = i.line_in(p.old)
    yield told
    yield from new_room(i)
    yield i.topic()
    yield i.line("channel")
    yield from work(i)
    gone = {"key": f"{i.stream}:announcement", "room": "announce"}
    yield Effect(f"{i.stream}:unsay:{i.event.seq}", "unsay", f"{i.stream}:card", i.stream, gone, URGENT)
    put = {"channel": p.old, "room": i.stream}
    key, after = f"{i.stream}:archive:{i.event.seq}", (i.channel, told.key)
    yield Effect(key, "archive", f"{i.stream}:people", i.stream, put, NOTICE, after)


def new_room(i: Incoming) -> Made:
    """Another channel, its people, the card at its top."""
    incident = i.incident
    name = channel_name(incident.number, incident.title) if incident.borrowed else incident.name
    args = {"name": name, "private": incident.private, "room": i.stream}
    yield Effect(i.channel, "channel", f"{i.stream}:card", i.stream, args, URGENT)
    holders = [held[-1].value for held in incident.roles.values() if held[-1].end is None]
    people = dict.fromkeys([i.event.actor, incident.opened_by, *holders, *incident.people])
    yield from i.invites(person for person in people if is_person(person))
    card, *rest = i.card()
    yield card
    yield from rest
    pin = {"key": f"{i.stream}:card", "room": i.stream}
    yield Effect(f"{i.stream}:pin:{i.event.seq}", "pin", f"{i.stream}:card", i.stream, pin, NOTICE, (card.key,))


def work(i: Incoming) -> Made:
    """What waits for people, or runs: in a channel that was put away nobody can answer it, or see how it ends."""
    incident = i.incident
    if incident.walks:
        yield i.show("context", "context")
    if (walk := incident.walking) is not None:
        for visit in walk.open:
            yield from i.step(walk.run, visit.step, visit.visit)
    yield from (i.approval(asked.digest) for asked in incident.approvals if asked.state == "open")
    yield from (i.attempt(one.id) for one in incident.attempts if one.state in ("running", "unknown"))
    if incident.question is not None and not incident.question.over:
        yield i.question(incident.question.seq)
    if not incident.status.open:
        yield from left(i)


def left(i: Incoming) -> Made:
    """Those of the five questions that were asked and not answered: while it is open again nobody can answer them."""
    if i.incident.questions and questions.unanswered(i.incident):
        yield i.show("questions", "questions")


def questions_asked(i: Incoming, p: e.QuestionsAsked) -> Made:
    """In the channel, if there is one still, and to the owner of the post-mortem."""
    if not i.incident.archived:
        yield i.show("questions", "questions")
    if p.owner:
        yield i.direct("questions", p.owner)


def question_answered(i: Incoming, p: e.QuestionAnswered) -> Made:
    if not i.incident.archived:
        yield i.line("thread")
        yield i.show("questions", "questions")
