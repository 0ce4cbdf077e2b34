"""The manifest asks for what is used, with a reason, and nothing more."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import locale
from bot.slack.manifest import COURTESIES, EVENTS, NEEDED, SCOPES, manifest

SLACK = Path(__file__).parents[3] / "bot" / "slack"

NEEDS = {
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_getPermalink": set(),
    "conversations_create": {"channels:manage", "groups:write"},
    "conversations_setTopic": {"channels:manage", "groups:write"},
    "conversations_setPurpose": {"channels:manage", "groups:write"},
    "conversations_invite": {"channels:manage", "groups:write"},
    "conversations_join": {"channels:join"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
    "conversations_open": {"im:write"},
    "pins_add": {"pins:write"},
    "bookmarks_list": {"bookmarks:read"},
    "bookmarks_add": {"bookmarks:write"},
    "bookmarks_edit": {"bookmarks:write"},
    "dnd_info": {"dnd:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_info": {"files:read"},
    "users_list": {"users:read"},
    "users_info": {"users:read"},
    "usergroups_list": {"usergroups:read"},
    "views_open": set(),
    "views_publish": set(),
    "apps_connections_open": set(),
}
"""Method of the SDK → the scopes it needs (docs.slack.dev)."""
EVENTS_NEED = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "file_deleted": "files:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


def _called() -> set[str]:
    text = "".join(path.read_text() for path in SLACK.glob("*.py"))
    return set(re.findall(r'"([a-z]+(?:_[a-z]+)*_[a-zA-Z]+)"', text)) & NEEDS.keys()


def test_every_scope_is_needed_and_there() -> None:
    assert _called() == NEEDS.keys()
    assert set(EVENTS) == EVENTS_NEED.keys()
    needed = {scope for scopes in NEEDS.values() for scope in scopes} | set(EVENTS_NEED.values()) - {""} | {"commands"}
    assert needed == SCOPES.keys()
    assert all(len(why) > 10 for why in SCOPES.values())
    assert SCOPES.keys() == NEEDED | COURTESIES


@pytest.fixture(params=locale.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    locale.speak(request.param)
    locale.call("/alarm")
    yield request.param
    locale.speak("en")
    locale.call("/tocsin")


def test_the_manifest_keeps_slacks_limits(language: str) -> None:
    made = manifest()
    command = made["features"]["slash_commands"][0]
    assert command["command"] == "/alarm"
    assert len(command["description"]) <= 2_000
    assert len(command["usage_hint"]) <= 1_000
    assert len(made["display_information"]["description"]) <= 140
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in made["features"]["shortcuts"])
    assert json.loads(json.dumps(made)) == made


def test_what_stands_in_slacks_menus_is_in_the_language_of_its_readers(language: str) -> None:
    """Names and descriptions alike; what is typed stays as it is typed."""
    made = manifest()
    [command] = made["features"]["slash_commands"]
    read = [made["display_information"]["description"], command["description"]]
    read += [words for one in made["features"]["shortcuts"] for words in (one["name"], one["description"])]
    foreign = [words for words in read if words.isascii() != (language == "en")]
    assert not foreign
