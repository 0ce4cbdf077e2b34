"""Roles change hands: offered, taken, passed, given, left, handed over.

Roles are named in lower case. A decision that changes nothing is (). Every decision of a person includes their arrival.
"""

from bot.domain import named
from bot.domain.events import Draft, Heard, PageAnswered, RoleLeft, RoleOffered, RolePassed, RoleTaken
from bot.domain.people import By, acknowledge, arrive, refuse_if_over
from bot.domain.role_names import spelled
from bot.domain.state import Incident, Interval, Offer, Page
from bot.domain.terms import BOT, COMMANDER, MINUTE, Micros, Milestone, Source
from bot.errors import BadInput, Refused
from bot.text import When, Who, t

HAND_OVER_WAITS: Micros = 3 * MINUTE
_STRONG_OFFERS = frozenset({"handoff", "standby"})


def offer(incident: Incident, role: str, person: str, why: str, due_at: Micros | None = None) -> tuple[Draft, ...]:
    """Ask a person to take a role (actor: Tocsin, or whoever asks). () if they hold it or are asked already."""
    if incident.holder(role) == person or _offer(incident, role, person):
        return ()
    return (Draft(RoleOffered(role, person, why, due_at)),)


def take(incident: Incident, by: By, role: str = "", page: str = "") -> tuple[Draft, ...]:
    """`I have it`: the page or role that is offered, or a role that nobody holds.

    Without a name: the newest page that rings, else the newest offer, else command if nobody commands.
    """
    refuse_if_over(incident)
    rings = _ringing(incident, by.who, page)
    if rings is not None and role in ("", rings.role):
        return _answer_page(incident, by, rings)
    wanted = role or _wanted(incident, by.who)
    if incident.holder(wanted) == by.who:
        here = (Draft(Heard()),) if wanted == COMMANDER and incident.silent else ()
        return (*arrive(incident, by), *here)
    _refuse_if_held(incident, by.who, wanted)
    return _taken(incident, by, wanted)


def ack(incident: Incident, by: By) -> tuple[Draft, ...]:
    """`ack`. Whoever is called, or asked by the plan to hold a role, and says so has answered."""
    rings = next((p for p in reversed(incident.pages) if p.person == by.who and not p.answer), None)
    if rings is None or not incident.status.open or not _wants_here(incident, rings):
        said = acknowledge(incident, by)
    else:
        said = _answer_page(incident, by, rings)
    theirs = [role for role in _asked_of(incident, by.who) if not any(_takes(draft, role) for draft in said)]
    return (*said, *(Draft(RoleTaken(role, by.who, why="offered")) for role in theirs))


def working(incident: Incident, by: By, role: str) -> tuple[Draft, ...]:
    """The arrival of somebody who does the work of a role: if the plan has asked them to hold it, that is their yes."""
    return _taken(incident, by, role) if role in _asked_of(incident, by.who) else arrive(incident, by)


def _asked_of(incident: Incident, who: str) -> tuple[str, ...]:
    """Roles that the plan asks somebody to hold, and that nobody holds."""
    asked = [o.role for o in incident.offers if o.person == who and not o.answer and o.why in ("opened", "standby")]
    return tuple(dict.fromkeys(role for role in asked if not incident.holder(role)))


def _answer_page(incident: Incident, by: By, page: Page) -> tuple[Draft, ...]:
    """A page taken is an acknowledgement; its role comes with it, unless somebody was quicker."""
    answers = _answers(incident, page, "take")
    free = page.role and not _held_for_good(incident, page.role, by.who)
    if free and incident.holder(page.role) != by.who:
        acknowledged = () if Milestone.ACKNOWLEDGED in incident.marks else acknowledge(incident, by)[:1]
        return (*answers, *acknowledged, *_taken(incident, by, page.role))
    return (*answers, *(acknowledge(incident, by) or arrive(incident, by)))


def _answers(incident: Incident, page: Page, answer: str) -> tuple[Draft, ...]:
    """The answer to a call, and to all others that want the same person here."""
    here = [p for p in incident.pages if p.person == page.person and not p.answer and _wants_here(incident, p)]
    meant = here if page in here else [page]
    return tuple(Draft(PageAnswered(one.id, page.person, answer)) for one in meant)


def _wants_here(incident: Incident, page: Page) -> bool:
    """Not a call of a storm for another service: that wants somebody to look after it."""
    return page.about == "asked" or (page.about == "incident" and page.service == incident.service)


def _taken(incident: Incident, by: By, role: str) -> tuple[Draft, ...]:
    """The role is theirs; what falls to somebody alone is not taken twice."""
    offered = _offer(incident, role, by.who)
    why = "asked" if offered is None else "standby" if offered.why == "standby" else "offered"
    taken = Draft(RoleTaken(role, by.who, incident.holder(role), why))
    return (*(draft for draft in arrive(incident, by) if not _takes(draft, role)), taken)


def _takes(draft: Draft, role: str) -> bool:
    return isinstance(draft.payload, RoleTaken) and draft.payload.role == role


