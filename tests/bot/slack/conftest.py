"""The local workspace with the bot's own manifest, and the bot's client in it."""

from collections.abc import AsyncIterator

import pytest

from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.manifest import manifest
from bot.workspace import Person, Workspace
from tests.bot.slack.stage import Playing
from tests.fakes import FakeClock, FakeIds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def ws(clock: FakeClock) -> AsyncIterator[Workspace]:
    people = [
        Person(id="U1", name="ana", real_name="Ana", tz="Europe/Lisbon"),
        Person(id="U2", name="ben", real_name="Ben", tz="Africa/Lagos"),
        Person(id="U3", name="li", real_name="Li", tz="Asia/Shanghai"),
    ]
    async with Workspace(manifest(), people, clock, FakeIds()) as workspace:
        yield workspace


@pytest.fixture
async def client(ws: Workspace, clock: FakeClock) -> AsyncIterator[SlackClient]:
    slack = SlackClient(ws.bot_token, ws.api_url, clock.monotonic, timeout=2)
    yield slack
    await slack.close()


@pytest.fixture
def chat(client: SlackClient, clock: FakeClock, ws: Workspace) -> SlackChat:
    return SlackChat(client, clock, ws.state.team)


@pytest.fixture
def play(chat: SlackChat, clock: FakeClock) -> Playing:
    return Playing(chat, clock)
