"""The outside: Slack, the network, alert sources, executors, notifiers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.alert import Alert
from bot.domain.evidence import Shared
from bot.domain.terms import Micros
from bot.ports.rows import Group, Json, Person


@dataclass(frozen=True, slots=True)
class Message:
    """A post: blocks in Slack's JSON, text for notifications, surface's key for `metadata`."""

    text: str
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A Slack channel."""

    id: str
    name: str
    purpose: str = ""
    archived: bool = False
    member: bool = True
    private: bool = False


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A link in the bar under a channel's name."""

    id: str
    title: str
    link: str


class Chat(Protocol):
    """Slack as the bot needs it. Every method raises ChatError. No method repeats a call by itself."""

    async def create_channel(self, name: str, private: bool) -> Channel: ...
    async def find_channel(self, name: str) -> Channel | None: ...
    async def join(self, channel: str) -> None: ...
    async def is_member(self, channel: str) -> bool:
        """Whether we are in a channel (private ones cannot be joined)."""
        ...

    async def channel(self, channel: str) -> Channel:
        """It as it is now."""
        ...

    async def set_topic(self, channel: str, topic: str) -> None: ...
    async def set_purpose(self, channel: str, purpose: str) -> None: ...
    async def invite(self, channel: str, people: Sequence[str]) -> None: ...
    async def open_dm(self, person: str) -> str: ...
    async def archive(self, channel: str) -> None: ...
    async def delete(self, channel: str, ts: str) -> None: ...
    async def post(self, channel: str, message: Message, key: str, thread: str = "") -> str:
        """Post with metadata `key`; the ts."""
        ...

    async def find_post(self, channel: str, key: str, thread: str = "", since: Micros = 0) -> str | None:
        """The ts of a post of ours with this key, looked up in the channel's history (or the thread's). since: it is not older."""
        ...

    async def find_posts(self, channel: str, key: str, thread: str = "") -> list[str]:
        """The ts of all of them."""
        ...

    async def update(self, channel: str, ts: str, message: Message, key: str) -> None: ...
    async def pin(self, channel: str, ts: str) -> None: ...
    async def bookmarks(self, channel: str) -> list[Bookmark]: ...
    async def add_bookmark(self, channel: str, title: str, link: str) -> str:
        """Its id."""
        ...

    async def edit_bookmark(self, channel: str, bookmark: Bookmark) -> None:
        """The bookmark with this id has this title and link from now on."""
        ...

    async def quiet(self, person: str) -> bool:
        """Whether the person is in do-not-disturb now: what is written to them rings nowhere."""
        ...

    async def upload(self, channel: str, name: str, title: str, data: bytes, comment: str, thread: str = "") -> str:
        """Upload a file; its id."""
        ...

    async def file(self, file: str) -> Shared:
        """A file by its id."""
        ...

    def content(self, file: Shared) -> AsyncIterator[bytes]:
        """The bytes of a file, piece by piece. From Slack's own hosts alone."""
        ...

    async def permalink(self, channel: str, ts: str) -> str: ...
    async def publish(self, person: str, view: Json) -> None:
        """Put a view in the place of the person's Home tab."""
        ...

    async def people(self) -> list[Person]: ...
    async def groups(self) -> list[Group]: ...


@dataclass(frozen=True, slots=True)
class Response:
    """An answer from the network; body is cut at the port's limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotSent(OSError):
    """Nothing was sent: refused by the guard, or nobody was reached. Any other OSError leaves it open."""


class Http(Protocol):
    """The network, guarded: allowed hosts only, no redirects, limits on time and size."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Json | None = None,
        timeout: float = 10.0,
        hosts: Sequence[str] = (),
    ) -> Response:
        """hosts: patterns `name`, `name:port`, `*.zone`; the resolved address is checked as well. Raises NotSent, OSError."""
        ...


class TooLarge(Exception):
    """There are more bytes than were allowed; nothing is kept."""


class Copies(Protocol):
    """The copies of files that people shared, by the sha256 of their bytes."""

    async def keep(self, pieces: AsyncIterator[bytes], most: int) -> tuple[str, int]:
        """Store the bytes; (sha256 hex, how many). On the disk when it returns. Raises TooLarge past `most` bytes, OSError, and
        what `pieces` raises; then nothing is kept."""
        ...

    async def age(self, sha: str) -> float | None:
        """Seconds since a copy was stored last, None if there is none."""
        ...

    async def drop(self, sha: str) -> None:
        """Remove a copy; nothing happens if there is none. Raises OSError."""
        ...


class AlertSource(Protocol):
    """An outside system that sends alerts; one file in integrations/alerts/.

    by_body_alone: `parse` reads neither headers nor the clock, so that the same bytes are the same alerts.
    """

    name: str
    TRIED: str
    by_body_alone: bool = False

    def parse(self, body: bytes, headers: Mapping[str, str], received_at: Micros) -> Sequence[Alert]:
        """Alerts of one request. Raises BadInput with the reason."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What an executor shall do: fully resolved, as approved. attempt: its id; spec: the executor's own keys; timeout: s."""

    attempt: str
    executor: str
    spec: Json
    timeout: float
    limits: Json = field(default_factory=dict)


CUT = "[…]"
"""A line of an output that stands for its middle, which was left out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an order stands. state: never_started | running | ended | gone (claimed, dead, no result).

    exit: code or HTTP status; outcome: exited | failed (could not be started) | timed_out | stopped; output: head and tail,
    masked, with `CUT` between; size: bytes in all;
    ok: it ended as it should (exit code 0, an expected status).
    """

    state: str
    outcome: str = ""
    exit: int | None = None
    ended_at: Micros | None = None
    output: str = ""
    size: int = 0
    ok: bool = False


class Executor(Protocol):
    """A way of doing things on machines; one file in runbooks/executors/. All three are safe to repeat."""

    name: str
    TRIED: str

    def keys(self) -> Mapping[str, bool]:
        """Keys of its spec → required?"""
        ...

    async def start(self, order: Order) -> None: ...
    async def poll(self, order: Order) -> Progress: ...
    async def stop(self, order: Order) -> None: ...


class Notifier(Protocol):
    """A way to wake a person; one file in integrations/notify/.

    rings: it makes a noise by itself (a telephone, a pager), as e-mail does not; schemes: of the addresses that it takes.
    """

    name: str
    TRIED: str
    rings: bool
    schemes: tuple[str, ...]

    async def send(self, address: str, text: str, link: str) -> None:
        """Send it once. text: at most 160 characters, the link in it. Raises NotSent (nothing was sent) or OSError (it may have
        been)."""
        ...
