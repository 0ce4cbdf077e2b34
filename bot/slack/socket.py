"""Socket Mode: the connection over which Slack delivers, kept open by Bolt."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.client import LOG, SlackClient


@asynccontextmanager
async def listening(app: AsyncApp, client: SlackClient, app_token: str) -> AsyncIterator[AsyncSocketModeHandler]:
    """Deliveries come in while the block runs. Call `client.check` first: Bolt tries a bad token for ever."""
    handler = AsyncSocketModeHandler(app, app_token, logger=LOG, web_client=client.web)
    handler.client.proxy = client.web.proxy
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
