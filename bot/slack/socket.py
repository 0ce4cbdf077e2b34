"""Socket Mode: the connection over which Slack delivers, kept open by Bolt."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.slack.client import LOG, SlackClient

PING = 10.0
"""Seconds between two looks of the SDK whether its socket is open; a closed one is opened anew then."""


class Socket(SocketModeClient):
    """The SDK's socket, which does not stay where nothing comes any more.

    Slack renews sockets from time to time: it asks for a new one, and sends nothing to the old one from then on. If there is no new
    one to be had, the SDK would sit on the old one and not ask again until Slack closes it.
    """

    async def issue_new_wss_url(self) -> str:
        """Where the next socket is opened. If nobody says, the old one is closed: then the SDK goes on asking, and all see that
        nothing is delivered. Raises whatever the SDK raises, AttributeError for an answer that is no JSON among it."""
        url = ""
        try:
            url = await super().issue_new_wss_url()
        finally:
            if not url:
                await self.disconnect()  # type: ignore[no-untyped-call]
        return url


class Handler(AsyncSocketModeHandler):
    """Bolt's, with our socket. Its own constructor would open another one."""

    def __init__(self, app: AsyncApp, app_token: str, client: SlackClient, ping: float) -> None:
        self.app, self.app_token = app, app_token
        self.client = Socket(app_token, LOG, client.web, proxy=client.web.proxy, ping_interval=ping)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]


@asynccontextmanager
async def listening(
    app: AsyncApp, client: SlackClient, app_token: str, rest: Callable[[], Awaitable[None]], ping: float = PING
) -> AsyncIterator[AsyncSocketModeHandler]:
    """Deliveries come in while the block runs. Call `client.check` first: Bolt tries a bad token for ever.

    rest: waits for what was taken; what comes after that is not acknowledged, so Slack delivers it elsewhere.
    """
    handler = Handler(app, app_token, client, ping)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield handler
    finally:
        handler.client.socket_mode_request_listeners.clear()
        await rest()
        await handler.close_async()  # type: ignore[no-untyped-call]