def _wanted(incident: Incident, who: str) -> str:
    offered = next((o for o in reversed(incident.offers) if o.person == who), None)
    if offered is not None:
        return offered.role
    if not incident.commander or incident.commander == who:
        return COMMANDER
    leads = Who(incident.commander)
    said = t("Nothing is offered to you here; {commander} commands. To take a role, name it.", commander=leads)
    raise Refused(said, "not_offered")


def _refuse_if_held(incident: Incident, who: str, role: str) -> None:
    held = _held_for_good(incident, role, who)
    offered = _offer(incident, role, who)
    strong = offered is not None and (offered.why in _STRONG_OFFERS or (offered.why == "silent" and incident.silent))
    if held is None or strong:
        return
    raise Refused(
        t(
            "{holder} has been {role} since {since}. They can hand it over; or say `role {word}` to take it from them.",
            holder=Who(held.value),
            role=named.role(role),
            word=role,
            since=When(held.start),
        ),
        "held",
    )


def _held_for_good(incident: Incident, role: str, who: str) -> Interval | None:
    """Who else holds the role, and not only because nobody else was there."""
    if incident.holder(role) in ("", who):
        return None
    held = incident.roles[role][-1]
    return None if held.why == "alone" else held


def pass_(incident: Incident, by: By, role: str = "", page: str = "") -> tuple[Draft, ...]:
    """`I can't`: no to a page or an offer; it is not an answer that makes somebody part of the response."""
    rings = _ringing(incident, by.who, page)
    if rings is not None and role in ("", rings.role):
        return _answers(incident, rings, "pass")
    offered = [o for o in incident.offers if o.person == by.who and role in ("", o.role)]
    if not offered:
        raise Refused(t("Nothing is offered to you in {incident} now.", incident=incident.ref), "not_offered")
    return (Draft(RolePassed(offered[-1].role, by.who)),)


def assign(incident: Incident, by: By, role: str, person: str) -> tuple[Draft, ...]:
    """Give a role. It is theirs at once if they take it themselves, or are here and nobody else commands;
    else they are asked, and who holds it keeps it until they accept."""
    refuse_if_over(incident)
    name = spelled(role)
    if incident.holder(name) == person:
        return arrive(incident, by)
    if person == by.who:
        return _taken(incident, by, name)
    if name == COMMANDER and incident.commander:
        return (*arrive(incident, by), *_hand(incident, name, person, by.now))
    if person not in incident.people:
        return (*arrive(incident, by), *offer(incident, name, person, "asked"))
    return (*arrive(incident, by), Draft(RoleTaken(name, person, incident.holder(name), "asked")))


def hand_over(incident: Incident, by: By, person: str, role: str = COMMANDER) -> tuple[Draft, ...]:
    """Offer one's own role to somebody; until they accept, nothing changes."""
    refuse_if_over(incident)
    name = spelled(role)
    if incident.holder(name) != by.who:
        it = named.role(name)
        said = t(
            "You are not {role} here, so you cannot hand it over. To take it, say `role {word}`.", role=it, word=name
        )
        raise Refused(said, "not_held")
    if person == by.who:
        raise BadInput(t("You hold it already. Hand it over to somebody else."), "handoff @ben")
    return (*arrive(incident, by), *_hand(incident, name, person, by.now))


def _hand(incident: Incident, role: str, person: str, now: Micros) -> tuple[Draft, ...]:
    return offer(incident, role, person, "handoff", now + HAND_OVER_WAITS)


def hand_over_lapsed(incident: Incident, now: Micros) -> tuple[Draft, ...]:
    """Hand-overs that nobody accepted in time go back (actor: Tocsin)."""
    late = [o for o in incident.offers if o.why == "handoff" and o.due_at is not None and o.due_at <= now]
    return tuple(Draft(RolePassed(offered.role, offered.person)) for offered in late)


def leave(incident: Incident, by: By, role: str = "") -> tuple[Draft, ...]:
    """Lay down a role, or all of them. If one person is left who has answered, everything open falls to that person."""
    mine = [name for name in incident.roles if incident.holder(name) == by.who and role.lower() in ("", name)]
    if not mine:
        raise Refused(t("You hold no such role in {incident}.", incident=incident.ref), "not_held")
    left = tuple(Draft(RoleLeft(name, by.who)) for name in mine)
    stay = [name for name in incident.roles if incident.holder(name) == by.who and name not in mine]
    others = [person for person in incident.answered if person != by.who]
    if stay or len(others) != 1:
        return left
    falls = (RoleTaken(name, others[0], "", "alone") for name in _needed(incident, mine))
    return (*left, *(Draft(taken, actor=BOT, source=Source.AUTOMATION) for taken in falls))


def _needed(incident: Incident, free: list[str]) -> list[str]:
    return [r for r in dict.fromkeys((COMMANDER, *incident.required)) if r in free or not incident.holder(r)]


def _offer(incident: Incident, role: str, person: str) -> Offer | None:
    return next((o for o in incident.offers if (o.role, o.person) == (role, person)), None)


def _ringing(incident: Incident, person: str, page: str) -> Page | None:
    """The newest page that waits for this person's answer (or the one named)."""
    mine = (p for p in reversed(incident.pages) if p.person == person and not p.answer)
    return next((p for p in mine if page in ("", p.id)), None)
