"""chat.*: posting, changing, taking back."""

from typing import Any

from bot.workspace import rooms
from bot.workspace.blocks import checked_blocks
from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Channel, Json, Message
from bot.workspace.wire import THREAD_KEYS, message_json

TEXT_LIMIT = 40_000
UPDATE_LIMIT = 4_000
"""Characters of `text`: a post is cut, a change is refused."""
METADATA_LIMIT = 5_000
_BLOCKS = "invalid_blocks invalid_blocks_format no_text"
_METADATA = "invalid_metadata_format invalid_metadata_schema metadata_too_large"

_NOT_IN_UPDATE = ("ts", "thread_ts", "parent_user_id", *THREAD_KEYS)


@method(
    "chat.postMessage",
    "channel text? blocks?:json thread_ts? reply_broadcast?:flag metadata?:json unfurl_links?:flag unfurl_media?:flag "
    "link_names?:flag mrkdwn?:flag parse?",
    tier=5,
    scopes="chat:write",
    errors=f"channel_not_found not_in_channel is_archived msg_blocks_too_long "
    f"cannot_reply_to_message messages_tab_disabled {_BLOCKS} {_METADATA}",
)
async def post_message(call: Call) -> Json:
    channel = _writable(call)
    text, warnings = _text(call)
    message = _drafted(call, channel, text, most=True)
    message.metadata = _metadata(call)
    rooms.post(call.state, message)
    out: Json = {"channel": channel.id, "ts": message.ts, "message": message_json(call.state, message, metadata=True)}
    return out | ({"response_metadata": {"warnings": warnings}} if warnings else {})


@method(
    "chat.postEphemeral",
    "channel user text? blocks?:json thread_ts? link_names?:flag parse?",
    tier=4,
    scopes="chat:write",
    errors=f"channel_not_found not_in_channel user_not_in_channel is_archived msg_too_long cannot_reply_to_message "
    f"messages_tab_disabled {_BLOCKS}",
)
async def post_ephemeral(call: Call) -> Json:
    channel = _writable(call)
    user = call.args.text("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    if len(call.args.text("text")) > TEXT_LIMIT:
        raise Refused("msg_too_long")
    message = _drafted(call, channel, call.args.text("text"))
    message.only_for = user
    rooms.show_once(call.state, message)
    return {"message_ts": message.ts}


@method(
    "chat.update",
    "channel ts text? blocks?:json metadata?:json link_names?:flag parse?",
    tier=3,
    scopes="chat:write",
    errors=f"channel_not_found message_not_found cant_update_message is_inactive msg_too_long {_BLOCKS} {_METADATA}",
)
async def update(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel)
    if not message.by_app or message.subtype:
        raise Refused("cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    text = call.args.text("text")
    if len(text) > UPDATE_LIMIT:
        raise Refused("msg_too_long")
    blocks = checked_blocks(call.args.json("blocks", "invalid_blocks_format"), "message")
    if not text and not blocks:
        raise Refused("no_text")
    if "metadata" in call.args:
        message.metadata = None if call.args.json("metadata") == {} else _metadata(call)
    rooms.edit(call.state, message, call.state.bot_user, text, blocks)
    body = message_json(call.state, message, metadata=True)
    shown = {name: value for name, value in body.items() if name not in _NOT_IN_UPDATE}
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


@method(
    "chat.delete",
    "channel ts",
    tier=3,
    scopes="chat:write",
    errors="channel_not_found message_not_found cant_delete_message",
)
async def delete(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel)
    if not message.by_app or message.subtype:
        raise Refused("cant_delete_message")
    rooms.delete(call.state, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", "channel message_ts", json=False, tier=5, errors="channel_not_found message_not_found")
async def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.state.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


def _writable(call: Call) -> Channel:
    """Where the app may post: `chat:write.public` lets it into public channels that it is not in."""
    public = "chat:write.public" in call.state.manifest.scopes
    channel = call.open_channel(member=False, by_name=True)
    if call.state.bot_user not in channel.members and not public:
        raise Refused("not_in_channel")
    if channel.kind == "dm" and not call.state.manifest.messages_tab:
        raise Refused("messages_tab_disabled")
    return channel


def _text(call: Call) -> tuple[str, list[str]]:
    text = call.args.text("text")
    return (text[:TEXT_LIMIT], ["message_truncated"]) if len(text) > TEXT_LIMIT else (text, [])


def _drafted(call: Call, channel: Channel, text: str, most: bool = False) -> Message:
    """The message as asked for. most: the sum of its texts is bounded, too."""
    blocks = checked_blocks(call.args.json("blocks", "invalid_blocks_format"), "message", total=most)
    if not text and not blocks:
        raise Refused("no_text")
    thread = call.args.text("thread_ts") or None
    if thread and not (root := call.state.message(channel.id, thread)):
        raise Refused("cannot_reply_to_message")
    if thread and root and root.thread_ts:
        thread = root.thread_ts
    return Message(
        channel.id,
        call.state.next_ts(),
        call.state.bot_user,
        text,
        blocks,
        thread_ts=thread,
        broadcast=bool(thread) and call.args.flag("reply_broadcast"),
        subtype="thread_broadcast" if thread and call.args.flag("reply_broadcast") else None,
        by_app=True,
    )


def _metadata(call: Call) -> Json | None:
    found: Any = call.args.json("metadata", "invalid_metadata_format")
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(found.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    if len(str(found)) > METADATA_LIMIT:
        raise Refused("metadata_too_large")
    return {"event_type": found["event_type"], "event_payload": found["event_payload"]}
