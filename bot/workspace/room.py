"""A channel as a test reads it."""

from bot.workspace.screens import message_text
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Message


class Post:
    """A message as a test reads it."""

    def __init__(self, state: State, message: Message) -> None:
        self._state, self.message = state, message
        self.ts, self.blocks = message.ts, message.blocks

    @property
    def text(self) -> str:
        """All that is to be read in it, buttons in [ ]."""
        return message_text(self._state, self.message)

    def text_has(self, words: str) -> bool:
        return words in self.text

    @property
    def by_app(self) -> bool:
        return self.message.by_app

    @property
    def replies(self) -> "list[Post]":
        return [Post(self._state, each) for each in self._state.replies(self.message.channel, self.ts)]

    def __repr__(self) -> str:
        return f"<Post {self.text!r}>"


class Room:
    """What everybody in a channel sees; ephemerals belong to people (`Actor.sees`)."""

    def __init__(self, state: State, id: str) -> None:
        self._state, self.id = state, id

    @classmethod
    def find(cls, state: State, name: str) -> "Room":
        word = name.removeprefix("#")
        names = {each.name: each.id for each in state.channels.values() if each.kind != "dm"}
        found = [id for each, id in names.items() if word.endswith("…") and each.startswith(word[:-1])]
        if len(found) == 1 or word in names or word in state.channels:
            return cls(state, found[0] if found else names.get(word, word))
        raise KeyError(f"no channel {name}; there are {sorted(names)}")

    @property
    def channel(self) -> Channel:
        return self._state.channels[self.id]

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def topic(self) -> str:
        return self.channel.topic.value

    @property
    def archived(self) -> bool:
        return self.channel.archived

    @property
    def members(self) -> list[str]:
        """Names of who is in, in the order in which they came."""
        return [self._state.people[each].name for each in self.channel.members]

    @property
    def posts(self) -> list[Post]:
        """The messages of the channel itself, oldest first, without the lines about joining and topics."""
        return [
            Post(self._state, each)
            for each in self._state.lasting(self.id)
            if each.thread_ts is None and each.subtype in (None, "file_share")
        ]

    @property
    def last(self) -> Post:
        return self.posts[-1]

    @property
    def pinned(self) -> list[Post]:
        return [Post(self._state, self._state.messages[self.id][ts]) for ts in self.channel.pins]

    def has(self, words: str) -> bool:
        """Whether some message or reply says so."""
        return any(words in message_text(self._state, each) for each in self._state.lasting(self.id))

    @property
    def files(self) -> list[Json]:
        """Files shared here: name, title, text."""
        shared = [file for file in self._state.files.values() if self.id in file.channels]
        return [{"name": each.name, "title": each.title, "text": (each.content or b"").decode()} for each in shared]
