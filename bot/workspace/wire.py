"""State → Slack's JSON. The only place that knows how Slack writes a channel, a message, a person, a view, a file."""

from bot.workspace.state import State
from bot.workspace.things import Bookmark, Channel, File, Group, Json, Message, Person, View

TYPES = {"public": "channel", "private": "group", "dm": "im"}
"""Our kinds as events name them (`channel_type`)."""

THREAD_KEYS = ("reply_count", "reply_users", "reply_users_count", "latest_reply", "subscribed", "is_locked")
"""What a root says about its thread when it is read; events and answers to a change leave it out."""


def channel_json(state: State, channel: Channel, viewer: str) -> Json:
    if channel.kind == "dm":
        other = next((each for each in channel.members if each != viewer), viewer)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": channel.archived,
            "user": other,
            "context_team_id": state.team,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_archived": channel.archived,
        "is_member": viewer in channel.members,
        "created": channel.created,
        "creator": channel.creator,
        "topic": note_json(channel, "topic"),
        "purpose": note_json(channel, "purpose"),
        "context_team_id": state.team,
    }


def note_json(channel: Channel, which: str) -> Json:
    note = channel.topic if which == "topic" else channel.purpose
    return {"value": note.value, "creator": note.creator, "last_set": note.last_set}


def message_json(state: State, message: Message, metadata: bool = False) -> Json:
    """A message as history, events and answers show it. metadata: only if it was asked for."""
    out: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": state.team}
    if message.subtype:
        out["subtype"] = message.subtype
    if message.by_app:
        out |= {"bot_id": state.bot_id, "app_id": state.app_id, "bot_profile": bot_profile(state)}
    if message.blocks:
        out["blocks"] = message.blocks
    if message.files:
        out["files"] = [file_json(state, state.files[id]) for id in message.files]
        out["upload"] = False
    if message.edited:
        out["edited"] = {"user": message.edited[0], "ts": message.edited[1]}
    if message.reactions:
        out["reactions"] = reactions_json(message)
    if metadata and message.metadata is not None:
        out["metadata"] = message.metadata
    return out | message.extra | _thread(state, message)


def reactions_json(message: Message) -> list[Json]:
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def _thread(state: State, message: Message) -> Json:
    if message.thread_ts is not None:
        root = state.message(message.channel, message.thread_ts)
        return {"thread_ts": message.thread_ts, **({"parent_user_id": root.user} if root else {})}
    replies = state.replies(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "subscribed": False,
        "is_locked": False,
    }


def bot_profile(state: State) -> Json:
    return {
        "id": state.bot_id,
        "app_id": state.app_id,
        "name": state.manifest.name,
        "deleted": False,
        "updated": 0,
        "team_id": state.team,
        "icons": {},
    }


def person_json(state: State, person: Person) -> Json:
    """A person, whose display name is their first name: the handle is what is typed behind an @."""
    display = person.real_name.partition(" ")[0] or person.name
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": display,
        "display_name_normalized": display,
        "title": person.title,
        "status_text": "",
        "status_emoji": "",
        "team": state.team,
    }
    if "users:read.email" in state.manifest.scopes and person.email:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": state.team,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_bot": person.bot,
        "is_app_user": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "updated": person.updated,
    } | ({"is_stranger": True} if person.stranger else {})


def view_json(state: State, view: View, values: Json | None = None) -> Json:
    return {
        "id": view.id,
        "team_id": state.team,
        "type": view.kind,
        "title": view.body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "submit": view.body.get("submit"),
        "close": view.body.get("close"),
        "blocks": view.body["blocks"],
        "private_metadata": view.body.get("private_metadata", ""),
        "callback_id": view.body.get("callback_id", ""),
        "external_id": view.body.get("external_id", ""),
        "state": {"values": values or {}},
        "hash": view.hash,
        "clear_on_close": bool(view.body.get("clear_on_close", False)),
        "notify_on_close": bool(view.body.get("notify_on_close", False)),
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": state.app_id,
        "bot_id": state.bot_id,
        "app_installed_team_id": state.team,
    }


def file_json(state: State, file: File) -> Json:
    """A file; of one that was deleted only that it was there."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    url = f"{state.url}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype(file.name),
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": any(state.channels[id].kind == "public" for id in file.channels),
        "url_private": url,
        "url_private_download": url,
        "permalink": f"{state.url}/files/{file.id}",
        "channels": [id for id in file.channels if state.channels[id].kind == "public"],
        "groups": [id for id in file.channels if state.channels[id].kind == "private"],
        "ims": [id for id in file.channels if state.channels[id].kind == "dm"],
    }


_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


def mimetype(name: str) -> str:
    """The media type of a file name; what is not known is plain text."""
    return _TYPES.get(name.rpartition(".")[2].lower(), "text/plain")


def bookmark_json(bookmark: Bookmark) -> Json:
    return {
        "id": bookmark.id,
        "channel_id": bookmark.channel,
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": bookmark.emoji,
        "type": "link",
        "date_created": bookmark.created,
        "date_updated": bookmark.updated,
    }


def group_json(state: State, group: Group, users: bool) -> Json:
    out: Json = {
        "id": group.id,
        "team_id": state.team,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.members),
    }
    return out | ({"users": list(group.members)} if users else {})
