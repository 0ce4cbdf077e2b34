"""What people say: notes, pins, updates."""

from bot.domain.events import Draft, Noted, Pinned, Unpinned, UpdateSent
from bot.domain.people import By, arrive, over
from bot.domain.state import Incident
from bot.domain.terms import Micros, Status
from bot.errors import BadInput, Refused
from bot.text import When, t

LONGEST = 3000
"""Characters of a note, a pinned message or one field of an update; the rest is cut with a mark."""


def note(incident: Incident, by: By, text: str, at: Micros | None = None) -> tuple[Draft, ...]:
    """A line on the timeline, also after the end."""
    if not text.strip():
        raise BadInput(t("There is nothing to note."), "note the vendor calls back at 04:00")
    return (*arrive(incident, by), Draft(Noted(cut(text)), at=at))


def pin(incident: Incident, by: By, channel: str, ts: str, author: str, at: Micros, text: str) -> tuple[Draft, ...]:
    """A message onto the timeline, at its own time. () if it is there."""
    if f"{channel}:{ts}" in incident.pins:
        return ()
    return (*arrive(incident, by), Draft(Pinned(channel, ts, author, cut(text)), at=at))


def unpin(incident: Incident, by: By, channel: str, ts: str) -> tuple[Draft, ...]:
    """A message off the timeline. () if it is not there."""
    if f"{channel}:{ts}" not in incident.pins:
        return ()
    return (Draft(Unpinned(channel, ts)),)


def repin(incident: Incident, channel: str, ts: str, author: str, at: Micros, text: str) -> tuple[Draft, ...]:
    """A message on the timeline says something else now. () if it is not there."""
    if f"{channel}:{ts}" not in incident.pins:
        return ()
    return (Draft(Unpinned(channel, ts)), Draft(Pinned(channel, ts, author, cut(text)), at=at))


def send_update(
    incident: Incident, by: By, broken: str, doing: str, next_at: Micros | None = None
) -> tuple[Draft, ...]:
    """What is broken and for whom, what we are doing, and when the next update comes. After the resolution none is promised."""
    if not incident.status.open and incident.status not in (Status.RESOLVED, Status.REVIEW):
        raise Refused(over(incident), "over")
    next_at = next_at if incident.status.open else None
    if not (broken.strip() or doing.strip()):
        raise BadInput(
            t("An update says what is broken, or what we are doing."), "update Orders fail since 02:45 --next 20m"
        )
    if next_at is not None and next_at <= by.now:
        raise BadInput(t("{at} is over. Say when the next update comes.", at=When(next_at)), "update … --next 20m")
    return (*arrive(incident, by), Draft(UpdateSent(next_at, cut(broken), cut(doing))))


def cut(text: str) -> str:
    """The text in LONGEST characters; "…" where something is missing."""
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
