"""All that the workspace knows, in memory, changed by one thread. Every change ends in `changed`, which wakes who waits."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.workspace.machine import Clock, Ids
from bot.workspace.manifest import Manifest
from bot.workspace.things import (
    SLACKBOT,
    Called,
    Channel,
    Entry,
    File,
    Group,
    Hook,
    Json,
    Message,
    Person,
    Trigger,
    View,
)

TRIGGER_SECONDS = 3
HOOK_SECONDS = 30 * 60

Tell = Callable[[Json], None]


class State:
    """The workspace's memory. `tell` hands an event to whoever delivers it to the app."""

    def __init__(self, manifest: Manifest, people: Iterable[Person], clock: Clock, ids: Ids) -> None:
        self.manifest, self.clock, self.ids = manifest, clock, ids
        self.team, self.team_name, self.url = self.new_id("T"), "local", ""
        self.app_id, self.bot_id, self.bot_user = self.new_id("A"), self.new_id("B"), self.new_id("U")
        bot = Person(self.bot_user, manifest.bot_name.lower(), manifest.bot_name, bot=True)
        slackbot = Person(SLACKBOT, "slackbot", "Slackbot", bot=True)
        self.people: dict[str, Person] = {each.id: replace(each) for each in (*people, bot, slackbot)}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], list[Message]] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, str] = {}
        self.tickets: set[str] = set()
        self.calls: list[Called] = []
        self.journal: list[Entry] = []
        self.tell: Tell = lambda event: None
        self._last_ts = 0
        self._change: asyncio.Future[None] | None = None

    # what happened

    def changed(self, kind: str, id: str, ts: str = "") -> None:
        """Write it down and wake everybody who waits for a change."""
        self.journal.append(Entry(kind, id, ts))
        if self._change is not None:
            self._change.set_result(None)
            self._change = None

    def change(self) -> "asyncio.Future[None]":
        """Done at the next change. It is shared: wait for it, do not cancel it."""
        if self._change is None:
            self._change = asyncio.get_running_loop().create_future()
        return self._change

    # new things

    def new_id(self, prefix: str) -> str:
        return prefix + self.ids.new()[-10:].upper()

    def seconds(self) -> int:
        return self.clock.now() // 1_000_000

    def next_ts(self) -> str:
        """Rises strictly, also while the clock stands still; as text it sorts as the time does."""
        self._last_ts = max(self._last_ts + 1, self.clock.now())
        return f"{self._last_ts // 1_000_000:010d}.{self._last_ts % 1_000_000:06d}"

    def new_trigger(self, person: str) -> str:
        id = f"{self.ids.new()[-13:]}.{self.team}.{self.ids.token()}"
        self.triggers[id] = Trigger(person, self.clock.now() + TRIGGER_SECONDS * 1_000_000)
        return id

    def new_hook(self, person: str, channel: str, ts: str | None = None, thread_ts: str | None = None) -> str:
        """A response_url."""
        id = self.ids.token()
        self.hooks[id] = Hook(person, channel, self.clock.now() + HOOK_SECONDS * 1_000_000, ts, thread_ts)
        return f"{self.url}/hook/{id}"

    def add(self, message: Message) -> Message:
        self.messages.setdefault(message.channel, {})[message.ts] = message
        if message.thread_ts is not None:
            self._threads.setdefault((message.channel, message.thread_ts), []).append(message)
        self.changed("message", message.channel, message.ts)
        return message

    def open_dm(self, one: str, other: str) -> Channel:
        """The DM of two people, made if there is none yet."""
        for channel in self.channels.values():
            if channel.kind == "dm" and sorted(channel.members) == sorted({one, other}):
                return channel
        channel = Channel(self.new_id("D"), "", "dm", one, self.seconds(), sorted({one, other}))
        self.channels[channel.id] = channel
        self.changed("channel", channel.id)
        return channel

    # finding

    def message(self, channel: str, ts: str) -> Message | None:
        """A message that is still there."""
        found = self.messages.get(channel, {}).get(ts)
        return None if found is None or found.deleted else found

    def lasting(self, channel: str) -> Iterator[Message]:
        """The messages that everybody in the channel sees, oldest first (no ephemerals, none that was deleted)."""
        for message in self.messages.get(channel, {}).values():
            if not message.deleted and message.only_for is None:
                yield message

    def replies(self, channel: str, ts: str) -> list[Message]:
        """The lasting replies to a message, oldest first."""
        thread = self._threads.get((channel, ts), ())
        return [message for message in thread if not message.deleted and message.only_for is None]

    def named(self, name: str) -> Channel | None:
        """The channel that owns a name; archived ones keep theirs."""
        return next((each for each in self.channels.values() if each.kind != "dm" and each.name == name), None)

    def is_open(self, view: View) -> bool:
        return view.id in self.stacks.get(view.owner, ()) or self.homes.get(view.owner) == view.id

    def by_external_id(self, external: str) -> View | None:
        """The open view that the app gave this id."""
        return next((v for v in self.views.values() if v.body.get("external_id") == external and self.is_open(v)), None)

    def sees(self, person: str, channel: str) -> bool:
        found = self.channels.get(channel)
        return found is not None and (found.kind == "public" or person in found.members)

    def shown_to(self, person: str, message: Message) -> bool:
        return self.sees(person, message.channel) and message.only_for in (None, person)
