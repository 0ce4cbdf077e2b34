"""HTTP mode: Slack calls `POST /slack/events`, for events, commands, clicks and forms alike.

Who calls is proved by Slack's signature over the bytes as they came, by our own clock. What is inside then takes the same way as
what comes by Socket Mode. (Bolt reads bodies itself in HTTP mode, and loses a command in whose text the word "payload"
stands; so they are read here.)
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.request import payload_utils

from bot.domain.terms import MINUTE, SECOND, Micros
from bot.ports import Clock
from bot.slack.edge import MISSHAPEN, NO_DELIVERY
from bot.slack.manifest import EVENTS_PATH
from bot.telemetry import Seldom, count, log
from bot.web import body
from bot.web.answers import answer

LARGEST = 1024 * 1024
"""Bytes of a request; a click brings its whole message along, a form all that was typed."""
SECONDS = 10.0
"""How long Slack may take for a body: it gives up after three itself."""
FRESH: Micros = 5 * MINUTE
"""A signature that is older, or from a later time, may be somebody's who has seen a request go by."""
_MOMENT = re.compile(r"[0-9]{1,12}")
COMPLAIN_EVERY = 60.0
"""Seconds between two lines of the log about requests that Slack did not sign."""
FORGED = "This is not signed by Slack for SLACK_SIGNING_SECRET, or too old."
BOLTS = tuple(
    getattr(payload_utils, f"to_{part}")
    for part in ("event", "message", "command", "options", "action", "step", "view")
)
"""What Bolt itself reads of each request."""
TEXTS = ("command", "text", "user_id", "channel_id", "trigger_id", "response_url", "callback_id", "event_id")
"""What is a text wherever it stands in a request."""
NOT_YET = "Tocsin is not connected with Slack yet."


class Door:
    """Takes what Slack sends as long as it is `open`. secret: SLACK_SIGNING_SECRET, not empty."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret.encode()
        self._clock = clock
        self._app: AsyncApp | None = None
        self._complaints = Seldom(COMPLAIN_EVERY, clock.monotonic)

    def route(self) -> web.RouteDef:
        return web.post(EVENTS_PATH, self.take)

    @contextmanager
    def open(self, app: AsyncApp) -> Iterator[None]:
        """Deliveries come in while the block runs."""
        self._app = app
        try:
            yield
        finally:
            self._app = None

    async def take(self, request: web.Request) -> web.Response:
        """One request of Slack. The answer is its acknowledgement: anything but 200, and Slack sends an event again."""
        raw = await body.whole(request, LARGEST, SECONDS)
        if not self._signed(request.headers, raw):
            self._complain()
            raise web.HTTPUnauthorized(text=FORGED)
        said = read(raw, request.content_type)
        if (
            said.get("type") == "url_verification"
        ):  # when the address is entered at Slack, perhaps before the app is installed
            return answer({"challenge": said.get("challenge")})
        if self._app is None:
            raise web.HTTPServiceUnavailable(text=NOT_YET)
        return _web(await self._app.async_dispatch(_request(said)))

    def _complain(self) -> None:
        """Counted each time; said once a minute: it may be a stranger with time on his hands, or a wrong setting of ours."""
        count("unauthorised", where="SLACK_SIGNING_SECRET")
        if self._complaints.times():
            log("a request was not signed by Slack", level="warning", path=EVENTS_PATH, setting="SLACK_SIGNING_SECRET")

    def _signed(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Whether Slack signed these bytes within five minutes of now, by our clock."""
        at, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not _MOMENT.fullmatch(at) or abs(self._clock.now() - int(at) * SECOND) > FRESH:
            return False
        ours = hmac.new(self._secret, f"v0:{at}:".encode() + raw, "sha256").hexdigest()
        return hmac.compare_digest(f"v0={ours}".encode(), signature.encode(errors="surrogateescape"))


def read(raw: bytes, content_type: str) -> Mapping[str, Any]:
    """What is inside: JSON (events), a form (commands), or JSON in the form's field `payload` (clicks, forms). Raises 400."""
    try:
        if content_type == "application/json":
            said = orjson.loads(raw)
        else:
            fields = dict(parse_qsl(raw.decode(), keep_blank_values=True))
            said = orjson.loads(fields["payload"]) if "payload" in fields else fields
    except ValueError as error:
        raise web.HTTPBadRequest(text="The body cannot be read.") from error
    if not isinstance(said, dict):
        raise web.HTTPBadRequest(text="The body is no JSON object.")
    return said


def _request(said: Mapping[str, Any]) -> AsyncBoltRequest:
    """What Bolt makes of it. Raises 400."""
    try:
        for part in BOLTS:  # it would stumble over them on its way to us
            part(dict(said))
        if not isinstance(said.get("event", {}), dict):
            raise ValueError("an event that is no object")
        if any(not isinstance(said.get(name, ""), str) for name in TEXTS):
            raise ValueError("what is no text")
        return AsyncBoltRequest(body=dict(said), mode="socket_mode")
    except MISSHAPEN as error:
        raise web.HTTPBadRequest(text=NO_DELIVERY.body) from error


def _web(answered: BoltResponse) -> web.Response:
    headers = answered.first_headers()
    return web.Response(status=answered.status, body=answered.body.encode(), headers=headers)
