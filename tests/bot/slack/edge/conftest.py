"""The door, opened in the local workspace by each of its two ways, with an incident's channel."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, cast

import pytest
from aiohttp import web

from bot.clock import KeptTasks
from bot.flows.desk import Desk
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.door import Door
from bot.slack.edge import Edge, build_app
from bot.slack.manifest import SCOPES, manifest
from bot.slack.replies import Replies
from bot.slack.socket import listening
from bot.web.parts import PARTS, Parts
from bot.web.server import said_in_words, serve
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


@pytest.fixture(params=["socket", "http"])
def way(request: pytest.FixtureRequest) -> str:
    """How Slack reaches us."""
    return str(request.param)


@pytest.fixture
def tasks() -> KeptTasks:
    return KeptTasks()


@pytest.fixture
async def edge(
    ws: Workspace,
    client: SlackClient,
    chat: SlackChat,
    clock: FakeClock,
    tasks: KeptTasks,
    flows: Flows,
    store: OneIncident,
    way: str,
) -> AsyncIterator[Edge]:
    desk = cast(Desk, Counter(store, clock))
    made = Edge(desk, cast(dict[str, Command[Any]], verbs(flows)), flows, chat, Replies(client), tasks)
    me = await client.check(ws.app_token if way == "socket" else "", frozenset(SCOPES))
    chat.echo.us = me.user
    app = build_app(made, client.web, me)
    async with AsyncExitStack() as stack:
        if way == "socket":
            await stack.enter_async_context(listening(app, client, ws.app_token, made.rest))
            await ws.until(lambda: ws.link.sockets)
        else:
            door = Door(ws.signing_secret, clock)
            stack.enter_context(door.open(app))
            await at_the_door(stack, ws, door)
        yield made
    await tasks.stop()
    assert tasks.failures == []


class AtWork:
    """As much of the parts as the middleware asks."""

    def back(self) -> None:
        """It does not stand back."""


async def at_the_door(stack: AsyncExitStack, ws: Workspace, door: Door) -> str:
    """From now on the workspace calls there; the address."""
    server = web.Application(middlewares=[said_in_words])
    server[PARTS] = cast(Parts, AtWork())
    server.add_routes([door.route()])
    url = f"http://127.0.0.1:{await stack.enter_async_context(serve(server, '127.0.0.1', 0))}"
    ws.install(manifest(url=url))
    return f"{url}/slack/events"


@pytest.fixture
async def room(ws: Workspace, chat: SlackChat, edge: Edge, store: OneIncident) -> str:
    made = await chat.create_channel("inc-42-orders-db-down", private=False)
    await chat.invite(made.id, ["U1", "U2"])
    store.incident_now = replace(INCIDENT, channel=made.id)
    return made.id
