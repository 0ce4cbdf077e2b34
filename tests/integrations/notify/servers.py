"""What notifiers are tried against: a real HTTP server and a real SMTP server on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Pager:
    """Keeps what it was sent. status: what it answers."""

    status: int = 204
    port: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/ring"

    async def ring(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        self.tokens.append(request.headers.get("Authorization", ""))
        return web.Response(status=self.status)


@asynccontextmanager
async def pager() -> AsyncIterator[Pager]:
    found, app = Pager(), web.Application()
    app.add_routes([web.post("/ring", found.ring)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    try:
        yield found
    finally:
        await runner.cleanup()


@dataclass
class Mail:
    """A mail server without TLS. refuses: it knows no recipient; breaks: it goes away in the middle of a message."""

    refuses: bool = False
    breaks: bool = False
    port: int = 0
    letters: list[str] = field(default_factory=list)
    logins: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(writer, "220 mail.test")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA" and not await self._data(reader, writer):
                break
            if verb == "QUIT":
                await _say(writer, "221 bye")
                break
            if verb != "DATA":
                await _say(writer, self._answer(verb))
        writer.close()

    def _answer(self, verb: str) -> str:
        self.logins += verb == "AUTH"
        if verb == "RCPT" and self.refuses:
            return "550 nobody of that name"
        return {"EHLO": "250-mail.test\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}.get(verb, "250 ok")

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await _say(writer, "354 go on")
        letter = (await reader.readuntil(b"\r\n.\r\n")).decode()
        if self.breaks:
            return False
        self.letters.append(letter)
        await _say(writer, "250 kept")
        return True


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode())
    await writer.drain()


@asynccontextmanager
async def mail(host: str = "127.0.0.1") -> AsyncIterator[Mail]:
    found = Mail()
    server = await asyncio.start_server(found.serve, host, 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found
