"""The things a workspace is made of. They are plain and mutable; only `state` and `rooms` change them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "dm"]

SLACKBOT = "USLACKBOT"


@dataclass(slots=True)
class Person:
    """Somebody with an account. guest, stranger: a guest account; somebody of another company (Slack Connect); quiet: from when
    until when they are in do-not-disturb (Unix seconds)."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    bot: bool = False
    deleted: bool = False
    guest: bool = False
    stranger: bool = False
    updated: int = 0
    quiet: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Note:
    """A topic or a purpose, with who set it when (Unix seconds)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True)
class Bookmark:
    id: str
    channel: str
    title: str
    link: str
    emoji: str
    created: int
    updated: int = 0


@dataclass(slots=True)
class Channel:
    """A channel or a DM. members keep the order in which they came; pins: ts → (who, when in Unix seconds)."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    archived: bool = False
    pins: dict[str, tuple[str, int]] = field(default_factory=dict)
    bookmarks: list[Bookmark] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """One message. thread_ts: set on replies only. only_for: an ephemeral, seen by that person alone.

    values: what that person has chosen in the message's own inputs: person → block_id → action_id → Slack's value.
    """

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    by_app: bool = False
    only_for: str | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    edited: tuple[str, str] | None = None
    deleted: bool = False
    extra: Json = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class View:
    """A modal or a Home tab. body: what the app gave (title, blocks, private_metadata …), ids filled in."""

    id: str
    kind: Literal["modal", "home"]
    owner: str
    body: Json
    hash: str
    root: str
    previous: str | None = None


@dataclass(slots=True)
class Trigger:
    """Good for one views.open or views.push until `until` (µs)."""

    person: str
    until: int
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response_url: five answers within 30 minutes."""

    person: str
    channel: str
    until: int
    ts: str | None = None
    thread_ts: str | None = None
    left: int = 5


@dataclass(slots=True)
class File:
    """An upload. content is None until the bytes have come; channels: where it was shared."""

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)
    done: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Group:
    """A user group (@database)."""

    id: str
    handle: str
    name: str
    members: list[str]


@dataclass(slots=True)
class Called:
    """One call of the Web API as it came in. answer: what the method said, also if it was lost on the way; status: 0 while it
    runs, -1 if no answer is or was sent; fault: what the gate did with it."""

    method: str
    args: Json
    at: int
    answer: Json | None = None
    status: int = 0
    fault: str = ""

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer.get("ok"))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something changed. kind: message, channel, modal, home, people, call, link, delivery; the rest says which one."""

    kind: str
    id: str
    ts: str = ""
