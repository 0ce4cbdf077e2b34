"""What the Web API takes, in which shapes, and what it refuses, in Slack's own codes."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.errors import Refused
from bot.workspace.table import METHODS, Call, Method
from bot.workspace.things import Json
from tests.bot.workspace.app import refused
from tests.fakes import FakeClock

SHAPES: list[dict[str, Any]] = [
    {"params": {"channel": "#general", "blocks": '[{"type": "divider"}]', "reply_broadcast": "1"}},
    {"data": {"channel": "#general", "blocks": '[{"type": "divider"}]', "reply_broadcast": "true"}},
    {"json": {"channel": "#general", "blocks": [{"type": "divider"}], "reply_broadcast": True}},
    {"json": {"channel": "#general", "blocks": '[{"type": "divider"}]'}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=["query", "form", "json", "json with text"])
async def test_arguments_come_in_four_shapes(ws: Workspace, shape: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {ws.bot_token}"}
    async with ClientSession() as http, http.post(f"{ws.api_url}chat.postMessage", headers=headers, **shape) as answer:
        body = await answer.json()
    assert body["ok"], body
    assert body["message"]["blocks"] == [{"type": "divider", "block_id": "block0"}]
    assert body["message"]["bot_id"] == ws.state.bot_id
    assert body["message"]["app_id"] == ws.state.app_id
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(("where", "error"), [("data", None), ("params", "not_authed"), ("json", "not_authed")])
async def test_a_token_may_stand_in_a_form_and_nowhere_else(ws: Workspace, where: str, error: str | None) -> None:
    said: Any = {where: {"token": ws.bot_token}}
    async with ClientSession() as http, http.post(f"{ws.api_url}auth.test", **said) as answer:
        assert (await answer.json()).get("error") == error


async def test_tokens_and_methods(ws: Workspace, client: AsyncWebClient) -> None:
    assert (await refused(client, "chat.dance"))["error"] == "unknown_method"
    cases = [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), (ws.app_token, "not_allowed_token_type")]
    for token, code in cases:
        other = AsyncWebClient(token=token, base_url=ws.api_url)
        assert (await refused(other, "auth.test"))["error"] == code
    assert (await refused(client, "apps.connections.open"))["error"] == "not_allowed_token_type"
    async with ClientSession() as http:
        url, headers = f"{ws.api_url}auth.test", {"Authorization": f"Bearer {ws.bot_token}"}
        bodies = {"[1": "invalid_json", "[1]": "json_not_object"}
        for data, code in bodies.items():
            async with http.post(url, data=data, headers={**headers, "Content-Type": "application/json"}) as answer:
                assert (await answer.json())["error"] == code
        async with http.post(url, data="x", headers={**headers, "Content-Type": "text/plain"}) as answer:
            assert (await answer.json())["error"] == "invalid_post_type"


async def test_a_missing_scope_is_named(ws: Workspace, client: AsyncWebClient) -> None:
    answer = await refused(client, "usergroups.users.list")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: usergroup"]
    ws.state.manifest = replace(ws.state.manifest, scopes=("channels:manage",))
    answer = await refused(client, "chat.postMessage", channel="#general", text="x")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "channels:manage")
    assert (await refused(client, "conversations.create", name="x", is_private=True))["needed"] == "groups:write"
    assert (await refused(client, "users.list"))["needed"] == "users:read"


async def test_a_method_cannot_invent_errors(client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def inventive(call: Call) -> Json:
        raise Refused("not_today")

    monkeypatch.setitem(METHODS, "auth.test", Method("auth.test", inventive, {}, 5, frozenset(), "bot", {}, True))
    with pytest.raises(SlackApiError) as error:
        await client.auth_test()
    assert error.value.response.status_code == 500


async def test_every_call_is_remembered(ws: Workspace, client: AsyncWebClient, clock: FakeClock) -> None:
    ws.fault("chat.postMessage", "500")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="#general", text="x")
    (called,) = ws.calls("chat.postMessage")
    assert (called.args["text"], called.fault, called.ok, called.at) == ("x", "500", False, clock.now())
