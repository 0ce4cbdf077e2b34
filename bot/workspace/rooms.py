"""What happens in channels: the change, the line that people see, and the event that the app gets. No permission is asked here."""

import re

from bot.workspace.state import State
from bot.workspace.things import Channel, File, Group, Json, Kind, Message, Note
from bot.workspace.wire import THREAD_KEYS, TYPES, channel_json, group_json, message_json, person_json


def create(state: State, name: str, kind: Kind, creator: str) -> Channel:
    channel = Channel(state.new_id("C"), name, kind, creator, state.seconds())
    state.channels[channel.id] = channel
    state.tell({"type": "channel_created", "channel": channel_json(state, channel, state.bot_user)})
    join(state, channel, creator)
    return channel


def join(state: State, channel: Channel, user: str, inviter: str | None = None) -> None:
    """A person or the app comes in. Who is in already stays."""
    if user in channel.members:
        return
    channel.members.append(user)
    state.changed("channel", channel.id)
    extra = {"inviter": inviter} if inviter else {}
    _line(state, channel, user, f"{channel_word(channel)}_join", f"<@{user}> has joined the channel", extra)
    event = {"type": "member_joined_channel", "user": user, **_where(state, channel), **extra}
    state.tell(event)


def leave(state: State, channel: Channel, user: str) -> None:
    if user not in channel.members:
        return
    event = {"type": "member_left_channel", "user": user, **_where(state, channel)}
    _line(state, channel, user, f"{channel_word(channel)}_leave", f"<@{user}> has left the channel", {})
    channel.members.remove(user)
    state.changed("channel", channel.id)
    state.tell(event)


def note(state: State, channel: Channel, which: str, value: str, user: str) -> None:
    """Set the topic or the purpose (`which`)."""
    setattr(channel, which, Note(value, user, state.seconds()))
    state.changed("channel", channel.id)
    subtype = f"{channel_word(channel)}_{which}"
    said = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # a topic holds no markup
    text = f"<@{user}> set the channel {which}: {said}" if value else f"<@{user}> cleared the channel {which}"
    _line(state, channel, user, subtype, text, {which: value})


def archive(state: State, channel: Channel, user: str) -> None:
    _line(state, channel, user, f"{channel_word(channel)}_archive", f"<@{user}> archived the channel", {})
    channel.archived = True
    state.changed("channel", channel.id)
    state.tell({"type": f"{channel_word(channel)}_archive", "channel": channel.id, "user": user})


def post(state: State, message: Message) -> Message:
    """A message for everybody in the channel."""
    state.add(message)
    _touch_root(state, message)
    state.tell(_message_event(state, message))
    if not message.by_app and f"<@{state.bot_user}" in message.text and state.channels[message.channel].kind != "dm":
        mention = {name: value for name, value in _message_event(state, message).items() if name != "channel_type"}
        state.tell(mention | {"type": "app_mention"})
    return message


def show_once(state: State, message: Message) -> Message:
    """A message that one person sees and nobody keeps (`only_for` is set). There is no event."""
    return state.add(message)


def edit(state: State, message: Message, by: str, text: str, blocks: list[Json]) -> None:
    """Change what a message says. Metadata and files are the caller's."""
    before = message_json(state, message)
    message.text, message.blocks = text, blocks
    message.edited = (by, state.next_ts())
    state.changed("message", message.channel, message.ts)
    _tell_change(
        state, message, "message_changed", {"message": message_json(state, message), "previous_message": before}
    )


