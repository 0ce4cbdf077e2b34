"""Effects that put a message somewhere: show, say, dm, page, file."""

from collections.abc import Sequence, Set

from bot.domain.events import Undone
from bot.domain.state import Incident
from bot.domain.terms import number_of
from bot.errors import ChatError
from bot.ports import EVERYTHING, Call, Done, Effect, GiveUp, Message, MessageAt, Outcome, Reads, Retry
from bot.slack import announce
from bot.slack.surfaces import ANNOUNCE, Stage
from bot.slack.views import say as views
from bot.text import PlainShow, render, t

GONE = frozenset({"message_not_found", "thread_not_found"})
NO_CHANNEL = GiveUp("no_channel")
PATIENCE = 5
"""Tries after which a line goes without the card's thread."""


async def show(stage: Stage, call: Call) -> Outcome:
    """Post a surface, or bring it up to date where it stands. One that was deleted is posted anew."""
    room = call.effect.args["room"]
    if room.startswith("dm:"):
        return await _fold(stage, call.effect)
    return await (_announced(stage, call) if room == "announce" else _shown(stage, call))


async def _announced(stage: Stage, call: Call) -> Outcome:
    """Where the channel of the announcements is not, or no longer, ours to write into, another one is looked for."""
    effect = call.effect
    try:
        done = await _shown(stage, call)
    except ChatError as error:
        if error.code not in announce.CANNOT:
            raise
    else:
        if done != NO_CHANNEL:
            return done
    try:
        found = await announce.find(stage)
        async with stage.store.read() as reads:
            message = await stage.draw(reads, effect)
        ts = await _earlier(stage, call, found, "")
        if message is not None and ts is None:
            ts = await stage.chat.post(found, message, effect.args["key"])
    except ChatError as error:
        if error.code not in announce.CANNOT:
            raise
        return await announce.unannounced(stage, effect, error.code)
    return Done(rows=(announce.row(found), _at(effect, found, ts)) if ts else ())


async def _shown(stage: Stage, call: Call) -> Outcome:
    effect = call.effect
    async with stage.store.read() as reads:
        message = await stage.draw(reads, effect)
        row = await reads.message(effect.args["key"])
        channel = await _channel(stage, reads, effect)
        card = await reads.message(f"{effect.stream}:card")
    if message is None:
        return Done()
    if not channel:
        return NO_CHANNEL
    key = effect.args["key"]
    thread = card.ts if card and card.channel == channel and effect.args.get("where") == "thread" else ""
    if row is not None and row.channel == channel and await _updated(stage, channel, row.ts, message, key):
        return Done()
    ts = await _earlier(stage, call, channel, thread)
    if ts is None or not await _updated(stage, channel, ts, message, key):
        ts = await stage.chat.post(channel, message, key, thread)
    return Done(rows=(_at(effect, channel, ts),))


async def _updated(stage: Stage, channel: str, ts: str, message: Message, key: str) -> bool:
    """False: it stands there no more."""
    try:
        await stage.chat.update(channel, ts, message, key)
    except ChatError as error:
        if error.code not in GONE:
            raise
        return False
    return True


async def _fold(stage: Stage, effect: Effect) -> Outcome:
    """A direct message is only brought up to date: one that was not sent, or is gone, is not sent for that."""
    async with stage.store.read() as reads:
        message = await stage.draw(reads, effect)
        row = await reads.message(effect.args["key"])
    if message is not None and row is not None:
        await _updated(stage, row.channel, row.ts, message, row.key)
    return Done()


async def unsay(stage: Stage, call: Call) -> Outcome:
    """A post of ours is taken away, wherever it stands."""
    async with stage.store.read() as reads:
        row = await reads.message(call.effect.args["key"])
    try:
        if row is not None:
            await stage.chat.delete(row.channel, row.ts)
    except ChatError as error:
        if error.code not in GONE:
            raise
    return Done()


async def say(stage: Stage, call: Call) -> Outcome:
    """Say something once, in the channel or in the card's thread; several that wait are said together."""
    effect = call.effect
    async with stage.store.read() as reads:
        members = await _to_say(reads, call)
        message = await _said(stage, reads, members, call.again)
        incident = await stage.incident(reads, effect)
        card = await reads.message(f"{effect.stream}:card")
    if message is None:
        return Done()
    room = effect.args.get("to") or await _named(stage, effect) or incident.channel
    if not room:
        return GiveUp("no_channel")
    card = card if card and card.channel == room else None  # a thread belongs to its channel
    threaded = all(member.args.get("where") == "thread" for member in members)
    if threaded and card is None and call.attempt < PATIENCE:
        return Retry(1.0, "the card is not there yet")
    thread = card.ts if threaded and card else ""
    key = effect.args["key"]
    ts = await _earlier(stage, call, room, thread)
    if ts is None:
        ts = await stage.chat.post(room, message, key, thread)
    lines = (one for one in members if one is not effect and one.args["surface"] == "line")
    return Done(rows=tuple(_at(one, room, ts) for one in (effect, *lines)))


