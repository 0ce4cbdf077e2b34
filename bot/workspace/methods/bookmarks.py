"""bookmarks.*: the bar under a channel's name."""

from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Bookmark, Json
from bot.workspace.wire import bookmark_json

BOOKMARK_LIMIT = 100


@method(
    "bookmarks.add",
    tier=2,
    scopes="bookmarks:write",
    errors="channel_not_found invalid_bookmark_type invalid_link too_many_bookmarks permission_denied",
)
async def add(call: Call) -> Json:
    channel = call.channel("channel_id")
    if call.state.bot_user not in channel.members or channel.archived:
        raise Refused("permission_denied")
    title, link = call.args.need("title"), call.args.text("link")
    if call.args.need("type") != "link":
        raise Refused("invalid_bookmark_type")
    if not link.startswith(("http://", "https://")):
        raise Refused("invalid_link")
    if len(channel.bookmarks) >= BOOKMARK_LIMIT:
        raise Refused("too_many_bookmarks")
    emoji, made = call.args.text("emoji"), call.state.seconds()
    bookmark = Bookmark(call.state.new_id("Bk"), channel.id, title, link, emoji, made)
    channel.bookmarks.append(bookmark)
    call.state.changed("channel", channel.id)
    return {"bookmark": bookmark_json(bookmark)}


@method("bookmarks.list", tier=3, scopes="bookmarks:read", errors="channel_not_found")
async def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": [bookmark_json(each) for each in call.channel("channel_id").bookmarks]}
