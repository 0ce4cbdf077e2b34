"""The table of methods: one function and one row each. The row says what the real Slack asks for and may answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.workspace.arguments import Argument, Arguments, takes
from bot.workspace.errors import COMMON, Refused
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Kind, Message

Scopes = Mapping[str, tuple[str, ...]]
"""Kind of channel (`any`: whatever it is) → the scopes of which one is enough."""

READ: Scopes = {"public": ("channels:read",), "private": ("groups:read",), "dm": ("im:read",)}
HISTORY: Scopes = {"public": ("channels:history",), "private": ("groups:history",), "dm": ("im:history",)}
MANAGE: Scopes = {"public": ("channels:manage",), "private": ("groups:write",), "dm": ("im:write",)}
TOPIC: Scopes = {
    "public": ("channels:manage", "channels:write.topic"),
    "private": ("groups:write", "groups:write.topic"),
    "dm": ("im:write", "im:write.topic"),
}
INVITE: Scopes = {
    "public": ("channels:manage", "channels:write.invites"),
    "private": ("groups:write", "groups:write.invites"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call, given to its method."""

    state: State
    args: Arguments
    row: "Method"

    def need_scope(self, kind: str) -> None:
        """The app has one of the scopes that the row names for this kind of channel."""
        wanted = self.row.scopes.get(kind, self.row.scopes.get("any", ()))
        have = self.state.manifest.scopes
        if wanted and not any(scope in have for scope in wanted):
            raise Refused("missing_scope", needed=",".join(wanted), provided=",".join(have))

    def channel(self, name: str = "channel", by_name: bool = False) -> Channel:
        """The channel that an argument names, if the app may know of it and has the scope for its kind.

        by_name: its name, or a person's id for the DM with that person, will do as well; most methods want the id.
        """
        word = self.args.text(name)
        found = find_channel(self.state, word) if by_name else self.state.channels.get(word)
        if found is None or not self.state.sees(self.state.bot_user, found.id):
            raise Refused("channel_not_found")
        self.need_scope(found.kind)
        return found

    def open_channel(self, member: bool = True, by_name: bool = False) -> Channel:
        """A channel that is not archived, and (`member`) that the app is in."""
        channel = self.channel(by_name=by_name)
        if channel.archived:
            raise Refused("is_archived")
        if member and self.state.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def message(self, channel: Channel, name: str = "ts", refusal: str = "message_not_found") -> Message:
        """A lasting message of the channel."""
        found = self.state.message(channel.id, self.args.text(name))
        if found is None or found.only_for is not None:
            raise Refused(refusal)
        return found


Run = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Method:
    """A row: `scopes`, `tier` (1 to 4; 5: special), `errors` and what it `takes` are Slack's; `caller`: whose token it takes;
    `json`: whether it reads a body of JSON."""

    name: str
    run: Run
    scopes: Scopes
    tier: int
    errors: frozenset[str]
    caller: Literal["bot", "app"]
    takes: Mapping[str, Argument]
    json: bool

    @property
    def all_scopes(self) -> frozenset[str]:
        return frozenset(scope for group in self.scopes.values() for scope in group)

    def may_answer(self, code: str) -> bool:
        return code in self.errors or code in COMMON


METHODS: dict[str, Method] = {}


def method(
    name: str,
    args: str = "",
    *,
    tier: int,
    scopes: Scopes | str = "",
    errors: str = "",
    caller: Literal["bot", "app"] = "bot",
    json: bool = True,
) -> Callable[[Run], Run]:
    """Put a function into the table. args: see `arguments.takes`; scopes as text: one scope whatever the kind of channel."""
    by_kind = ({"any": (scopes,)} if scopes else {}) if isinstance(scopes, str) else scopes

    def add(run: Run) -> Run:
        METHODS[name] = Method(name, run, by_kind, tier, frozenset(errors.split()), caller, takes(args), json)
        return run

    return add


def find_channel(state: State, word: str) -> Channel | None:
    """By id, by name with or without #, or the DM with the person of that id."""
    if word in state.people:
        return state.open_dm(state.bot_user, word)
    return state.channels.get(word) or state.named(word.removeprefix("#"))


def page(items: Sequence[Json], call: Call, default: int = 100, most: int = 999) -> tuple[list[Json], str]:
    """One page of a list, and the cursor of the next (empty: this was the last)."""
    limit = call.args.number("limit", default) or default
    if limit < 1 or limit > most:
        raise Refused("invalid_limit" if call.row.may_answer("invalid_limit") else "invalid_arguments")
    start = _start(call.args.text("cursor"))
    end = start + limit
    return list(items[start:end]), f"next:{end}" if end < len(items) else ""


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    mark, _, number = cursor.partition(":")
    if mark != "next" or not number.isdigit():
        raise Refused("invalid_cursor")
    return int(number)


def with_cursor(cursor: str) -> Json:
    return {"response_metadata": {"next_cursor": cursor}}


KINDS: Mapping[str, Kind] = {"public_channel": "public", "private_channel": "private", "im": "dm"}
"""`types` of the lists → our kinds."""