async def _named(stage: Stage, effect: Effect) -> str:
    """The channel that a setting names; ChatError if there is none that we can see."""
    name = effect.args.get("named", "")
    if not name:
        return ""
    found = await stage.chat.find_channel(name)
    if found is None:
        raise ChatError("channel_not_found")
    if not found.member:
        await stage.chat.join(found.id)
    return found.id


async def direct(stage: Stage, call: Call) -> Outcome:
    """A message to one person. After a doubt it is looked for; if it is not seen it is sent again, with a mark."""
    effect = call.effect
    async with stage.store.read() as reads:
        message = await stage.draw(reads, effect, call.again)
    if message is None:
        return Done()
    channel = await _dm(stage, effect.args["person"])
    ts = await _arrived(stage, channel, effect.args["key"]) if call.again else None
    if ts is None:
        ts = await stage.chat.post(channel, message, effect.args["key"])
    return Done(rows=(_at(effect, channel, ts),))


async def _dm(stage: Stage, person: str) -> str:
    """The channel of a direct message. A failure here leaves no doubt: nothing was sent yet."""
    try:
        return await stage.chat.open_dm(person)
    except ChatError as error:
        error.ambiguous = False
        raise


async def _arrived(stage: Stage, channel: str, key: str) -> str | None:
    """Where it stands, if that can be seen; a page is not held back because it cannot."""
    try:
        return await stage.chat.find_post(channel, key)
    except ChatError:
        return None


async def file(stage: Stage, call: Call) -> Outcome:
    """The post-mortem draft, as a file in the channel. Found again by its name."""
    effect = call.effect
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, effect)
        text = await stage.draft(reads, incident)
    if incident.status.open:
        return Done()  # it goes on; its next end brings another
    if not incident.channel:
        return GiveUp("no_channel")
    name = file_name(incident, effect.args["key"])
    if call.again and await stage.chat.find_post(incident.channel, f"file:{name}", since=call.since) is not None:
        return Done()
    title = render(t("{ref}: draft of the review", ref=incident.ref), PlainShow())
    uploaded = await stage.chat.upload(incident.channel, name, title, text.encode(), "")
    return Done(result={"file": uploaded})


def file_name(incident: Incident, key: str) -> str:
    """Of the draft that an effect with this key uploads."""
    return f"{incident.ref}-review-{key.rsplit(':', 1)[-1]}.md"


async def _earlier(stage: Stage, call: Call, channel: str, thread: str) -> str | None:
    """Where an earlier try may have posted it: in the thread, or in the channel if the card was not known then."""
    if not call.again:
        return None
    key = call.effect.args["key"]
    found = await stage.chat.find_post(channel, key, thread, call.since)
    return await stage.chat.find_post(channel, key, "", call.since) if found is None and thread else found


async def _to_say(reads: Reads, call: Call) -> Sequence[Effect]:
    """What is to be said now, the oldest first: not what was taken back before anybody could read it, nor that it was. After a
    doubt it may stand there."""
    members = sorted(call.members or (call.effect,), key=lambda member: int(member.args["seq"]))
    events = await reads.timeline(number_of(call.effect.stream), EVERYTHING, after=members[0].args["seq"] - 1)
    back = {event.seq: event.payload.seqs for event in events if isinstance(event.payload, Undone)}
    gone = set() if call.again else {seq for seqs in back.values() for seq in seqs}
    kept = [member for member in members if member.args["seq"] not in gone]
    told = {member.args["seq"] for member in kept}
    return [one for one in kept if one.args["seq"] not in back or await _told(reads, one, back[one.args["seq"]], told)]


async def _told(reads: Reads, undoing: Effect, seqs: Sequence[int], told: Set[int]) -> bool:
    """Something of what is taken back was said, or is said now."""
    if not told.isdisjoint(seqs):
        return True
    return any([await reads.message(f"{undoing.stream}:line:{seq}") for seq in seqs])


async def _said(stage: Stage, reads: Reads, members: Sequence[Effect], again: bool) -> Message | None:
    if len(members) < 2:
        return await stage.draw(reads, members[0], again) if members else None
    scene = await stage.scene(reads, members[0])
    return views.marked(scene, views.lines(scene, [int(member.args["seq"]) for member in members]))


async def _channel(stage: Stage, reads: Reads, effect: Effect) -> str:
    if effect.args["room"] == "announce":
        row = await reads.message(ANNOUNCE)
        return row.channel if row else ""
    return (await stage.incident(reads, effect)).channel


def _at(effect: Effect, channel: str, ts: str) -> MessageAt:
    return MessageAt(effect.args["key"], effect.stream, effect.args["surface"], channel, ts)
