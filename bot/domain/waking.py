"""Whether something still waits for a person, so that their notifier is used as well as Slack."""

from bot.domain.link import Place
from bot.domain.run_state import Approval
from bot.domain.state import Incident, Offer, Page
from bot.domain.terms import MINUTE, Micros

WAITS: Micros = 2 * MINUTE
"""What Slack did not get answered for so long goes by the person's notifier, too."""
ONE: Micros = MINUTE
"""Calls of one person to one incident within so long are one."""
CALL, ROLE, APPROVAL, UPDATE, EXPIRED = "call", "role", "approval", "update", "expired"


def call_of(incident: Incident, ref: str) -> Page | None:
    """The call, if it still rings."""
    return next((page for page in incident.pages if page.id == ref and not page.answer), None)


def offer_of(incident: Incident, ref: str) -> Offer | None:
    """The offer of the event `ref`, if it is open."""
    return next((offer for offer in incident.offers if str(offer.seq) == ref), None)


def approval_of(incident: Incident, ref: str, person: str) -> Approval | None:
    """The approval, if it is open and the person may still say something."""
    found = incident.approval(ref)
    waits = found is not None and found.state == "open" and person not in found.given
    return found if waits else None


def expired_of(incident: Incident, ref: str) -> Approval | None:
    """The approval that nobody gave in time, if nothing has become of its step since."""
    found, walk = incident.approval(ref), incident.walk
    if found is None or found.state != "expired" or walk is None or walk.run != found.run:
        return None
    place = (found.step, found.visit)
    newest = next(a for a in reversed(incident.approvals) if (a.run, a.step, a.visit) == (walk.run, *place))
    about = incident.attempt(found.undoes) if found.undoes else None
    waits_still = any((v.step, v.visit, v.state) == (*place, "open") for v in walk.open)
    return found if newest is found and (about.undone_at is None if about else waits_still) else None


def waits(incident: Incident, about: str, ref: str, person: str) -> bool:
    """Whether it still waits for this person. about: call | role | approval | expired | update (ref: the moment that
    was promised)."""
    if not incident.status.open:
        return False
    if about == UPDATE:
        return str(incident.next_update_at) == ref
    if about == EXPIRED:
        return expired_of(incident, ref) is not None
    if about == CALL:
        return call_of(incident, ref) is not None
    if about == ROLE:
        return offer_of(incident, ref) is not None
    return approval_of(incident, ref, person) is not None


def place(incident: Incident, about: str, ref: str) -> Place | None:
    """What a link about it says; None for what is not answered by a link: nobody approves without reading what would run."""
    if about == CALL:
        ids = [page.id for page in incident.pages]
        return Place(incident.number, "c", ids.index(ref) + 1)
    return Place(incident.number, "o", int(ref)) if about == ROLE else None
