"""What becomes of the response besides its status: watched, paused, folded into another, made private, taken back."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Kind, Micros, Severity, Status

Known = tuple[str, Micros, str, str, Micros, int, Micros, str]
"""A milestone as it was: its id, and the fields of bot.domain.state.Mark in their order."""


@event("watched")
@dataclass(frozen=True, slots=True)
class Watched(Payload):
    """It stays open until then, whatever the alerts say; afterwards people are asked. until None: no longer."""

    until: Micros | None = None


@event("paused")
@dataclass(frozen=True, slots=True)
class Paused(Payload):
    """People wait for something and can do nothing meanwhile: nobody is reminded or late."""

    reason: str = body()


@event("resumed")
@dataclass(frozen=True, slots=True)
class Resumed(Payload):
    """The work goes on."""


@event("archived")
@dataclass(frozen=True, slots=True)
class Archived(Payload):
    """Its channel is archived: nothing is written there any more."""

    channel: str


@event("undone")
@dataclass(frozen=True, slots=True)
class Undone(Payload):
    """Somebody takes back all that one input did to the incident. seqs: its events; who came by it stays.

    status, severity, kind: what it is again, None if that had not changed; given: somebody had said that severity; required:
    the roles that it asks for;
    marks: milestones as they were before (`Known`), gone: those that are not reached.
    """

    seqs: tuple[int, ...]
    status: Status | None = None
    severity: Severity | None = None
    kind: Kind | None = None
    given: bool = True
    required: tuple[str, ...] = ()
    marks: tuple[Known, ...] = ()
    gone: tuple[str, ...] = ()


@event("merged")
@dataclass(frozen=True, slots=True)
class Merged(Payload):
    """It is the same as another incident, and goes on there. groups: short hashes of the alert groups that moved with it;
    hidden: that one is private and this one is not, so its number is told to nobody here."""

    into: int
    before: Status
    groups: tuple[str, ...] = ()
    hidden: bool = False


@event("took_in")
@dataclass(frozen=True, slots=True)
class TookIn(Payload):
    """Another incident was folded into this one: what it counted then. firing, total: alerts; groups: alert groups;
    first_at, last_at, reached_at: moments of its alerts; marks: those of its milestones that were earlier; people: who is at it.
    """

    number: int
    firing: int = 0
    total: int = 0
    groups: int = 0
    services: tuple[str, ...] = ()
    first_at: Micros | None = None
    last_at: Micros | None = None
    reached_at: Micros | None = None
    marks: tuple[Known, ...] = ()
    people: tuple[str, ...] = ()
    title: str = body()


@event("let_out")
@dataclass(frozen=True, slots=True)
class LetOut(Payload):
    """An incident that was folded into this one goes on by itself. firing, total, groups: what it takes with it;
    marks: this one's milestones as they were before it came (`Known`), gone: those that it had not reached; services: of
    the alerts that are left, None: an older version wrote it; first_at, last_at, reached_at: as if it had never come.
    """

    number: int
    firing: int = 0
    total: int = 0
    groups: int = 0
    marks: tuple[Known, ...] = ()
    gone: tuple[str, ...] = ()
    services: tuple[str, ...] | None = None
    first_at: Micros | None = None
    last_at: Micros | None = None
    reached_at: Micros | None = None


@event("split_off")
@dataclass(frozen=True, slots=True)
class SplitOff(Payload):
    """It was folded into another incident by mistake, and goes on by itself. firing: alerts that fire now; all: ever;
    hidden: as in Merged."""

    out_of: int
    after: Status
    firing: int = 0
    total: int = 0
    hidden: bool = False


@event("made_private")
@dataclass(frozen=True, slots=True)
class MadePrivate(Payload):
    """From now on only its people see it, in a new private channel. old: the channel until now; kept: followers who see private
    incidents by policy. Other followers outside it follow no longer."""

    old: str
    kept: tuple[str, ...] = ()
