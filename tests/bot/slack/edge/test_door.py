"""HTTP mode: only what Slack signed just now comes in; everything else hears one answer."""

import gzip
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot import telemetry
from bot.ports import Json
from bot.slack.door import LARGEST, Door
from bot.slack.edge import NO_DELIVERY
from bot.workspace import Workspace
from bot.workspace.caller import signed
from tests.bot.slack.edge.conftest import at_the_door
from tests.bot.slack.edge.flows import Flows, whispered
from tests.fakes import NINE, FakeClock

NOW = NINE // 1_000_000
SIGNATURE, MOMENT = "X-Slack-Signature", "X-Slack-Request-Timestamp"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EVENT = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "emoji_changed"}}).encode()


@pytest.fixture
def way() -> str:
    return "http"


@dataclass
class Caller:
    """Whoever knows the address."""

    url: str
    secret: str

    async def post(
        self, body: bytes, sort: str = JSON, at: int = NOW, secret: str = "", changed: Json | None = None
    ) -> tuple[int, str]:
        """changed: headers that are not what they should be."""
        sent = {"Content-Type": sort, **signed(secret or self.secret, body, at), **(changed or {})}
        async with aiohttp.ClientSession() as http, http.post(self.url, data=io.BytesIO(body), headers=sent) as answer:
            return answer.status, await answer.text()


@pytest.fixture
def caller(ws: Workspace, room: str) -> Caller:
    return Caller(ws.state.manifest.events_url, ws.signing_secret)


@pytest.fixture
async def closed(ws: Workspace, clock: FakeClock) -> AsyncIterator[Caller]:
    """A door behind which nobody is connected yet."""
    async with AsyncExitStack() as stack:
        door = Door(ws.signing_secret, clock)
        yield Caller(await at_the_door(stack, ws, door), ws.signing_secret)


async def test_what_slack_signed_comes_in(caller: Caller) -> None:
    assert await caller.post(EVENT) == (200, "")


FORGED: dict[str, dict[str, Any]] = {
    "another secret": {"secret": "not-the-secret"},
    "no signature": {"changed": {SIGNATURE: ""}},
    "no moment": {"changed": {MOMENT: ""}},
    "too old": {"at": NOW - 301},
    "too new": {"at": NOW + 301},
    "moved to now": {"at": NOW - 3600, "changed": {MOMENT: str(NOW)}},
    "no number": {"changed": {MOMENT: "abc"}},
    "no number of seconds": {"changed": {MOMENT: "1" * 400}},
    "no number at all": {"changed": {MOMENT: "1" * 5000}},
    "odd letters": {"changed": {SIGNATURE: "v0=é"}},
    "another version": {"changed": {SIGNATURE: "v1=" + "0" * 64}},
}


@pytest.mark.parametrize("how", FORGED)
async def test_what_slack_did_not_sign_just_now_stays_outside(caller: Caller, flows: Flows, how: str) -> None:
    """F24: one and the same answer to all of it, and nothing is done; it is counted."""
    before = _counted()
    forged = {"body": EVENT, **FORGED[how]}
    said = await caller.post(forged.pop("body"), **forged)
    assert said == (401, '{"error":"This is not signed by Slack for SLACK_SIGNING_SECRET, or too old."}\n')
    assert (flows.asks, flows.heard) == ([], [])
    assert _counted() == before + 1


def _counted() -> float:
    lines = telemetry.meters().exposition()[0].decode().splitlines()
    found = [line for line in lines if line.startswith('tocsin_unauthorised_total{where="SLACK_SIGNING_SECRET"}')]
    return float(found[0].split()[-1]) if found else 0.0


async def test_a_changed_body_is_not_what_was_signed(caller: Caller, flows: Flows) -> None:
    headers = signed(caller.secret, b"command=/tocsin&text=say+no", NOW)
    status, _ = await caller.post(b"command=/tocsin&text=say+yes", FORM, changed=headers)
    assert (status, flows.asks) == (401, [])


async def test_the_signature_is_of_the_bytes_as_they_came(caller: Caller, flows: Flows) -> None:
    """Slack packs nothing: what is packed is judged as it came, and cannot be read."""
    packed, says = gzip.compress(EVENT), {"Content-Encoding": "gzip"}
    assert (await caller.post(packed, changed={**says, **signed(caller.secret, EVENT, NOW)}))[0] == 401
    assert (await caller.post(packed, changed=says))[0] == 400
    assert flows.heard == []


async def test_five_minutes_either_way_by_our_clock(caller: Caller, clock: FakeClock) -> None:
    assert (await caller.post(EVENT, at=NOW - 300))[0] == (await caller.post(EVENT, at=NOW + 300))[0] == 200
    await clock.forward("1s")
    assert (await caller.post(EVENT, at=NOW - 299))[0] == 200
    assert (await caller.post(EVENT, at=NOW - 300))[0] == 401


