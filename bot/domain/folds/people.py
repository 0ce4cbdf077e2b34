"""People: roles as intervals, signs of life, offers, and when all who are needed are there (calls: calls.py)."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.events import (
    Acknowledged,
    CommanderSilent,
    Event,
    Followed,
    PageAnswered,
    ResponderJoined,
    RoleLeft,
    RoleOffered,
    RolePassed,
    RoleTaken,
    RoleUnanswered,
    SeenBy,
    Unfollowed,
    Watching,
)
from bot.domain.folds.marks import reached
from bot.domain.silence import ANSWERS
from bot.domain.state import Incident, Interval, Offer, is_person
from bot.domain.terms import COMMANDER, Milestone, Source

_ACTS = frozenset({Source.BOT_COMMAND, Source.BUTTON})


def acts(event: Event) -> bool:
    """A person does something here: an acknowledgement, or a command or button other than "not me"."""
    declines = isinstance(event.payload, RolePassed | Watching | Followed | Unfollowed) or (
        isinstance(event.payload, PageAnswered) and event.payload.answer == "pass"
    )
    declines = declines or (isinstance(event.payload, SeenBy) and event.payload.too)
    answers = event.source in _ACTS or isinstance(event.payload, Acknowledged)
    return answers and not declines and is_person(event.actor)


def acknowledged(incident: Incident, event: Event, payload: Acknowledged) -> Incident:
    return replace(incident, marks=reached(incident.marks, Milestone.ACKNOWLEDGED, event))


def responder_joined(incident: Incident, event: Event, joined: ResponderJoined) -> Incident:
    if joined.person in incident.people:
        return incident
    people = {**incident.people, joined.person: event.occurred_at}
    marks = reached(incident.marks, Milestone.FIRST_RESPONDER, event)
    return with_quorum(replace(incident, people=people, marks=marks), event)


def watching(incident: Incident, event: Event, watches: Watching) -> Incident:
    return replace(incident, watching=tuple(dict.fromkeys((*incident.watching, watches.person))))


def commander_silent(incident: Incident, event: Event, silent: CommanderSilent) -> Incident:
    """Asked; the time for an answer runs."""
    return replace(incident, silent=True, silent_at=event.recorded_at + ANSWERS)


def role_offered(incident: Incident, event: Event, offered: RoleOffered) -> Incident:
    others = tuple(o for o in incident.offers if (o.role, o.person) != (offered.role, offered.person))
    offer = Offer(offered.role, offered.person, event.occurred_at, offered.why, offered.due_at, event.seq)
    return replace(incident, offers=(*others, offer))


def role_taken(incident: Incident, event: Event, taken: RoleTaken) -> Incident:
    """Who held it before does not any more. Offers of the role to others end, unless somebody fills in alone."""
    held = incident.roles.get(taken.role, ())
    roles = {**incident.roles, taken.role: _held_by(held, taken, event)}
    anybody = "" if taken.why != "alone" else taken.person
    incident = offers_ended(
        incident, event, taken.role, anybody, lambda o: "take" if o.person == taken.person else "over"
    )
    watching = tuple(person for person in incident.watching if person != taken.person)
    marks = incident.marks
    if taken.role == COMMANDER:
        marks = reached(marks, Milestone.COMMANDER, event)
    return with_quorum(replace(incident, roles=roles, marks=marks, watching=watching), event)


def _held_by(held: tuple[Interval, ...], taken: RoleTaken, event: Event) -> tuple[Interval, ...]:
    return (*_let_go(held, event), Interval(taken.person, event.occurred_at, by=event.actor, why=taken.why))


def _let_go(held: tuple[Interval, ...], event: Event) -> tuple[Interval, ...]:
    if not held or held[-1].end is not None:
        return held
    return (*held[:-1], replace(held[-1], end=max(event.occurred_at, held[-1].start)))


def role_passed(incident: Incident, event: Event, passed: RolePassed) -> Incident:
    late = event.actor != passed.person
    return offers_ended(incident, event, passed.role, passed.person, lambda offer: "late" if late else "pass")


def role_unanswered(incident: Incident, event: Event, unanswered: RoleUnanswered) -> Incident:
    """They may still take it; nobody waits for them any more."""
    offers = tuple(replace(o, due_at=None) if o.role == unanswered.role else o for o in incident.offers)
    return replace(incident, offers=offers)


def role_left(incident: Incident, event: Event, left: RoleLeft) -> Incident:
    """Who leaves the last role no longer counts as one who acts here."""
    if incident.holder(left.role) != left.person:
        return incident
    roles = {**incident.roles, left.role: _let_go(incident.roles[left.role], event)}
    incident = replace(incident, roles=roles)
    if any(incident.holder(role) == left.person for role in roles):
        return incident
    return replace(incident, answered=tuple(person for person in incident.answered if person != left.person))


def with_quorum(incident: Incident, event: Event) -> Incident:
    """Marks the moment from which all who are needed are there."""
    if Milestone.QUORUM in incident.marks or not together(incident):
        return incident
    return replace(incident, marks=reached(incident.marks, Milestone.QUORUM, event))


def together(incident: Incident) -> bool:
    """Every required role is held by somebody who joined; one person alone is never a quorum of several roles."""
    held = [incident.roles.get(role, ())[-1:] for role in incident.required]
    holders = [last[0] for last in held if last and last[0].end is None and last[0].value in incident.people]
    if not incident.required or len(holders) < len(incident.required):
        return False
    names = [holder.value for holder in holders]
    if len(set(names)) < min(2, len(names)):
        return False
    return all(holder.why != "alone" or names.count(holder.value) == 1 for holder in holders)


def nobody_asked(incident: Incident, event: Event) -> Incident:
    """The incident has ended: no role is offered any more."""
    for role in dict.fromkeys(offer.role for offer in incident.offers):
        incident = offers_ended(incident, event, role, "", lambda offer: "ended")
    return incident


def offers_ended(incident: Incident, event: Event, role: str, person: str, answer: Callable[[Offer], str]) -> Incident:
    """The offers of a role (to one person, "" = to anybody) are no longer open."""
    ends = [o for o in incident.offers if o.role == role and person in ("", o.person)]
    past = {(o.role, o.person): o for o in incident.past_offers}
    past |= {(o.role, o.person): replace(o, answer=answer(o), ended=event.seq) for o in ends}
    left = tuple(o for o in incident.offers if o not in ends)
    return replace(incident, offers=left, past_offers=tuple(past.values()))
