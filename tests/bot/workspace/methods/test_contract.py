"""What holds of every method: arguments, their shapes, tokens, scopes, limits. The tables say what Slack's reference says."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.gate import PER_MINUTE, SPECIAL, Gate
from bot.workspace.methods import METHODS
from tests.bot.workspace.app import refused

NEEDS = {
    "auth.test": "",
    "apps.connections.open": "",
    "bookmarks.add": "channel_id title type",
    "bookmarks.edit": "channel_id bookmark_id",
    "bookmarks.list": "channel_id",
    "chat.postMessage": "channel",
    "chat.postEphemeral": "channel user",
    "chat.update": "channel ts",
    "chat.delete": "channel ts",
    "chat.getPermalink": "channel message_ts",
    "conversations.archive": "channel",
    "conversations.create": "name",
    "conversations.history": "channel",
    "conversations.info": "channel",
    "conversations.invite": "channel users",
    "conversations.join": "channel",
    "conversations.list": "",
    "conversations.members": "channel",
    "conversations.open": "",
    "conversations.replies": "channel ts",
    "conversations.setPurpose": "channel purpose",
    "conversations.setTopic": "channel topic",
    "dnd.info": "",
    "files.completeUploadExternal": "files",
    "files.getUploadURLExternal": "filename length",
    "files.info": "file",
    "pins.add": "channel",
    "pins.list": "channel",
    "pins.remove": "channel",
    "reactions.add": "channel name timestamp",
    "reactions.remove": "name",
    "usergroups.list": "",
    "usergroups.users.list": "usergroup",
    "users.conversations": "",
    "users.info": "user",
    "users.list": "",
    "views.open": "trigger_id view",
    "views.publish": "user_id view",
    "views.push": "trigger_id view",
    "views.update": "view",
}
"""Method → arguments that must be there."""
NO_JSON = {
    *(
        "chat.getPermalink",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
    ),
    *(
        "files.getUploadURLExternal",
        "files.info",
        "pins.list",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
    ),
    *("users.info", "users.list", "dnd.info"),
}
"""These take their arguments from the address or a form; a body of JSON is passed over."""
TIERS = {
    2: "bookmarks.add bookmarks.edit conversations.archive conversations.create conversations.list conversations.setPurpose "
    "conversations.setTopic pins.add pins.list pins.remove reactions.remove usergroups.list usergroups.users.list users.list",
    3: "apps.connections.open bookmarks.list chat.delete chat.update conversations.history conversations.info "
    "conversations.invite conversations.join conversations.open conversations.replies dnd.info reactions.add users.conversations",
    4: "chat.postEphemeral conversations.members files.completeUploadExternal files.getUploadURLExternal files.info "
    "users.info views.open views.publish views.push views.update",
    5: "auth.test chat.getPermalink chat.postMessage",
}
MINUTE_OF = {2: 20, 3: 50, 4: 100}
SCOPE = {
    "bookmarks.add": "bookmarks:write",
    "bookmarks.edit": "bookmarks:write",
    "bookmarks.list": "bookmarks:read",
    "dnd.info": "dnd:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.info": "channels:read",
    "conversations.join": "channels:join",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "conversations.replies": "channels:history",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "pins.add": "pins:write",
    "pins.list": "pins:read",
    "pins.remove": "pins:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.conversations": "channels:read",
    "users.info": "users:read",
    "users.list": "users:read",
}
"""Method → the scope without which it is refused, for a public channel."""


def filled(ws: Workspace, name: str) -> dict[str, Any]:
    """Arguments that are all there, if nothing more."""
    values = {"channel": ws.channel("general").id, "length": "5", "view": "{}", "files": "[]", "users": "U0ANA"}
    return {each: values.get(each, values["channel"] if "channel" in each else "x") for each in NEEDS[name].split()}


async def send(ws: Workspace, name: str, **shape: Any) -> Any:
    headers = {"Authorization": f"Bearer {ws.app_token if METHODS[name].caller == 'app' else ws.bot_token}"}
    async with ClientSession() as http, http.post(f"{ws.api_url}{name}", headers=headers, **shape) as answer:
        return await answer.json()


def test_the_tables_are_whole() -> None:
    assert set(NEEDS) == set(METHODS)
    assert {name for names in TIERS.values() for name in names.split()} == set(METHODS)


@pytest.mark.parametrize("name", [name for name in NEEDS if NEEDS[name]])
async def test_what_is_missing_is_named(ws: Workspace, name: str) -> None:
    whole = filled(ws, name)
    for each in whole:
        answer = await send(ws, name, data={key: value for key, value in whole.items() if key != each})
        assert answer["error"] == "invalid_arguments"
        assert answer["response_metadata"]["messages"] == [f"[ERROR] missing required field: {each}"]


@pytest.mark.parametrize("name", NEEDS)
async def test_a_slip_of_the_pen_is_told(ws: Workspace, name: str) -> None:
    answer = await send(ws, name, data={**filled(ws, name), "chanel": "x"})
    assert answer["error"] == "invalid_arguments"
    assert "unknown argument" in answer["response_metadata"]["messages"][0]
    assert "json-pointer:/chanel" in answer["response_metadata"]["messages"][0]


@pytest.mark.parametrize("name", [name for name in NEEDS if NEEDS[name]])
async def test_who_reads_json(ws: Workspace, name: str) -> None:
    body = {**filled(ws, name), **({"view": {}} if "view" in NEEDS[name] else {})}
    answer = await send(ws, name, json=body)
    missing = f"[ERROR] missing required field: {NEEDS[name].split()[0]}"
    told = answer.get("response_metadata", {}).get("messages", ())
    assert (missing in told) is (name in NO_JSON)


@pytest.mark.parametrize(
    ("name", "arg", "value", "words"),
    [
        ("chat.postMessage", "channel", 7, "must provide a string"),
        ("chat.postMessage", "text", ["x"], "must provide a string"),
        ("chat.postMessage", "reply_broadcast", "maybe", "must provide a boolean"),
        ("conversations.history", "limit", "many", "must provide a number"),
        ("conversations.history", "limit", True, "must provide a number"),
        ("conversations.invite", "users", ["U0ANA"], "must provide a string with commas"),
    ],
)
async def test_types(ws: Workspace, client: AsyncWebClient, name: str, arg: str, value: Any, words: str) -> None:
    answer = await refused(client, name, **{**filled(ws, name), arg: value})
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {words} [json-pointer:/{arg}]"]


@pytest.mark.parametrize("name", SCOPE)
async def test_scopes(ws: Workspace, name: str) -> None:
    others = tuple(each for each in ws.state.manifest.scopes if each != SCOPE[name])
    ws.state.manifest = replace(ws.state.manifest, scopes=others)
    answer = await send(ws, name, data=filled(ws, name))
    assert answer["error"] == "missing_scope"
    assert SCOPE[name] in answer["needed"].split(",")
    assert answer["provided"] == ",".join(others)


@pytest.mark.parametrize(
    ("name", "args", "scope"),
    [
        ("conversations.create", {"name": "x"}, "channels:manage"),
        ("conversations.create", {"name": "x", "is_private": "1"}, "groups:write"),
        ("conversations.archive", {"channel": "{open}"}, "channels:manage"),
        ("conversations.archive", {"channel": "{closed}"}, "groups:write"),
        ("conversations.setTopic", {"channel": "{open}", "topic": "x"}, "channels:manage"),
        ("conversations.setTopic", {"channel": "{closed}", "topic": "x"}, "groups:write"),
        ("conversations.setPurpose", {"channel": "{closed}", "purpose": "x"}, "groups:write"),
        ("conversations.invite", {"channel": "{closed}", "users": "U0LI"}, "groups:write"),
        ("conversations.history", {"channel": "{closed}"}, "groups:history"),
        ("conversations.info", {"channel": "{closed}"}, "groups:read"),
        ("conversations.list", {"types": "public_channel,private_channel"}, "groups:read"),
        ("conversations.open", {"users": "U0ANA"}, "im:write"),
    ],
)
async def test_scopes_by_the_kind_of_channel(ws: Workspace, name: str, args: dict[str, str], scope: str) -> None:
    bot = ws.state.bot_user
    rooms = {"{open}": ws.channel("general").id, "{closed}": ws.add_channel("closed", "ana", bot, private=True).id}
    ws.state.manifest = replace(
        ws.state.manifest, scopes=tuple(each for each in ws.state.manifest.scopes if each != scope)
    )
    answer = await send(ws, name, data={key: rooms.get(value, value) for key, value in args.items()})
    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"].split(",")


@pytest.mark.parametrize("name", [name for tier in (2, 3, 4) for name in TIERS[tier].split()])
def test_each_method_has_the_limit_of_its_tier(name: str) -> None:
    tier = next(tier for tier, names in TIERS.items() if name in names.split())
    gate = Gate(limits=True)
    waits = [gate.too_many(name, METHODS[name].tier, "", 0) for _ in range(MINUTE_OF[tier] + 1)]
    assert waits == [0] * MINUTE_OF[tier] + [60]


def test_tiers_that_have_a_number_of_their_own() -> None:
    assert PER_MINUTE == {1: 1, **MINUTE_OF}
    assert SPECIAL == {"auth.test": 600, "chat.getPermalink": 600}
    assert {name for name, row in METHODS.items() if row.tier == 5} == {*SPECIAL, "chat.postMessage"}


@pytest.mark.parametrize("name", NEEDS)
async def test_tokens(ws: Workspace, name: str) -> None:
    wrong = ws.bot_token if METHODS[name].caller == "app" else ws.app_token
    for token, code in (("", "not_authed"), ("xoxb-wrong", "invalid_auth"), (wrong, "not_allowed_token_type")):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with ClientSession() as http, http.post(f"{ws.api_url}{name}", headers=headers) as answer:
            assert (await answer.json())["error"] == code