async def test_the_address_is_proved_before_anything_else_works(closed: Caller) -> None:
    """Slack asks for the challenge when the address is entered, perhaps before the app has a token."""
    asked = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()
    assert await closed.post(asked) == (200, '{"challenge":"3eZbrw1a"}\n')
    assert (await closed.post(asked, secret="another"))[0] == 401


async def test_nothing_is_taken_before_the_bot_knows_who_it_is(closed: Caller) -> None:
    """Slack sends the event again."""
    assert (await closed.post(EVENT))[0] == 503


@pytest.mark.parametrize(
    ("body", "sort", "status"),
    [
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"\xff\xfe{}", JSON, 400),
        (b"\xff\xfe{}", FORM, 400),
        (b"payload=%7B", FORM, 400),
        (b"payload=[]", FORM, 400),
        (b'{"type":"event_callback","event_id":"\\ud800","event":{}}', JSON, 400),  # half a character
        (b"{}", JSON, 200),
        (b"", FORM, 200),
        (b"ssl_check=1&token=x", FORM, 200),
        (b"x" * (LARGEST + 1), FORM, 413),
    ],
)
async def test_what_cannot_be_read_is_said(caller: Caller, flows: Flows, body: bytes, sort: str, status: int) -> None:
    assert (await caller.post(body, sort))[0] == status
    assert flows.asks == []


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback"},
        {"type": "event_callback", "event": "x"},
        {"type": "event_callback", "event": {}},
        {"type": "event_callback", "event": {"type": "emoji_changed"}},
        {"type": "event_callback", "event_id": "Ev1", "event": {"type": ["message"]}},
        {
            "type": "event_callback",
            "event_id": "Ev1",
            "event": {"type": "message", "user": "U0000000007", "ts": "9" * 20},
        },
        *(
            {"type": "event_callback", "event_id": "Ev1", "event": {"channel": "C1", "ts": "1.1", **event}}
            for event in (
                {"type": "message", "subtype": "message_changed", "message": {}, "previous_message": []},
                {"type": "message", "subtype": "message_deleted", "previous_message": "x"},
                {"type": "member_joined_channel", "user": {}},
                {"type": "reaction_added", "user": "U1", "reaction": "eyes", "item": "x"},
                {"type": "user_change", "user": "U1"},
                {"type": "subteam_updated"},
                {"type": "message", "subtype": ["x"]},
            )
        ),
        {"type": "event_callback", "event_id": ["Ev1"], "event": {"type": "message"}},
        {"type": "event_callback", "event": {"type": "app_mention", "channel": 7, "user": {}}},
        {"type": "event_callback", "event": {"type": "emoji_changed"}, "authorizations": "x"},
        {"type": "block_actions", "user": 5, "team": 7, "channel": 3},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": "x"},
        {"type": "view_submission", "user": {"id": "U1"}, "view": "x"},
        {"type": "view_submission", "user": {"id": "U1"}, "view": None},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"callback_id": "verb:declare"}},
        {"type": "view_closed", "user": {"id": "U1"}, "view": None},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": []},
        {"type": "message_action", "callback_id": "verb:declare"},
        {"command": "/inc", "text": "status"},
        {"command": "/inc", "text": "help", "user_id": "U1", "channel_id": ["C1"], "trigger_id": "1"},
        {
            "command": "/inc",
            "text": "help",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "1",
            "response_url": ["x"],
        },
    ],
    ids=str,
)
async def test_what_has_the_shape_of_no_delivery_is_said(caller: Caller, flows: Flows, body: Json) -> None:
    """Signed or not: whoever sends it reads that it is his, not ours."""
    status, said = await caller.post(json.dumps(body).encode())
    assert (status, NO_DELIVERY.body in said) == (400, True)
    assert flows.asks == []


async def test_any_word_may_stand_in_a_command(ws: Workspace, room: str) -> None:
    """Bolt's own reading takes a form with this word for a click, and loses the command."""
    await ws.person("ana").command("/tocsin say the payload={} is &odd;", room)
    assert whispered(ws, "ana", room) == ["Ana said the payload={} is &odd; in 42."]


async def test_who_runs_it_reads_of_a_wrong_secret_once_a_minute(caller: Caller, clock: FakeClock) -> None:
    out = io.StringIO()
    telemetry.configure("console", "warning", stream=out)
    for wait in ("0s", "59s", "1s"):
        await clock.forward(wait)
        await caller.post(EVENT, secret="another")
    assert out.getvalue().count("not signed by Slack") == 2


async def test_a_request_sent_again_is_the_same_request(ws: Workspace, caller: Caller, room: str, flows: Flows) -> None:
    """Replayed within five minutes, it carries the same id, by which the store knows it."""
    fields = {"command": "/tocsin", "text": "say hello", "user_id": "U1", "channel_id": room, "trigger_id": "1.T.x"}
    assert [(await caller.post(urlencode(fields).encode(), FORM))[0] for _ in range(2)] == [200, 200]
    assert [ask.input for ask in flows.asks] == ["1.T.x", "1.T.x"]
