"""The channel of the announcements: found, joined, made; another one where it was put away; else people hear that there is none."""

from bot.domain.events import Draft, EffectFailed
from bot.errors import ChatError
from bot.ports import Done, Effect, MessageAt, Outcome
from bot.slack.surfaces import ANNOUNCE, Stage

MOST = 9
CANNOT = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "method_not_supported_for_channel_type",
        "name_taken",
        "not_in_channel",
        "no_permission",
        "restricted_action",
        "restricted_action_read_only_channel",
        "user_is_restricted",
    }
)
"""Codes after which only people can give us a channel. A name that is taken and not seen is that of a private one."""


async def find(stage: Stage) -> str:
    """A channel that we may write into: the one that tocsin.yaml names, made if it is missing; where that one is archived, the
    first of `name-2` … ChatError if there is none."""
    name = stage.organisation().announce_channel.removeprefix("#")
    for n in range(1, MOST + 1):
        wanted = name if n == 1 else f"{name[:77]}-{n}"
        found = await stage.chat.find_channel(wanted)
        if found is None:
            return (await stage.chat.create_channel(wanted, private=False)).id
        if not found.archived:
            if not found.member:
                await stage.chat.join(found.id)
            return found.id
    raise ChatError("is_archived")


def row(channel: str) -> MessageAt:
    """Says which channel it is."""
    return MessageAt(ANNOUNCE, "org", "channel", channel, "")


async def unannounced(stage: Stage, effect: Effect, code: str) -> Outcome:
    """The incident's people are told that nobody else is, once for each reason; the next change tries again."""
    key = f"{effect.stream}:unannounced"
    async with stage.store.read() as reads:
        told = await reads.message(key)
    if told is not None and told.ts == code:
        return Done()
    failed = Draft(EffectFailed(effect.key, "announce", code))
    return Done((failed,), (MessageAt(key, effect.stream, "announcement", "", code),))
