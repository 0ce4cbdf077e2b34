"""Who is here: the first sign of life, the acknowledgement, and what one person alone has to carry."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain import named
from bot.domain.events import Acknowledged, Draft, Event, ResponderJoined, RoleTaken, Watching
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER, SECOND, Micros, Milestone, Status
from bot.errors import Refused
from bot.text import Text, Typed, When, t

SCRIBE = "scribe"
_ACTS = frozenset({"command", "button"})
SURE_AFTER: Micros = 20 * SECOND
"""Who acts so soon after somebody else, or after what one acts on has changed, may not have seen it."""


@dataclass(frozen=True, slots=True)
class By:
    """Who asks and when. how: command | button | message | reaction; the actor of all drafts is this person."""

    who: str
    now: Micros
    how: str = "command"

    @property
    def acts(self) -> bool:
        """Somebody who does something here, not an onlooker with a remark and not a machine."""
        return self.how in _ACTS and is_person(self.who)


def unseen(event: Event, by: By) -> bool:
    """Somebody else did it only just now, so who asks may not know of it."""
    return is_person(event.actor) and event.actor != by.who and by.now - event.recorded_at < SURE_AFTER


def arrive(incident: Incident, by: By) -> tuple[Draft, ...]:
    """A sign of life of a person: () if they are known. Put it before any other decision that a person makes here.

    While one person alone has answered, that person holds command and every required role that nobody holds.
    """
    if not incident.status.open or not is_person(by.who):
        return ()
    joined = (Draft(ResponderJoined(by.who, by.how)),) if by.who not in incident.people else ()
    return (*joined, *(Draft(RoleTaken(role, by.who, why="alone")) for role in carried_alone(incident, by)))


def carried_alone(incident: Incident, by: By) -> tuple[str, ...]:
    """The roles that fall to a person because nobody else has answered."""
    if not by.acts or set(incident.answered) - {by.who}:
        return ()
    wanted = dict.fromkeys((COMMANDER, *incident.required))
    return tuple(role for role in wanted if not incident.holder(role))


def alone(incident: Incident) -> str:
    """The one person who has answered, "" if nobody has, or more than one."""
    return incident.answered[0] if len(incident.answered) == 1 else ""


def acknowledge(incident: Incident, by: By) -> tuple[Draft, ...]:
    """`I have seen it.` Each person once: () if they said so already."""
    refuse_if_over(incident)
    known = by.who in incident.answered or not is_person(by.who)
    if known and Milestone.ACKNOWLEDGED in incident.marks:
        return ()
    return (Draft(Acknowledged()), *arrive(incident, by))


def join(incident: Incident, by: By) -> tuple[Draft, ...]:
    """`I am here.` () if they are known."""
    refuse_if_over(incident)
    return arrive(incident, by)


def watch(incident: Incident, by: By) -> tuple[Draft, ...]:
    """`Just watching.` It is no sign of somebody who responds; who holds one and wants to go says `leave`."""
    refuse_if_over(incident)
    if by.who in incident.watching or incident.roles_of(by.who):
        return ()
    return (Draft(Watching(by.who)),)


def to_take(incident: Incident, person: str, planned: Collection[str] = ()) -> tuple[str, ...]:
    """What may be offered to somebody who joins one who is alone: the roles that nobody else took for good. planned: the
    plan's roles. () if nobody is alone here, or the person has a role."""
    others = [one for one in incident.answered if one != person]
    if len(others) != 1 or incident.roles_of(person) or not incident.status.open:
        return ()
    wanted = [role for role in dict.fromkeys((*incident.required, *planned, SCRIBE)) if role != COMMANDER]
    return tuple(role for role in wanted if not incident.holder(role) or incident.roles[role][-1].why == "alone")


def refuse_if_over(incident: Incident) -> None:
    """Raise Refused if nobody responds here any more."""
    if not incident.status.open:
        raise Refused(over(incident), "over")


def over(incident: Incident) -> Text:
    """That it has ended, since when, and how to go on with it."""
    since = incident.statuses[-1].start
    if incident.status is Status.MERGED:
        return t(
            "{incident} has been folded into {into} since {since}. Go on there; {split} parts them again.",
            incident=incident.ref,
            into=named.gone_into(incident),
            since=When(since, "full"),
            split=Typed(f"split {incident.ref}"),
        )
    return t(
        "{incident} has been {status} since {since}. To go on with it, say `reopen` and why.",
        incident=incident.ref,
        status=named.STATUS[incident.status],
        since=When(since, "full"),
    )
