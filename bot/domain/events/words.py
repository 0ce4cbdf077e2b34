"""What people say."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("noted")
@dataclass(frozen=True, slots=True)
class Noted(Payload):
    text: str = body()


@event("pinned")
@dataclass(frozen=True, slots=True)
class Pinned(Payload):
    """A message put on the timeline with 📌; occurred_at is the message's own time. by: who wrote it."""

    channel: str
    ts: str
    by: str
    text: str = body()


@event("unpinned")
@dataclass(frozen=True, slots=True)
class Unpinned(Payload):
    channel: str
    ts: str


@event("update_sent")
@dataclass(frozen=True, slots=True)
class UpdateSent(Payload):
    """An update for everybody; next_at: when the next one is promised; plain: the same for people outside."""

    next_at: Micros | None = None
    broken: str = body()
    doing: str = body()
    plain: str = body()


@event("update_expected")
@dataclass(frozen=True, slots=True)
class UpdateExpected(Payload):
    """The next update is due by then, although nobody has promised it: as the severity asks (actor: Tocsin), or somebody has put
    it off (actor: a person). due_at: None if none is due any more."""

    due_at: Micros | None = None


@event("update_corrected")
@dataclass(frozen=True, slots=True)
class UpdateCorrected(Payload):
    """Event `seq` was an update; it says this now."""

    seq: int
    broken: str = body()
    doing: str = body()
    plain: str = body()


@event("followed")
@dataclass(frozen=True, slots=True)
class Followed(Payload):
    """Somebody gets the updates by direct message, not at night in `zone` (an IANA name). person: who, "" for the actor;
    why: `sev1` … or a service that the person follows wherever it happens, "" if they follow this incident."""

    zone: str
    person: str = ""
    why: str = ""


@event("unfollowed")
@dataclass(frozen=True, slots=True)
class Unfollowed(Payload):
    """The actor gets them no longer."""


@event("update_missed")
@dataclass(frozen=True, slots=True)
class UpdateMissed(Payload):
    """The update was due and is not there. asked: who is reminded of it, commander | deputy | manager; managers: in the last case
    (person, time zone) of each."""

    due_at: Micros
    asked: str = "commander"
    managers: tuple[tuple[str, str], ...] = ()
