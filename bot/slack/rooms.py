"""Effects on channels: made or found again, topic, people, pin."""

from bot.domain.events import ChannelMade, Draft
from bot.domain.state import Incident
from bot.errors import ChatError
from bot.ports import Call, Channel, Done, GiveUp, MessageAt, Outcome, Retry
from bot.slack import announce, purposes
from bot.slack.surfaces import Stage
from bot.slack.views.card import topic as topic_of

SUFFIXES = 9
PATIENCE = 5
THERE = frozenset({"already_in_channel", "cant_invite_self"})
IN_IT = frozenset({"method_not_supported_for_channel_type"})
CLOSED_TO_US = frozenset({"channel_not_found", "is_archived", "not_in_channel", "missing_scope"})
PUT_AWAY = frozenset({"already_archived", "channel_not_found", "is_archived"})
CANNOT = frozenset(
    {"user_not_found", "user_disabled", "user_is_restricted", "user_is_ultra_restricted", "cant_invite", "user_is_bot"}
)
"""Slack will never let this person in; the others still come."""


async def channel(stage: Stage, call: Call) -> Outcome:
    """The incident's channel: exactly one. It carries our mark, by which it is found again after a crash."""
    if call.effect.args.get("announce"):
        return await _announce(stage, call)
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if (adopt := call.effect.args.get("adopt")) and await _joined(stage, adopt):
        there = await stage.chat.channel(adopt)
        return Done((Draft(ChannelMade(adopt, there.name, True)),), result={"channel": adopt})
    name, private = call.effect.args["name"], bool(call.effect.args.get("private"))
    for n in range(1, SUFFIXES + 1):
        wanted = name if n == 1 else f"{name[:76]}-{n}"
        found, adopted = await _take(stage, incident, wanted, private)
        if found is None:
            continue
        if adopted and not found.purpose and not call.again:
            return Retry(1.0, "another of us makes it at this moment", ambiguous=True)
        return await _marked(stage, incident, found, private, adopted)
    return GiveUp("name_taken")


async def _joined(stage: Stage, channel: str) -> bool:
    """Into a channel that was there before; False for a private one to which nobody has invited us."""
    try:
        await stage.chat.join(channel)
    except ChatError as error:
        if error.code in CLOSED_TO_US:
            return False
        if error.code not in THERE | IN_IT:
            raise
        return error.code != "method_not_supported_for_channel_type" or await stage.chat.is_member(channel)
    return True


async def _take(stage: Stage, incident: Incident, name: str, private: bool) -> tuple[Channel | None, bool]:
    """(channel, was it there already): a new one, or ours that has this name; None if it is somebody else's."""
    try:
        return await stage.chat.create_channel(name, private), False
    except ChatError as error:
        if error.code != "name_taken":
            raise
    found = await stage.chat.find_channel(name)
    return (found, True) if found is not None and _ours(stage, incident, found, private) else (None, False)


def _ours(stage: Stage, incident: Incident, found: Channel, private: bool) -> bool:
    """It carries our mark; or it has no purpose yet because one of us fell, or stands, between making it and marking it."""
    if found.archived or (private and not found.private):  # the one that a private incident leaves
        return False
    unmarked = not found.purpose and found.member
    return unmarked or purposes.ours(stage, incident, found)


async def _marked(stage: Stage, incident: Incident, found: Channel, private: bool, adopted: bool) -> Outcome:
    """Set the mark, unless it is there as it should be. Nobody waits for a channel because Slack refuses its purpose: that
    is set later, and until then nothing is kept of what is written there."""
    said = purposes.transcript(stage, incident)
    wanted = purposes.purpose(incident, stage.instance, private, said, stage.names.last)
    marked = found.purpose == wanted or await _set(stage, found, wanted)
    made = ChannelMade(found.id, found.name, adopted, marked)
    row = purposes.row(incident, found.id, said if marked else "")
    return Done((Draft(made),), rows=(row,), result={"channel": found.id})


async def _set(stage: Stage, found: Channel, wanted: str) -> bool:
    """Whether Slack took the purpose."""
    try:
        await stage.chat.set_purpose(found.id, wanted)
    except ChatError:
        return False
    return True


async def _announce(stage: Stage, call: Call) -> Outcome:
    """The announcement channel. Where there is none, each announcement looks again, and says why it cannot be made."""
    try:
        found = await announce.find(stage)
    except ChatError as error:
        if error.code not in announce.CANNOT:
            raise
        if error.code == "name_taken" and call.attempt < PATIENCE:
            return Retry(1.0, "somebody made it at this moment, or it is out of sight")
        return Done()
    return Done(rows=(announce.row(found),), result={"channel": found})


async def topic(stage: Stage, call: Call) -> Outcome:
    """The channel's topic says how it stands. One that says so already is left alone: Slack tells everybody of a change."""
    key = f"{call.effect.stream}:topic"
    async with stage.store.read() as reads:
        scene = await stage.scene(reads, call.effect)
        last = await reads.message(key)
    room, wanted = scene.incident.channel, topic_of(scene)
    if not room:
        return GiveUp("no_channel")
    if last is not None and last.ts == wanted and not call.again:
        return Done()
    await stage.chat.set_topic(room, wanted)
    return Done(rows=(MessageAt(key, call.effect.stream, "topic", room, wanted),))


async def invite(stage: Stage, call: Call) -> Outcome:
    """People into the channel. Who is there already is there; who cannot come keeps nobody else out."""
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if not incident.channel:
        return GiveUp("no_channel")
    people = list(call.effect.args["people"])
    try:
        await stage.chat.invite(incident.channel, people)
    except ChatError as error:
        if error.code not in THERE | CANNOT:
            raise
        return await _one_by_one(stage, incident.channel, people, error)
    return Done()


async def _one_by_one(stage: Stage, channel: str, people: list[str], first: ChatError) -> Outcome:
    refused = {people[0]: first.code} if len(people) == 1 else {}
    for person in people if len(people) > 1 else ():
        try:
            await stage.chat.invite(channel, [person])
        except ChatError as error:
            if error.code not in THERE | CANNOT:
                raise
            refused[person] = error.code
    missing = {person: code for person, code in refused.items() if code in CANNOT}
    return GiveUp(next(iter(missing.values()))) if missing else Done()


async def archive(stage: Stage, call: Call) -> Outcome:
    """A channel is put away."""
    try:
        await stage.chat.archive(call.effect.args["channel"])
    except ChatError as error:
        if error.code not in PUT_AWAY:
            raise
    return Done()


async def pin(stage: Stage, call: Call) -> Outcome:
    """The card stays at the top."""
    async with stage.store.read() as reads:
        row = await reads.message(call.effect.args["key"])
    if row is None:
        return Retry(1.0, "the message is not there yet") if call.attempt < PATIENCE else GiveUp("no_message")
    try:
        await stage.chat.pin(row.channel, row.ts)
    except ChatError as error:
        if error.code != "already_pinned":
            raise
    return Done()
