"""bookmarks.*: the bar under a channel's name."""

import re

from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Bookmark, Json
from bot.workspace.wire import bookmark_json

BOOKMARK_LIMIT, TITLE_LIMIT = 100, 256


@method(
    "bookmarks.add",
    "channel_id title type link? emoji? entity_id? access_level? parent_id?",
    tier=2,
    scopes="bookmarks:write",
    errors="channel_not_found invalid_bookmark_type invalid_link invalid_emoji too_many_bookmarks permission_denied",
)
async def add(call: Call) -> Json:
    channel = call.channel("channel_id")
    if call.state.bot_user not in channel.members or channel.archived:
        raise Refused("permission_denied")
    title, link = call.args.text("title"), call.args.text("link")
    if call.args.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    if not link.startswith(("http://", "https://")):
        raise Refused("invalid_link")
    if len(title) > TITLE_LIMIT:
        raise Refused("invalid_arguments", ["[ERROR] must be less than 257 characters [json-pointer:/title]"])
    if "emoji" in call.args and not re.fullmatch(r":[^\s:]+:", call.args.text("emoji")):
        raise Refused("invalid_emoji")
    if len(channel.bookmarks) >= BOOKMARK_LIMIT:
        raise Refused("too_many_bookmarks")
    emoji, made = call.args.text("emoji"), call.state.seconds()
    bookmark = Bookmark(call.state.new_id("Bk"), channel.id, title, link, emoji, made)
    channel.bookmarks.append(bookmark)
    call.state.changed("channel", channel.id)
    return {"bookmark": bookmark_json(bookmark)}


@method("bookmarks.list", "channel_id", tier=3, scopes="bookmarks:read", errors="channel_not_found")
async def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": [bookmark_json(each) for each in call.channel("channel_id").bookmarks]}