def delete(state: State, message: Message) -> None:
    """Take a message away. One with answers leaves a shell; its files are gone with it."""
    before = message_json(state, message)
    shell = bool(state.replies(message.channel, message.ts))
    message.deleted = True
    channel = state.channels[message.channel]
    if channel.pins.pop(message.ts, None):
        state.changed("channel", channel.id)
    state.changed("message", message.channel, message.ts)
    _touch_root(state, message)
    if shell:
        kept = {name: before[name] for name in ("type", "ts", "thread_ts", *THREAD_KEYS) if name in before}
        now = {**kept, "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "text": "This message was deleted."}
        _tell_change(state, message, "message_changed", {"message": now, "previous_message": before})
    else:
        _tell_change(state, message, "message_deleted", {"deleted_ts": message.ts, "previous_message": before})


def delete_file(state: State, file: File) -> None:
    """A file is gone; the messages that brought it say so."""
    holds = [message for room in state.messages.values() for message in room.values() if file.id in message.files]
    before = [message_json(state, message) for message in holds]
    file.deleted, file.content = True, None
    file.name = file.title = "This file was deleted."
    state.tell({"type": "file_deleted", "file_id": file.id})
    for message, old in zip(holds, before, strict=True):
        state.changed("message", message.channel, message.ts)
        now = {"message": message_json(state, message), "previous_message": old}
        _tell_change(state, message, "message_changed", now)


def react(state: State, message: Message, user: str, name: str) -> None:
    message.reactions.setdefault(name, []).append(user)
    _reacted(state, message, user, name, "reaction_added")


def unreact(state: State, message: Message, user: str, name: str) -> None:
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
    _reacted(state, message, user, name, "reaction_removed")


def pin(state: State, message: Message, user: str) -> None:
    channel = state.channels[message.channel]
    channel.pins[message.ts] = (user, state.seconds())
    _pinned(state, channel, message, user, "pin_added")


def unpin(state: State, message: Message, user: str) -> None:
    channel = state.channels[message.channel]
    del channel.pins[message.ts]
    _pinned(state, channel, message, user, "pin_removed")


def person_changed(state: State, id: str, event: str = "user_change") -> None:
    """Somebody's profile is new, or (`team_join`) somebody is."""
    state.people[id].updated = state.seconds()
    state.changed("people", id)
    state.tell({"type": event, "user": person_json(state, state.people[id]), "cache_ts": state.seconds()})


def group_changed(state: State, group: Group, event: str = "subteam_updated") -> None:
    """A user group has other members, or (`subteam_created`) is new."""
    state.tell({"type": event, "subteam": group_json(state, group, users=True)})


def share(state: State, file: File, channel: Channel) -> None:
    if channel.id not in file.channels:
        file.channels.append(channel.id)
    event = {"file_id": file.id, "file": {"id": file.id}, "user_id": file.user, "channel_id": channel.id}
    state.tell({"type": "file_shared", **event})


def channel_word(channel: Channel) -> str:
    """How subtypes and events name it: `channel_join`, `group_join`."""
    return "group" if channel.kind == "private" else "channel"


def typed(state: State, text: str, labels: bool = False, links: bool = True) -> str:
    """What somebody typed as Slack's clients send it: & < > encoded, @ana, @group, #room and addresses as tokens.

    labels: ids carry their names (`<@U1|ana>`), as in slash commands that escape.
    """
    out = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if links:
        out = re.sub(r"https?://[^\s|]+[^\s|.,;:!?)\]]", lambda found: f"<{found[0]}>", out)
    out = re.sub(r"(?<![\w@</])@([\w.-]*\w)", lambda found: _at(state, found[1], labels) or found[0], out)
    return re.sub(r"(?<![\w#<&/])#([\w-]+)", lambda found: _hash(state, found[1]) or found[0], out)


def _at(state: State, name: str, labels: bool) -> str:
    if name in ("here", "channel", "everyone"):
        return f"<!{name}>"
    for person in state.people.values():
        if person.name == name.lower():
            return f"<@{person.id}|{person.name}>" if labels else f"<@{person.id}>"
    for group in state.groups.values():
        if group.handle == name.lower():
            return f"<!subteam^{group.id}|@{group.handle}>" if labels else f"<!subteam^{group.id}>"
    return ""


def _hash(state: State, name: str) -> str:
    channel = state.named(name)
    return f"<#{channel.id}|{channel.name}>" if channel else ""


def _where(state: State, channel: Channel) -> Json:
    kind = {"public": "C", "private": "G", "dm": "D"}[channel.kind]
    return {"channel": channel.id, "channel_type": kind, "team": state.team}


def _line(state: State, channel: Channel, user: str, subtype: str, text: str, extra: Json) -> None:
    by_app = user == state.bot_user
    ts = state.next_ts()
    post(state, Message(channel.id, ts, user, text, subtype=subtype, by_app=by_app, extra=extra))


def _touch_root(state: State, message: Message) -> None:
    if message.thread_ts is not None:
        state.changed("message", message.channel, message.thread_ts)


def _message_event(state: State, message: Message) -> Json:
    channel = state.channels[message.channel]
    event = message_json(state, message, metadata=True)
    for what in THREAD_KEYS:
        event.pop(what, None)
    return event | {"channel": channel.id, "channel_type": TYPES[channel.kind], "event_ts": message.ts}


def _tell_change(state: State, message: Message, subtype: str, what: Json) -> None:
    """The event of an edit or a deletion; of an ephemeral nobody is told."""
    if message.only_for is not None:
        return
    channel = state.channels[message.channel]
    ts = state.next_ts()
    where = {"channel": channel.id, "channel_type": TYPES[channel.kind], "ts": ts, "event_ts": ts, "hidden": True}
    state.tell({"type": "message", "subtype": subtype, **where, **what})


def _reacted(state: State, message: Message, user: str, name: str, event: str) -> None:
    state.changed("message", message.channel, message.ts)
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    ts = state.next_ts()
    state.tell({"type": event, "user": user, "reaction": name, "item_user": message.user, "item": item, "event_ts": ts})


def _pinned(state: State, channel: Channel, message: Message, user: str, event: str) -> None:
    state.changed("channel", channel.id)
    state.changed("message", message.channel, message.ts)
    item = {"type": "message", "channel": channel.id, "message": message_json(state, message)}
    state.tell({"type": event, "user": user, "channel_id": channel.id, "item": item, "event_ts": state.next_ts()})
