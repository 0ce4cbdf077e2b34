"""The manifest and the people of the workspace's own tests; they have nothing to do with the bot's."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.methods import METHODS

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Parrot"},
    "features": {
        "bot_user": {"display_name": "Parrot"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/parrot", "description": "Says it again", "usage_hint": "word", "should_escape": True},
            {"command": "/plain", "description": "Says it as typed"},
        ],
        "shortcuts": [
            {"name": "Say again", "type": "message", "callback_id": "again", "description": "Says a message again"},
            {"name": "Sing", "type": "global", "callback_id": "sing", "description": "Sings a song"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "bookmarks:read",
                "bookmarks:write",
                "dnd:read",
                "channels:history",
                "channels:join",
                "channels:manage",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "groups:history",
                "groups:read",
                "groups:write",
                "im:history",
                "im:read",
                "im:write",
                "pins:read",
                "pins:write",
                "reactions:read",
                "reactions:write",
                "usergroups:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "channel_archive",
                "file_shared",
                "member_joined_channel",
                "message.channels",
                "message.groups",
                "message.im",
                "reaction_added",
                "reaction_removed",
                "team_join",
                "user_change",
            ]
        },
    },
}

PEOPLE: list[dict[str, Any]] = [
    {"id": "U0ANA", "name": "ana", "real_name": "Ana Silva", "tz": "Europe/Lisbon"},
    {"id": "U0BEN", "name": "ben", "real_name": "Ben Okafor", "tz": "Africa/Lagos"},
    {"id": "U0LI", "name": "li", "real_name": "Li Wei", "tz": "Asia/Shanghai"},
]


def button(words: str, action_id: str = "press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": words}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def question(label: str, block_id: str, **element: Any) -> dict[str, Any]:
    """An input block with a line of text in it."""
    inner = {"type": "plain_text_input", "action_id": "answer", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": inner}


def modal(*blocks: dict[str, Any], title: str = "Form", **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks), **more}


async def refused(client: AsyncWebClient, method: str, **args: Any) -> Any:
    """The answer to a call that must be refused; sent as JSON where the method reads that, else as a form."""
    row = METHODS.get(method)
    shape: Any = {"json": args} if row is None or row.json else {"data": args}
    with pytest.raises(SlackApiError) as error:
        await client.api_call(method, **shape)
    return error.value.response.data
