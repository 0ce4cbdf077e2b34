"""Socket Mode: the connection over which Slack delivers, kept open by Bolt."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.client import LOG, SlackClient


@asynccontextmanager
async def listening(
    app: AsyncApp, client: SlackClient, app_token: str, rest: Callable[[], Awaitable[None]]
) -> AsyncIterator[AsyncSocketModeHandler]:
    """Deliveries come in while the block runs. Call `client.check` first: Bolt tries a bad token for ever.

    rest: waits for what was taken; what comes after that is not acknowledged, so Slack delivers it elsewhere.
    """
    handler = AsyncSocketModeHandler(app, app_token, logger=LOG, web_client=client.web)
    handler.client.proxy = client.web.proxy
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield handler
    finally:
        handler.client.socket_mode_request_listeners.clear()
        await rest()
        await handler.close_async()  # type: ignore[no-untyped-call]
