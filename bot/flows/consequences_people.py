"""What follows from what people are asked and answer: roles, calls, their first sign of life (the rest: consequences.py)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import events as e
from bot.domain import people, silence, waking
from bot.domain.calling import ASKED, INCIDENT, Chain
from bot.domain.state import is_person
from bot.domain.terms import COMMANDER
from bot.flows import consequences_words as words
from bot.flows.incoming import Incoming, Made
from bot.ports import Effect


def said_once(events: Sequence[e.Event]) -> Callable[[e.Event, Made], Made]:
    """Who answers and takes roles at one stroke is told of in one line: what the other lines would say is left out."""
    where: dict[int, str] = {}  # seq → where its line goes, "" if another one says it
    for person in {event.actor for event in events}:
        taken = [one for one in events if _takes(one, person)]
        answers = [one for one in events if _answers(one, person)]
        where |= {one.seq: "" for one in (*taken, *answers)[1:]}
        if len(taken) > 1:
            alone = all(one.payload.why == "alone" for one in taken if isinstance(one.payload, e.RoleTaken))
            where[taken[0].seq] = "thread" if alone else "channel"

    def said(event: e.Event, effects: Made) -> Made:
        for effect in effects:
            if event.seq not in where or effect.args.get("surface") != "line":
                yield effect
            elif where[event.seq]:
                yield replace(effect, args={**effect.args, "where": where[event.seq]})

    return said


def _takes(event: e.Event, person: str) -> bool:
    """A role that nobody else held before."""
    p = event.payload
    return isinstance(p, e.RoleTaken) and p.person == person and p.before in ("", person)


def _answers(event: e.Event, person: str) -> bool:
    p = event.payload
    if isinstance(p, e.PageAnswered):
        return p.person == person and p.answer == "take"
    return isinstance(p, e.Acknowledged) and event.actor == person


def role_offered(i: Incoming, p: e.RoleOffered) -> Made:
    yield i.invite(p.person)
    for offer in (i.offer(o) for o in i.incident.offers if o.seq == i.event.seq):
        yield offer
        yield i.ring_later(offer, waking.ROLE, str(i.event.seq))
    yield from i.card()
    if p.due_at is not None:
        yield i.clock("clock.role", p.role, p.due_at, role=p.role, person=p.person)


def role_taken(i: Incoming, p: e.RoleTaken) -> Made:
    yield from i.card()
    yield i.topic()
    yield i.line("thread" if p.why == "alone" else "channel")
    yield i.fold(_joining(i, p.person))
    yield from watch(i)
    if p.role == COMMANDER:
        yield from words.asked_anew(i)
    if p.why != "alone" and not _held_before(i, p):
        yield i.direct("duties", p.person, role=p.role)


def watch(i: Incoming) -> Made:
    """From now on the silence of a commander is noticed."""
    if i.incident.silent_at is not None and silence.watched(i.incident):
        yield i.clock("clock.silent", "commander", i.incident.silent_at)


def commander_silent(i: Incoming, p: e.CommanderSilent) -> Made:
    yield i.direct("silent", p.person, since=p.since, then=p.then)
    yield i.line("thread")
    yield from watch(i)


def _held_before(i: Incoming, p: e.RoleTaken) -> bool:
    """They were told what it asks of them when they took it for the first time."""
    return any(held.value == p.person and held.why != "alone" for held in i.incident.roles[p.role][:-1])


def _joining(i: Incoming, person: str) -> Effect:
    """What somebody may take who joins one who is alone."""
    return i.direct("joining", person, key=f"{i.stream}:joining:{person}")


def role_passed(i: Incoming, p: e.RolePassed) -> Made:
    yield from i.card()
    yield i.line("thread")
    ended = next((o for o in i.incident.past_offers if o.ended == i.event.seq), None)
    holder = i.incident.holder(p.role)
    if ended is not None and ended.why == "handoff" and holder:
        yield i.direct("handback", holder, role=p.role, asked=p.person)


def role_unanswered(i: Incoming, p: e.RoleUnanswered) -> Made:
    yield from i.card()
    yield i.line("channel")


def joined(i: Incoming, p: e.ResponderJoined) -> Made:
    """Who takes part from elsewhere (a declaration, a direct message) comes into the channel."""
    if p.how in ("command", "button"):
        yield i.invite(p.person)
    yield from i.card()
    if people.to_take(i.incident, p.person):
        yield _joining(i, p.person)


def watching(i: Incoming, p: e.Watching) -> Made:
    yield i.invite(p.person)
    yield i.fold(_joining(i, p.person))


def page(i: Incoming, p: e.PageSent) -> Made:
    yield i.invite(p.person)
    for sent in (i.page(page) for page in i.incident.pages if page.id == p.page):
        yield sent
        yield _ring(i, p, sent)
    yield from i.card()
    if is_person(i.event.actor):
        yield i.line("thread")
    elif (p.about, p.role) == (ASKED, COMMANDER) and _first(i, p):
        yield i.line("channel")
    if p.due_at is not None:
        args = {"service": p.service, "about": p.about, "level": p.level}
        yield i.clock("clock.page", str(i.event.seq), p.due_at, **args)


def _first(i: Incoming, p: e.PageSent) -> bool:
    """The first call of this person in this search: what is repeated stands on the card."""
    return [page.person for page in Chain(p.service, p.about).rung(i.incident)].count(p.person) == 1


def _ring(i: Incoming, p: e.PageSent, sent: Effect) -> Effect:
    """When the notifier is used, too: at once for who was called before in vain, and while Slack is away."""
    if any(page.person == p.person and page.id != p.page and not page.answer for page in i.incident.pages):
        return i.ring(waking.CALL, p.page, p.person, "again")
    if i.incident.away is not None:
        return i.ring(waking.CALL, p.page, p.person, "away")
    return i.ring_later(sent, waking.CALL, p.page)


def woken(i: Incoming, p: e.PersonWoken) -> Made:
    yield i.notify(p.about, p.ref, p.person)
    page = next((page for page in i.incident.pages if page.id == p.ref), None)
    if (
        i.incident.away is not None and page is not None
    ):  # they can answer by the link, so the next may be called without Slack
        args = {"service": page.service, "about": page.about, "level": page.level}
        yield i.clock("clock.page", str(i.event.seq), i.event.recorded_at + waking.WAITS, **args)
    if p.why != "again":
        yield i.line("thread")


def nobody_answers(i: Incoming, p: e.NobodyAnswers) -> Made:
    """The announcement says it where everybody looks. Who asked for somebody waits for them: the channel is told."""
    yield from i.card()
    yield i.line("channel" if p.no else "thread")
    rung = Chain(p.service).rung(i.incident)
    if p.no and p.every and rung:
        args = {"service": p.service, "about": INCIDENT, "level": rung[-1].level}
        yield i.clock("clock.page", str(i.event.seq), i.event.recorded_at + p.every, **args)


def nobody_called(i: Incoming, p: e.NobodyCalled) -> Made:
    yield from i.card()
    yield i.clock("clock.page", str(i.event.seq), p.due_at, service=p.service)


def page_answered(i: Incoming, p: e.PageAnswered) -> Made:
    yield i.line("thread")


def calls_ended(i: Incoming) -> Made:
    """Calls and offers that this event has ended say who has it, and offer nothing any more."""
    yield from i.offers_ended()
    ended = [page for page in i.incident.pages if page.ended == i.event.seq]
    yield from (i.fold(i.page(page)) for page in ended)
    if ended and not isinstance(i.event.payload, e.ResponderJoined | e.RoleTaken):
        yield from i.card()


FOLLOWS: Mapping[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.RoleOffered: role_offered,
    e.RoleTaken: role_taken,
    e.RolePassed: role_passed,
    e.RoleUnanswered: role_unanswered,
    e.ResponderJoined: joined,
    e.Watching: watching,
    e.PageSent: page,
    e.PageAnswered: page_answered,
    e.CommanderSilent: commander_silent,
    e.NobodyAnswers: nobody_answers,
    e.PersonWoken: woken,
    e.NobodyCalled: nobody_called,
}
"""What follows from each event of people."""
