"""Slack's JSON of messages and files, read into plain values."""

from collections.abc import Mapping
from typing import Any

from bot.domain.evidence import Shared
from bot.domain.saying import Post
from bot.slack.inbox import as_typed

NO_FILES = frozenset({"external", "canvas", "quip", "space", "list", "docs"})
"""Modes of what Slack calls a file and keeps elsewhere, or in another form."""
GONE = "tombstone"
PIN, FLAG = "pushpin", "triangular_flag_on_post"
"""The marks that put a message onto the timeline, and a follow-up onto the list."""
NAME = 200
"""Characters of a file's name."""


def post_of(channel: str, message: Mapping[str, Any]) -> Post:
    """A `message` object."""
    by = str(message.get("user") or message.get("bot_id") or "")
    marks = frozenset(str(mark.get("name")) for mark in message.get("reactions") or ())
    text = as_typed(str(message.get("text") or ""))
    ts, root = str(message["ts"]), str(message.get("thread_ts") or "")
    return Post(channel, ts, by, text, files_of(message), marks, "" if root == ts else root)


def files_of(message: Mapping[str, Any]) -> tuple[Shared, ...]:
    """The files of a `message` object, those that were deleted, too."""
    return tuple(file_of(file) for file in message.get("files") or () if file.get("id"))


def file_of(found: Mapping[str, Any]) -> Shared:
    """A `file` object. Of a deleted one, and in a channel that is shared with others, it says less."""
    mode = str(found.get("mode") or "")
    return Shared(
        id=str(found["id"]),
        name=str(found.get("name") or found.get("title") or found["id"])[:NAME],
        size=int(found.get("size") or 0),
        elsewhere=bool(found.get("is_external")) or mode in NO_FILES,
        gone=mode == GONE,
        url=str(found.get("url_private_download") or found.get("url_private") or ""),
    )


def marked(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """(channel, ts) of a message that got or lost a 📌 or a 🚩."""
    item = event.get("item") or {}
    if event.get("reaction") not in (PIN, FLAG) or item.get("type") != "message":
        return None
    return item["channel"], item["ts"]
