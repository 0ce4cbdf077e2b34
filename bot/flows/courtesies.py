"""What follows beside what must: the bridge's bookmark, and whether who is asked is in do-not-disturb.

Each is made only where it leads to something (there is a bridge; the person has a notifier), in a lane of its own, so that
nothing ever waits for it.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.events import Event
from bot.domain.organisation import Organisation
from bot.domain.state import Incident
from bot.domain.terms import ORG, stream_of
from bot.flows import transcript
from bot.flows.consequences import consequences
from bot.flows.redrawing import redraw
from bot.ports import EVERYTHING, Effect, Reads, Store
from bot.work.effects import BOOKMARK, PAGE

BRIDGE = "org:bridge"
"""Key of the row that says which bridge the bookmarks lead to."""
MOST = 1000
"""Open incidents whose bookmarks are changed at once."""


def follows(organisation: Organisation, incident: Incident, events: Sequence[Event]) -> list[Effect]:
    """All effects of events that were just stored."""
    made = consequences(incident, events)
    beside = (one for effect in made for one in _beside(organisation, effect))
    return [*made, *beside, *transcript.follows(organisation, incident, events)]


def _beside(organisation: Organisation, effect: Effect) -> Iterator[Effect]:
    if effect.kind == "channel" and effect.stream != ORG and organisation.bridge:
        yield bookmark(effect.stream, effect.key, effect.key)
    if effect.kind == "clock.ring" and effect.args["why"] == "unanswered":
        callee = organisation.oncall.callee(effect.args["person"])
        if callee is not None and callee.notify:
            yield _quiet(effect)


def bookmark(stream: str, why: str, channel: str = "") -> Effect:
    """The bridge in the bar under the channel's name. channel: the effect that makes the channel, if it is under way."""
    key = f"{stream}:bookmark"
    args, after = {"key": key, "room": stream}, (channel,) if channel else ()
    return Effect(f"{key}@{why}", "bookmark", key, stream, args, BOOKMARK, after, coalesce=key)


async def rebridge(store: Store, bridge: str) -> None:
    """The bookmarks of open incidents lead to this bridge from now on. StoreAway."""

    async def made(reads: Reads, last: str, why: str) -> Iterable[Effect]:
        open_ = await reads.incidents(EVERYTHING, limit=MOST)
        return [bookmark(stream_of(incident.number), why) for incident in open_ if incident.channel]

    await redraw(store, BRIDGE, bridge, made)


def _quiet(ring: Effect) -> Effect:
    """Asked at once, and of no use once the notifier rings anyway."""
    lane = f"{ring.lane}:dnd"
    return Effect(f"{ring.key}:dnd", "dnd", lane, ring.stream, ring.args, PAGE, expires_at=ring.not_before)
