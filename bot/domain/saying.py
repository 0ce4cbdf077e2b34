"""What people say: notes, pins, updates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.events import (
    Draft,
    Event,
    Followed,
    KindChanged,
    MadePrivate,
    Noted,
    Paused,
    Pinned,
    Resumed,
    SeverityChanged,
    StatusChanged,
    Undone,
    Unfollowed,
    Unpinned,
    UpdateCorrected,
    UpdateSent,
)
from bot.domain.evidence import Shared
from bot.domain.people import By, arrive, over
from bot.domain.reading import posted
from bot.domain.state import Incident
from bot.domain.terms import Micros, Status
from bot.errors import BadInput, Refused
from bot.text import When, t, zone_of

CALMER = 2
"""Once it is mitigated, updates may come so many times later."""
LONGEST = 3000
"""Characters of a note, a pinned message or one field of an update; the rest is cut with a mark."""

_OTHERWISE = (
    StatusChanged,
    SeverityChanged,
    KindChanged,
    Undone,
    Paused,
    Resumed,
    MadePrivate,
    UpdateSent,
    UpdateCorrected,
)
"""After these an update may say something that is not so any more, or was said already."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message of somebody, as it stands in Slack. by: who wrote it; marks: the names of its reactions; thread: ts of its
    thread's first message, "" for that one itself and outside of threads."""

    channel: str
    ts: str
    by: str
    text: str = ""
    files: tuple[Shared, ...] = ()
    marks: frozenset[str] = frozenset()
    thread: str = ""

    @property
    def at(self) -> Micros:
        return posted(self.ts)

    @property
    def words(self) -> str:
        """What it says; a message without words has the names of its files."""
        return self.text.strip() or ", ".join(file.name for file in self.files)


def note(incident: Incident, by: By, text: str, at: Micros | None = None) -> tuple[Draft, ...]:
    """A line on the timeline, also after the end; where it goes on elsewhere, it is said there."""
    if not text.strip():
        raise BadInput(t("There is nothing to note."), "note the vendor calls back at 04:00")
    if incident.status is Status.MERGED:  # nobody would look for it here
        raise Refused(over(incident), "over")
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
    incident: Incident, by: By, broken: str, doing: str, next_at: Micros | None = None, plain: str = ""
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
    return (*arrive(incident, by), Draft(UpdateSent(next_at, cut(broken), cut(doing), cut(plain))))


def meanwhile(events: Sequence[Event], by: By, seen: int) -> tuple[Event, ...]:
    """What others did since event `seen` that whoever wrote an update until now may not know: it may say something else."""
    return tuple(e for e in events if e.seq > seen and e.actor != by.who and isinstance(e.payload, _OTHERWISE))


def correct_update(by: By, events: Sequence[Event], seq: int, said: UpdateSent) -> tuple[Draft, ...]:
    """An update says something else now; the first words stay on the timeline. () if it says exactly that. events: all."""
    now = as_it_stands(events, seq)
    if now is None:
        raise Refused(t("There is no such update."), "stale")
    if not (said.broken.strip() or said.doing.strip()):
        raise BadInput(t("An update says what is broken, or what we are doing."), "update", field="doing")
    words = cut(said.broken), cut(said.doing), cut(said.plain)
    return () if words == (now.broken, now.doing, now.plain) else (Draft(UpdateCorrected(seq, *words)),)


def as_it_stands(events: Sequence[Event], seq: int) -> UpdateSent | None:
    """An update with its latest correction; None if event `seq` is none."""
    found = next((e.payload for e in events if e.seq == seq), None)
    if not isinstance(found, UpdateSent):
        return None
    for event in events:
        p = event.payload
        if isinstance(p, UpdateCorrected) and p.seq == seq:
            found = replace(found, broken=p.broken, doing=p.doing, plain=p.plain)
    return found


def follow(incident: Incident, person: str, zone: str) -> tuple[Draft, ...]:
    """The updates come by direct message; that is no sign of life. () if they do."""
    following = any(one.person == person for one in incident.told.followers)
    return () if following else (Draft(Followed(zone)),)


def unfollow(incident: Incident, person: str) -> tuple[Draft, ...]:
    """They come no longer. () if they did not."""
    following = any(one.person == person for one in incident.told.followers)
    return (Draft(Unfollowed()),) if following else ()


def cadence(incident: Incident, every: Micros | None) -> Micros | None:
    """How long until the next update, if nobody promises another time: half as often once it is mitigated."""
    return every * CALMER if every and incident.status is Status.MONITORING else every


NIGHT, MORNING = 22, 7
"""Hours between which who only reads is not written to."""


def by_day(at: Micros, zone: str) -> Micros:
    """The moment, or 07:00 if it is night there."""
    here = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(zone_of(zone))
    if MORNING <= here.hour < NIGHT:
        return at
    morning = (here + timedelta(days=1) if here.hour >= NIGHT else here).replace(
        hour=MORNING, minute=0, second=0, microsecond=0
    )
    return round(morning.timestamp()) * 1_000_000


def cut(text: str) -> str:
    """The text in LONGEST characters; "…" where something is missing."""
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
