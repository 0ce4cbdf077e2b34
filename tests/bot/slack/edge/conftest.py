"""The door, opened in the local workspace, with an incident's channel."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.clock import KeptTasks
from bot.flows.desk import Desk
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.edge import Edge, build_app
from bot.slack.manifest import SCOPES
from bot.slack.replies import Replies
from bot.slack.socket import listening
from bot.workspace import Workspace
from commands import Command
from tests.bot.slack.edge.flows import Counter, Flows, verbs
from tests.bot.slack.samples import INCIDENT
from tests.bot.slack.stage import OneIncident
from tests.fakes import FakeClock


@pytest.fixture
def flows() -> Flows:
    return Flows()


@pytest.fixture
def store() -> OneIncident:
    return OneIncident()


@pytest.fixture
async def edge(
    ws: Workspace, client: SlackClient, chat: SlackChat, clock: FakeClock, flows: Flows, store: OneIncident
) -> AsyncIterator[Edge]:
    tasks = KeptTasks()
    desk = cast(Desk, Counter(store, clock))
    made = Edge(desk, cast(dict[str, Command[Any]], verbs(flows)), flows, chat, Replies(client), tasks)
    me = await client.check(ws.app_token, frozenset(SCOPES))
    async with listening(build_app(made, client.web, me), client, ws.app_token):
        await ws.until(lambda: ws.link.sockets)
        yield made
    await tasks.stop()
    assert tasks.failures == []


@pytest.fixture
async def room(ws: Workspace, chat: SlackChat, edge: Edge, store: OneIncident) -> str:
    made = await chat.create_channel("inc-42-orders-db-down", private=False)
    await chat.invite(made.id, ["U1", "U2"])
    store.incident_now = replace(INCIDENT, channel=made.id)
    return made.id
