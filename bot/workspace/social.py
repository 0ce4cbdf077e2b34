"""What people do without the app: channels, reactions, changing and taking back what they said."""

from bot.workspace import rooms
from bot.workspace.errors import CannotDo
from bot.workspace.methods.conversations import name_problem
from bot.workspace.methods.marks import is_emoji_name
from bot.workspace.state import State
from bot.workspace.things import Channel, File, Json, Message

MEBI = 1024 * 1024
FILE_BYTES = 32 * MEBI
LONGEST_PAUSE = 24 * 3600
"""Seconds of do-not-disturb."""


def react(state: State, person: str, message: Message, name: str, on: bool = True) -> Json:
    """Add or take off a reaction. Doing it twice changes nothing."""
    name = name.strip(":")
    if not state.shown_to(person, message) or message.only_for or message.deleted:
        raise CannotDo("You cannot react to that message.")
    if state.channels[message.channel].archived or state.people[person].deleted or not is_emoji_name(name):
        raise CannotDo(f"You cannot react with :{name}: here.")
    if on == (person in message.reactions.get(name, ())):
        return {}
    (rooms.react if on else rooms.unreact)(state, message, person, name)
    return {}


def create(state: State, person: str, name: str, private: bool = False) -> Json:
    name = name.removeprefix("#")
    if (problem := name_problem(name)) or state.named(name):
        raise CannotDo(f"#{name} cannot be made: {problem or 'the name is taken'}.")
    return {"channel": rooms.create(state, name, "private" if private else "public", person).id}


def join(state: State, person: str, channel: Channel) -> Json:
    if channel.kind != "public" or channel.archived:
        raise CannotDo(f"You cannot join #{channel.name}.")
    rooms.join(state, channel, person)
    return {}


def leave(state: State, person: str, channel: Channel) -> Json:
    _room(channel, person)
    rooms.leave(state, channel, person)
    return {}


def invite(state: State, person: str, channel: Channel, user: str) -> Json:
    """Bring somebody in, or the app."""
    _room(channel, person)
    if user not in state.people or state.people[user].deleted or channel.archived:
        raise CannotDo("Nobody can be invited so.")
    rooms.join(state, channel, user, person)
    return {}


def archive(state: State, person: str, channel: Channel) -> Json:
    _room(channel, person)
    if channel.archived:
        raise CannotDo(f"#{channel.name} is archived already.")
    rooms.archive(state, channel, person)
    return {}


def edit(state: State, person: str, message: Message, text: str) -> Json:
    _own(person, message)
    rooms.edit(state, message, person, rooms.typed(state, text), [])
    return {}


def delete(state: State, person: str, message: Message) -> Json:
    _own(person, message)
    rooms.delete(state, message)
    return {}


def dnd(state: State, person: str, on: bool = True) -> Json:
    """Do-not-disturb, for as long as Slack lets somebody pause what it shows, or no longer."""
    now = state.seconds()
    state.people[person].quiet = (now, now + LONGEST_PAUSE) if on else (0, 0)
    state.changed("people", "")
    return {}


def delete_file(state: State, person: str, file: str) -> Json:
    found = state.files.get(file)
    if found is None or found.user != person or found.deleted:
        raise CannotDo("That is not a file of yours.")
    rooms.delete_file(state, found)
    return {}


def share(
    state: State, person: str, channel: Channel, file: tuple[str, bytes], text: str, thread_ts: str | None
) -> Json:
    """Share a file (name, bytes), with some words or without."""
    _inside(channel, person)
    name, content = file
    if channel.archived or not content or len(content) > FILE_BYTES:
        raise CannotDo(f"{name} cannot be shared here: it may have {FILE_BYTES // MEBI} MB, and at least one byte.")
    made = File(state.new_id("F"), name, name, person, len(content), state.seconds(), content, done=True)
    state.files[made.id] = made
    rooms.share(state, made, channel)
    words, ts = rooms.typed(state, text), state.next_ts()
    rooms.post(
        state, Message(channel.id, ts, person, words, thread_ts=thread_ts, files=[made.id], subtype="file_share")
    )
    return {"ts": ts, "file": made.id}


def _inside(channel: Channel, person: str) -> None:
    if person not in channel.members:
        raise CannotDo("You are not in that channel.")


def _room(channel: Channel, person: str) -> None:
    if channel.kind == "dm":
        raise CannotDo("That goes in channels only.")
    _inside(channel, person)


def _own(person: str, message: Message) -> None:
    if message.user != person or message.subtype not in (None, "file_share") or message.deleted:
        raise CannotDo("That is not a message of yours.")
