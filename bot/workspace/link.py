"""Socket Mode: the app's sockets, the envelopes sent over them, and their acks."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from bot.workspace.deliver import ACK_SECONDS, Ack
from bot.workspace.machine import Background, Clock
from bot.workspace.state import State
from bot.workspace.things import Json

SOCKET_LIMIT = 10
SOCKET_SECONDS = 18_060
GO_SECONDS = 10.0
"""Seconds after which a socket that was told to go is closed, if it has not gone."""
CLOSE_SECONDS = 1.0
"""Real seconds that a socket gets to say good-bye."""


@dataclass(slots=True, eq=False)
class Socket:
    """One connection of the app. leaving: it was told to go, nothing is sent to it any more; sent: payloads so far."""

    wire: web.WebSocketResponse
    leaving: bool = False
    sent: int = 0


class Link:
    """A `Way`. Each payload goes to one of the open sockets, in turn.

    Faults: mute: open but silent, what is sent gets lost · drop_acks: acks are not heard · twice: every event goes out in
    two envelopes.
    """

    def __init__(self, state: State, clock: Clock, background: Background) -> None:
        self._state, self._clock, self._background = state, clock, background
        self.sockets: list[Socket] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self.mute = self.drop_acks = self.twice = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /link?ticket=…"""
        ticket = request.query.get("ticket", "")
        if ticket not in self._state.tickets:
            return web.Response(status=401)
        self._state.tickets.discard(ticket)
        wire = web.WebSocketResponse(timeout=CLOSE_SECONDS)
        await wire.prepare(request)
        if len(self.sockets) >= SOCKET_LIMIT:
            await wire.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await wire.close()
            return wire
        socket = Socket(wire)
        self.sockets.append(socket)
        try:
            await wire.send_json(self._hello())
            self._state.changed("link", "open")
            await self._listen(wire)
        finally:
            self.sockets.remove(socket)
            self._state.changed("link", "closed")
        return wire

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": SOCKET_SECONDS},
            "connection_info": {"app_id": self._state.app_id},
        }

    async def _listen(self, wire: web.WebSocketResponse) -> None:
        async for frame in wire:
            if frame.type is not WSMsgType.TEXT or self.drop_acks:
                continue
            answer: Any = frame.json()
            waiting = self._acks.get(answer.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("payload") or {})

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        again = {"retry_attempt": attempt, "retry_reason": reason} if kind == "events_api" else {}
        envelope = {"type": kind, "payload": payload, "accepts_response_payload": kind != "events_api", **again}
        if self.twice and kind == "events_api":
            await self._post({**envelope, "envelope_id": self._state.ids.new()})
        id = self._state.ids.new()
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[id] = waiting
        try:
            if not await self._post({**envelope, "envelope_id": id}):
                return Ack("away")
            return Ack("ok", waiting.result()) if await self._clock.wait(waiting, ACK_SECONDS) else Ack("timeout")
        finally:
            del self._acks[id]

    async def _post(self, envelope: Json) -> bool:
        """Whether it left the house."""
        able = [socket for socket in self.sockets if not socket.leaving and not socket.wire.closed]
        if not able:
            return False
        if self.mute:
            return True
        self._turn += 1
        socket = able[self._turn % len(able)]
        socket.sent += 1
        try:
            await socket.wire.send_json(envelope)
        except ConnectionError:
            return False
        return True

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to go. warning: it may stay a while; others: nothing more is sent to it, and soon it is closed."""
        for socket in list(self.sockets):
            socket.leaving = reason != "warning"
            await socket.wire.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            if socket.leaving:
                self._background.start(self._put_out(socket), "link: put out")

    async def _put_out(self, socket: Socket) -> None:
        await self._clock.sleep(GO_SECONDS)
        await socket.wire.close()

    async def close(self) -> None:
        """Drop every socket without a word."""
        for socket in list(self.sockets):
            await socket.wire.close()
