"""bookmarks.*: the bar under a channel's name."""

import re

from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Bookmark, Channel, Json
from bot.workspace.wire import bookmark_json

BOOKMARK_LIMIT = 100
LIMITS = {"title": 256, "link": 2048}
"""Characters of each."""


@method(
    "bookmarks.add",
    "channel_id title type link? emoji? entity_id? access_level? parent_id?",
    tier=2,
    scopes="bookmarks:write",
    errors="channel_not_found invalid_bookmark_type invalid_link invalid_emoji too_many_bookmarks permission_denied",
)
async def add(call: Call) -> Json:
    channel = _writable(call)
    if call.args.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    if not call.args.text("link"):
        raise Refused("invalid_link")
    _check(call)
    title, link = call.args.text("title"), call.args.text("link")
    if len(channel.bookmarks) >= BOOKMARK_LIMIT:
        raise Refused("too_many_bookmarks")
    emoji, made = call.args.text("emoji"), call.state.seconds()
    bookmark = Bookmark(call.state.new_id("Bk"), channel.id, title, link, emoji, made)
    channel.bookmarks.append(bookmark)
    call.state.changed("channel", channel.id)
    return {"bookmark": bookmark_json(bookmark)}


@method(
    "bookmarks.edit",
    "channel_id bookmark_id title? link? emoji?",
    tier=2,
    scopes="bookmarks:write",
    errors="channel_not_found not_found invalid_link invalid_emoji permission_denied",
)
async def edit(call: Call) -> Json:
    """What is given changes; the rest stays."""
    channel = _writable(call)
    found = next((each for each in channel.bookmarks if each.id == call.args.text("bookmark_id")), None)
    if found is None:
        raise Refused("not_found")
    _check(call)
    for name in ("title", "link", "emoji"):
        if name in call.args:
            setattr(found, name, call.args.text(name))
    found.updated = call.state.seconds()
    call.state.changed("channel", channel.id)
    return {"bookmark": bookmark_json(found)}


def _writable(call: Call) -> Channel:
    """The channel, if the bot is in it and it is not put away."""
    channel = call.channel("channel_id")
    if call.state.bot_user not in channel.members or channel.archived:
        raise Refused("permission_denied")
    return channel


def _check(call: Call) -> None:
    """What holds of a bookmark's title, link and emoji, where they are given."""
    if "link" in call.args and not call.args.text("link").startswith(("http://", "https://")):
        raise Refused("invalid_link")
    for name, most in LIMITS.items():
        if len(call.args.text(name)) > most:
            raise Refused(
                "invalid_arguments", [f"[ERROR] must be less than {most + 1} characters [json-pointer:/{name}]"]
            )
    if "emoji" in call.args and not re.fullmatch(r":[^\s:]+:", call.args.text("emoji")):
        raise Refused("invalid_emoji")


@method("bookmarks.list", "channel_id", tier=3, scopes="bookmarks:read", errors="channel_not_found")
async def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": [bookmark_json(each) for each in call.channel("channel_id").bookmarks]}
