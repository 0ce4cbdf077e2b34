"""A workspace with three people and a bot of its own making, on a clock that stands still."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Person, Workspace
from tests.bot.workspace.app import MANIFEST, PEOPLE
from tests.bot.workspace.browser import Tabs, browsing
from tests.fakes import FakeClock, FakeIds


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk honours a proxy even for this machine."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def ws(clock: FakeClock) -> AsyncIterator[Workspace]:
    """A workspace with #general, in which everybody is, the bot too."""
    people = [Person(**each) for each in PEOPLE]
    async with Workspace(MANIFEST, people, clock, FakeIds(), control=True) as workspace:
        room = workspace.add_channel("general", "ana", "ben", "li")
        await workspace.person("ana").invite(room.id, workspace.state.bot_user)
        yield workspace


@pytest.fixture
def client(ws: Workspace) -> AsyncWebClient:
    """The SDK's own client, which tries once."""
    client = AsyncWebClient(token=ws.bot_token, base_url=ws.api_url)
    client.retry_handlers = []
    return client


@pytest.fixture
def bolt(ws: Workspace, client: AsyncWebClient) -> AsyncApp:
    """An unchanged Bolt app; nothing tells it that this is not Slack."""
    return AsyncApp(client=client, signing_secret=ws.signing_secret, raise_error_for_unhandled_request=False)


@pytest.fixture
async def connected(ws: Workspace, bolt: AsyncApp) -> AsyncIterator[Any]:
    """The app's socket, open."""
    handler: Any = AsyncSocketModeHandler(bolt, ws.app_token)
    await handler.connect_async()
    await ws.until(lambda: ws.link.sockets)
    yield handler
    await handler.close_async()


@pytest.fixture
async def tab(ws: Workspace) -> AsyncIterator[Tabs]:
    """Opens tabs of a real browser; at the end no console may have an error."""
    async with browsing(ws) as tabs:
        yield tabs
