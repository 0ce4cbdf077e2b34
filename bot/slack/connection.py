"""The connection with Slack: made at start however long it takes, by Socket Mode or over HTTP."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Protocol

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.errors import ChatError, StartError, StoreAway
from bot.flows import directory
from bot.ports import Clock, Ids, Store
from bot.settings import Settings
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.door import Door
from bot.slack.edge import Edge, build_app
from bot.slack.manifest import NEEDED
from bot.slack.socket import listening
from bot.telemetry import log

LOOK = 60.0
"""Seconds between two looks whether Slack's people and groups are to be read again."""
LONGEST_PAUSE = 30.0
"""Seconds at most between two tries to reach Slack."""


class Leave(Protocol):
    """Tells when this process may take part (bot/work/pulse.py)."""

    async def may_work(self) -> None: ...
    async def stands_back(self) -> None: ...


class Connection:
    """known: called after people and groups were read; up: whether it is made; door: where Slack calls in HTTP mode, None in
    Socket Mode."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        store: Store,
        client: SlackClient,
        chat: SlackChat,
        edge: Edge,
        known: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._store = store
        self._client = client
        self._chat = chat
        self._edge = edge
        self._known = known
        secret = settings.slack_signing_secret.get_secret_value()
        self.door = Door(secret, clock) if secret and not settings.socket_mode else None
        self.up = False
        self._socket: AsyncSocketModeHandler | None = None

    async def well(self) -> bool:
        """Whether Slack answered us when it was asked last, and can deliver: the socket is open. Whether it reaches our door
        over HTTP, only Slack knows."""
        delivers = self._socket is None or await self._socket.client.is_connected()
        return self.up and delivers and not self._client.silent

    async def ask(self) -> None:
        """Ask Slack something: nobody else may have anything to ask, and then nobody knows whether it is there."""
        if self.up:
            with suppress(ChatError):
                await self._client.call("auth_test")

    async def open(self, stack: AsyncExitStack) -> None:
        """Check the tokens, fill the directory, let Slack's deliveries in. StartError, ChatError."""
        if what := missing(self._settings):
            raise StartError(f"{what}. docs/slack.md says where to find it.")
        app_token = self._settings.slack_app_token.get_secret_value()
        me = await self._client.check(app_token, NEEDED)
        self._chat.team, self._chat.echo.us = me.team, me.user
        await directory.fill_at_start(self._store, self._chat, self._clock.now())
        await self._known()
        app = build_app(self._edge, self._client.web, me)
        if self.door is not None:
            stack.enter_context(self.door.open(app))
        else:
            self._socket = await stack.enter_async_context(listening(app, self._client, app_token, self._edge.rest))
        self.up = True

    async def keep(self, leave: Leave) -> None:
        """Be connected, however long it takes (a Slack that is away must not keep alerts away), but only while this process
        may work: what Slack delivers goes to another one then."""
        pause = 1.0
        while True:
            await leave.may_work()
            async with AsyncExitStack() as stack:
                stack.callback(self._down)
                asked = await self._opened(stack)
                if asked is None:
                    pause = 1.0
                    await leave.stands_back()
                    continue
            await self._clock.sleep(max(asked, pause * (0.75 + self._ids.jitter() / 4)))
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _opened(self, stack: AsyncExitStack) -> float | None:
        """None: it is. Else after how many seconds Slack wants to be asked again, 0 if it did not say."""
        try:
            await self.open(stack)
        except (StartError, ChatError, StoreAway) as error:
            log("Slack is not connected", level="error", reason=error.for_log())
            found = error if isinstance(error, ChatError) else error.__cause__
            return found.retry_after if isinstance(found, ChatError) else 0.0
        log("Slack is connected", mode="HTTP" if self.door else "Socket Mode")
        return None

    def _down(self) -> None:
        self.up = False

    async def keep_directory(self) -> None:
        """Read people and groups again from time to time, whichever replica is at hand."""
        while True:
            await self._clock.sleep(LOOK)
            try:
                await directory.fill_in_turn(self._store, self._chat, self._clock.now())
                await self._known()
            except (ChatError, StoreAway) as error:
                log("the directory could not be read", level="warning", reason=error.for_log())


def missing(settings: Settings) -> str:
    """The setting without which Slack cannot be reached, in words; "" if none is missing."""
    if not settings.slack_bot_token.get_secret_value():
        return "SLACK_BOT_TOKEN is not set"
    if not settings.socket_mode and not settings.slack_signing_secret.get_secret_value():
        return "SLACK_APP_TOKEN (for Socket Mode) is not set, nor is SLACK_SIGNING_SECRET (for HTTP mode)"
    return ""
