"""What follows from what people are asked and answer: roles, calls, their first sign of life (the rest: consequences.py)."""

from bot.domain import events as e
from bot.flows.incoming import Incoming, Made


def role_offered(i: Incoming, p: e.RoleOffered) -> Made:
    yield i.invite(p.person)
    yield from (i.offer(o) for o in i.incident.offers if o.seq == i.event.seq)
    yield from i.card()
    if p.due_at is not None:
        yield i.clock("clock.role", p.role, p.due_at, role=p.role, person=p.person)


def role_taken(i: Incoming, p: e.RoleTaken) -> Made:
    yield from i.card()
    yield i.topic()
    yield i.line("thread" if p.why == "alone" else "channel")
    yield from i.offers_ended()


def role_passed(i: Incoming, p: e.RolePassed) -> Made:
    yield from i.card()
    yield i.line("thread")
    yield from i.offers_ended()


def joined(i: Incoming, p: e.ResponderJoined) -> Made:
    """Who takes part from elsewhere (a declaration, a direct message) comes into the channel."""
    if p.how in ("command", "button"):
        yield i.invite(p.person)
    yield from i.card()


def page(i: Incoming, p: e.PageSent) -> Made:
    yield i.invite(p.person)
    yield from (i.page(page) for page in i.incident.pages if page.id == p.page)
    yield from i.card()
    if p.due_at is not None:
        yield i.clock("clock.page", str(i.event.seq), p.due_at, service=p.service)


def nobody_called(i: Incoming, p: e.NobodyCalled) -> Made:
    yield from i.card()
    yield i.clock("clock.page", str(i.event.seq), p.due_at, service=p.service)


def page_answered(i: Incoming, p: e.PageAnswered) -> Made:
    yield i.line("thread")
    yield from (i.fold(i.page(page)) for page in i.incident.pages if page.id == p.page)
