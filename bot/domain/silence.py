"""A commander who says nothing: asked first, and then command is offered to the deputy. Only sev1, and not while it is quiet."""

from bot.domain.events import CommanderSilent, Draft, Heard
from bot.domain.people import By
from bot.domain.roles import offer
from bot.domain.state import Incident
from bot.domain.terms import BOT, COMMANDER, MINUTE, Micros, Severity, Source, Status

SILENT: Micros = 15 * MINUTE
ANSWERS: Micros = 3 * MINUTE
"""How long the commander has to answer when asked."""
NOTED: Micros = 5 * MINUTE
"""A message of the commander is a sign of life; one in so long is kept."""


def watched(incident: Incident) -> bool:
    """Whether the commander's silence would matter now."""
    calm = incident.status is Status.MONITORING or incident.paused
    return bool(incident.commander) and incident.status.open and incident.severity is Severity.SEV1 and not calm


def listens(incident: Incident, who: str) -> bool:
    """Whether a message of this person is a sign of life that matters."""
    return who == incident.commander and watched(incident)


def spoke(incident: Incident, by: By) -> tuple[Draft, ...]:
    """A message of the commander, if none was kept lately."""
    at = incident.heard_at
    due = incident.silent or (at is not None and by.now >= at + NOTED)
    return (Draft(Heard()),) if listens(incident, by.who) and due else ()


def silence(incident: Incident, now: Micros, others: bool = False) -> tuple[Draft, ...] | None:
    """What the time since the commander was heard leads to (actor: Tocsin): asked, then somebody else is offered command. None:
    nobody else is here, so who is on call has to be called. others: there is somebody on call besides the commander."""
    heard, at = incident.heard_at, incident.silent_at
    if heard is None or at is None or now < at or not watched(incident):
        return ()
    if not incident.silent:
        then = "offer" if _other(incident) else "call" if others else "nobody"
        asked = CommanderSilent(incident.commander, heard, then)
        return (Draft(asked, actor=BOT, source=Source.DERIVED),)
    if not (found := _other(incident)):
        return None
    drafts = offer(incident, COMMANDER, found, "silent")
    return tuple(Draft(draft.payload, actor=BOT, source=Source.DERIVED) for draft in drafts)


def _other(incident: Incident) -> str:
    """The deputy, else who answered last."""
    others = [person for person in incident.answered if person != incident.commander]
    deputy = incident.holder("deputy")
    return deputy if deputy not in ("", incident.commander) else (others[-1] if others else "")
