"""Socket Mode frame by frame, without Bolt."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSServerHandshakeError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.link import GO_SECONDS, SOCKET_LIMIT
from tests.fakes import FakeClock


class Phone:
    """Opens sockets as an app does."""

    def __init__(self, ws: Workspace, http: ClientSession) -> None:
        self._ws, self._http = ws, http
        self._sockets: list[ClientWebSocketResponse] = []

    async def address(self) -> str:
        client = AsyncWebClient(base_url=self._ws.api_url)
        return str((await client.apps_connections_open(app_token=self._ws.app_token))["url"])

    async def dial(self, address: str = "") -> tuple[ClientWebSocketResponse, Any]:
        """A socket and its first frame."""
        socket = await self._http.ws_connect(address or await self.address())
        self._sockets.append(socket)
        return socket, await socket.receive_json()


@pytest.fixture
async def phone(ws: Workspace) -> AsyncIterator[Phone]:
    async with ClientSession() as http:
        yield Phone(ws, http)


async def test_a_ticket_is_good_once(ws: Workspace, phone: Phone) -> None:
    address = await phone.address()
    _, hello = await phone.dial(address)
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": ws.state.app_id}
    with pytest.raises(WSServerHandshakeError, match="401"):
        await phone.dial(address)


async def test_ten_sockets_and_no_more(phone: Phone) -> None:
    hellos = [(await phone.dial())[1]["num_connections"] for _ in range(SOCKET_LIMIT)]
    assert hellos == list(range(1, SOCKET_LIMIT + 1))
    _, last = await phone.dial()
    assert last == {"type": "disconnect", "reason": "too_many_websockets"}


async def test_an_event_twice_is_one_event(ws: Workspace, phone: Phone) -> None:
    socket, _ = await phone.dial()
    ws.link.twice = True
    await ws.person("ana").say("general", "hello")
    first, second = await socket.receive_json(), await socket.receive_json()
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"] == second["payload"]
    assert (first["retry_attempt"], first["accepts_response_payload"]) == (0, False)


async def test_who_was_told_to_go_gets_nothing_more(ws: Workspace, clock: FakeClock, phone: Phone) -> None:
    socket, _ = await phone.dial()
    await ws.link.disconnect("warning")
    assert (await socket.receive_json())["reason"] == "warning"
    await ws.person("ana").say("general", "still yours")
    envelope = await socket.receive_json()
    assert envelope["payload"]["event"]["text"] == "still yours"
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await ws.quiet()
    await ws.link.disconnect("refresh_requested")
    assert (await socket.receive_json())["reason"] == "refresh_requested"
    await ws.person("ana").say("general", "not yours")
    await ws.quiet()
    other, _ = await phone.dial()
    await ws.person("ana").say("general", "the other's")
    assert (await other.receive_json())["payload"]["event"]["text"] == "the other's"
    await clock.forward(GO_SECONDS)
    assert (await socket.receive()).data == 1000, "who does not go is put out"
    assert not other.closed
    await ws.link.close()
    async for _ in other:
        """What was not acknowledged comes again."""
    assert other.close_code == 1000
