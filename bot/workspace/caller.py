"""HTTP mode: the app is called at the addresses of its manifest, with signed requests; what it answers is the ack."""

import asyncio
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.workspace.deliver import ACK_SECONDS, Ack
from bot.workspace.machine import Background, Clock
from bot.workspace.state import State
from bot.workspace.things import Json

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


class Caller:
    """A `Way`. `close()` it at the end.

    Faults: mute: what is sent gets lost · drop_acks: answers are not heard · twice: every event is sent two times.
    """

    def __init__(self, state: State, clock: Clock, background: Background, secret: str) -> None:
        self._state, self._clock, self._background, self._secret = state, clock, background, secret
        self._http: aiohttp.ClientSession | None = None
        self.mute = self.drop_acks = self.twice = False

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        url = self._address(kind, payload)
        if not url:
            return Ack("away")
        body, sort = _body(kind, payload)
        headers = {
            "Content-Type": sort,
            "User-Agent": "Slackbot 1.0",
            **signed(self._secret, body, self._state.seconds()),
        }
        if attempt:
            why = "http_timeout" if reason == "timeout" else reason
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": why}
        if self.twice and kind == "events_api":
            await self._acked(url, body, headers)
        return await self._acked(url, body, headers)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _address(self, kind: str, payload: Json) -> str:
        manifest = self._state.manifest
        if kind == "slash_commands":
            return manifest.commands[payload["command"]].url
        return manifest.events_url if kind == "events_api" else manifest.interactive_url

    async def _acked(self, url: str, body: bytes, headers: Mapping[str, str]) -> Ack:
        """One request; who has not answered in time is hung up on."""
        answered: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        call = self._background.start(self._call(url, body, headers, answered), f"call {url}")
        if await self._clock.wait(answered, ACK_SECONDS):
            return answered.result()
        call.cancel()
        return Ack("timeout")

    async def _call(self, url: str, body: bytes, headers: Mapping[str, str], answered: "asyncio.Future[Ack]") -> None:
        if self.mute:
            return
        ack = await self._post(url, body, headers)
        if not self.drop_acks and not answered.done():
            answered.set_result(ack)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Ack:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        try:
            async with self._http.post(url, data=body, headers=headers, allow_redirects=False) as response:
                text = await response.text()
        except (aiohttp.ClientError, OSError):
            return Ack("away")
        if response.status == 200:
            return Ack("ok", _payload(response.content_type, text))
        return Ack("given up" if response.headers.get("X-Slack-No-Retry") == "1" else "refused")


def signed(secret: str, body: bytes, at: int) -> dict[str, str]:
    """The headers by which the app knows that we sent these bytes. at: Unix seconds."""
    digest = hmac.new(secret.encode(), b"v0:%d:%b" % (at, body), sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), _JSON
    return urlencode({"payload": json.dumps(payload)} if kind == "interactive" else payload).encode(), _FORM


def _payload(sort: str, text: str) -> Json:
    """What an answer says: JSON, or plain words."""
    if sort != _JSON:
        return {"text": text} if text else {}
    said: Any = json.loads(text or "{}")
    return said if isinstance(said, dict) else {}
