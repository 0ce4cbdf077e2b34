"""The transcript of an incident's channel: what people write, edit and delete there, and that the channel's purpose says so.

No incident is locked and no event stored: a line is one row, found by channel and ts, and the newest that Slack tells of it holds.
So it may be told any number of times, and in any order.
"""

from collections.abc import Iterable, Sequence

from bot import locale
from bot.domain.events import ChannelMade, Event, StatusChanged
from bot.domain.organisation import Organisation
from bot.domain.saying import Post
from bot.domain.state import Incident
from bot.domain.terms import Micros, stream_of
from bot.domain.transcript import KEPT, line, purpose_key, wanted
from bot.flows.desk import Desk
from bot.flows.redrawing import redraw
from bot.ports import EVERYTHING, Effect, Reads, Store
from bot.text import PlainShow, render
from bot.work.effects import NOTICE

TOLD = "org:transcript"
"""Key of the row that says by which setting, in which language, the purposes were brought up to date last."""
MOST = 1000
"""Incidents whose purposes are looked at when the setting changes."""


async def written(desk: Desk, incident: Incident, post: Post) -> None:
    """Somebody wrote in an incident's channel. StoreAway."""
    if not desk.organisation.transcript.keep:
        return
    async with desk.store.read() as reads:
        keeps = await _keeps(desk, reads, incident, post)
    if keeps:
        async with desk.store.begin() as tx:
            await tx.save([line(incident.number, post)])


async def changed(desk: Desk, post: Post, at: Micros, gone: bool) -> None:
    """Somebody edited or deleted a message, wherever. What is kept follows, also when nothing more is kept. StoreAway."""
    async with desk.store.read() as reads:
        number = await reads.line_of(post.channel, post.ts)
        here = await reads.incident_in(post.channel) if number is None and desk.organisation.transcript.keep else None
        if here is not None and await _keeps(desk, reads, here, post):  # it came before the message itself did
            number = here.number
    if number is not None:
        async with desk.store.begin() as tx:
            await tx.save([line(number, post, at, gone)])


async def _keeps(desk: Desk, reads: Reads, incident: Incident, post: Post) -> bool:
    """Whether what is written there is kept: the setting wants it, and the channel's purpose says so."""
    if not wanted(desk.organisation, incident):
        return False
    said = await reads.message(purpose_key(incident.number))
    return said is not None and bool(said.ts) and said.channel == post.channel


def follows(organisation: Organisation, incident: Incident, events: Sequence[Event]) -> Iterable[Effect]:
    """A channel that has no purpose yet gets one. A reopened incident's is looked at: the setting may be another one than when it
    ended."""
    for event in events:
        p = event.payload
        again = isinstance(p, StatusChanged) and p.after.open and not p.before.open
        if again and incident.channel and organisation.transcript.keep:
            yield purpose(incident.number, str(event.seq))
        elif isinstance(p, ChannelMade) and not p.marked:
            yield purpose(incident.number, str(event.seq), mark=True)


def purpose(number: int, why: str, mark: bool = False) -> Effect:
    """The channel's purpose says whether what is written there is kept. mark: and whose it is, which it does not yet."""
    key, stream = purpose_key(number), stream_of(number)
    args = {"key": key, "room": stream, **({"mark": True} if mark else {})}
    return Effect(f"{key}@{why}", "purpose", key, stream, args, NOTICE, coalesce="" if mark else key)


async def retell(store: Store, organisation: Organisation) -> None:
    """The purposes follow the setting and the language. StoreAway."""
    setting = organisation.transcript
    now = f"{locale.spoken()} {'private' if setting.private else 'open'}" if setting.keep else ""

    async def made(reads: Reads, last: str, why: str) -> Iterable[Effect]:
        found = await _rooms(reads)
        return [purpose(one.number, why) for one in found if await _stale(reads, organisation, one)]

    await redraw(store, TOLD, now, made)


async def _rooms(reads: Reads) -> list[Incident]:
    found = await reads.incidents(EVERYTHING, open_only=False, limit=MOST)
    return [incident for incident in found if incident.channel and not incident.archived]


async def _stale(reads: Reads, organisation: Organisation, incident: Incident) -> bool:
    """Whether its purpose says something else than it should. What is over is told only that nothing is kept any more."""
    row = await reads.message(purpose_key(incident.number))
    said = row.ts if row else ""
    should = render(KEPT, PlainShow()) if wanted(organisation, incident) else ""
    return said != should and (incident.status.open or bool(said and not should))
