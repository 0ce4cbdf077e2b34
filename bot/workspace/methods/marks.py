"""pins.* and reactions.*: marks on messages."""

import re

from bot.workspace import rooms
from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Channel, Json, Message
from bot.workspace.wire import message_json

PIN_LIMIT = 100
REACTION_LIMIT = 50

_ITEM = "channel_not_found message_not_found bad_timestamp no_item_specified"


@method(
    "pins.add",
    "channel timestamp?",
    tier=2,
    scopes="pins:write",
    errors=f"{_ITEM} already_pinned not_in_channel not_pinnable too_many_pins",
)
async def pins_add(call: Call) -> Json:
    channel, message = _item(call)
    if call.state.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if message.ts in channel.pins:
        raise Refused("already_pinned")
    if message.subtype and message.subtype.startswith(("channel_", "group_")):
        raise Refused("not_pinnable")
    if len(channel.pins) >= PIN_LIMIT:
        raise Refused("too_many_pins")
    rooms.pin(call.state, message, call.state.bot_user)
    return {}


@method("pins.remove", "channel timestamp?", tier=2, scopes="pins:write", errors=f"{_ITEM} no_pin")
async def pins_remove(call: Call) -> Json:
    channel, message = _item(call)
    if message.ts not in channel.pins:
        raise Refused("no_pin")
    rooms.unpin(call.state, message, call.state.bot_user)
    return {}


@method("pins.list", "channel", json=False, tier=2, scopes="pins:read", errors="channel_not_found")
async def pins_list(call: Call) -> Json:
    """Newest pin first."""
    channel = call.channel()
    items = []
    for ts, (user, when) in reversed(channel.pins.items()):
        message = message_json(call.state, call.state.messages[channel.id][ts])
        items.append(
            {"type": "message", "channel": channel.id, "created": when, "created_by": user, "message": message}
        )
    return {"items": items}


@method(
    "reactions.add",
    "channel timestamp name",
    tier=3,
    scopes="reactions:write",
    errors=f"{_ITEM} invalid_name already_reacted is_archived too_many_reactions",
)
async def reactions_add(call: Call) -> Json:
    channel, message = _item(call)
    name = _emoji(call)
    if channel.archived:
        raise Refused("is_archived")
    if call.state.bot_user in message.reactions.get(name, ()):
        raise Refused("already_reacted")
    if len(message.reactions) >= REACTION_LIMIT:
        raise Refused("too_many_reactions")
    rooms.react(call.state, message, call.state.bot_user, name)
    return {}


@method(
    "reactions.remove",
    "name channel? timestamp?",
    tier=2,
    scopes="reactions:write",
    errors=f"{_ITEM} invalid_name no_reaction",
)
async def reactions_remove(call: Call) -> Json:
    _, message = _item(call)
    name = _emoji(call)
    if call.state.bot_user not in message.reactions.get(name, ()):
        raise Refused("no_reaction")
    rooms.unreact(call.state, message, call.state.bot_user, name)
    return {}


def _item(call: Call) -> tuple[Channel, Message]:
    if not call.args.text("channel") or not call.args.text("timestamp"):
        raise Refused("no_item_specified")
    if not re.fullmatch(r"\d+\.\d{6}", call.args.text("timestamp")):
        raise Refused("bad_timestamp")
    channel = call.channel()
    return channel, call.message(channel, "timestamp")


def _emoji(call: Call) -> str:
    name = call.args.text("name").strip(":")
    if not is_emoji_name(name):
        raise Refused("invalid_name")
    return name


def is_emoji_name(name: str) -> bool:
    """Whether it looks like an emoji's name; which ones there are is the page's affair."""
    return re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name) is not None
