"""The app as its manifest describes it, and which manifests Slack would not take."""

from copy import deepcopy
from typing import Any

import pytest

from bot.workspace.manifest import SlashCommand, read_manifest
from tests.bot.workspace.app import MANIFEST


def test_the_whole() -> None:
    manifest = read_manifest(MANIFEST)
    assert (manifest.name, manifest.bot_name, manifest.interactive, manifest.home) == ("Parrot", "Parrot", True, True)
    assert "chat:write" in manifest.scopes
    assert "message.im" in manifest.events
    assert manifest.commands["/parrot"] == SlashCommand("/parrot", "Says it again", "word", True)
    assert manifest.commands["/plain"].should_escape is False


def test_the_least() -> None:
    least = {"display_information": {"name": "Small"}, "oauth_config": {"scopes": {"bot": []}}}
    manifest = read_manifest(least)
    assert (manifest.bot_name, manifest.commands, manifest.events) == ("Small", {}, frozenset())
    assert not manifest.interactive
    assert not manifest.home


WRONG: list[tuple[tuple[Any, ...], Any, str]] = [
    (
        ("display_information", "name"),
        "x" * 36,
        "must be less than 36 characters [json-pointer:/display_information/name]",
    ),
    (("display_information", "description"), "x" * 141, "less than 141"),
    (("display_information", "background_color"), "red", "must match the pattern"),
    (("features", "bot_user", "display_name"), "x" * 81, "less than 81"),
    (("features", "slash_commands", 0, "command"), "parrot", "must match the pattern"),
    (("features", "slash_commands", 0, "command"), "/" + "x" * 32, "less than 33"),
    (("features", "slash_commands", 0, "usage_hint"), "x" * 1001, "less than 1001"),
    (("features", "slash_commands"), [{"command": "/x", "description": "x"}] * 51, "no more than 50 items"),
    (("features", "shortcuts", 0, "name"), "x" * 25, "less than 25"),
    (("features", "shortcuts", 0, "description"), "x" * 151, "less than 151"),
    (("features", "shortcuts", 0, "callback_id"), "", "more than 0"),
    (("features", "shortcuts"), [{}] * 11, "no more than 10 items"),
    (("features", "colour"), "red", "is not a valid field"),
    (("oauth_config", "scopes", "bot"), ["x"] * 256, "no more than 255 items"),
    (("oauth_config", "scopes", "bot"), ["chat:write"], "/features/slash_commands"),
    (("settings", "event_subscriptions", "bot_events"), ["pin_added", "pin_addled"], "pin_addled is not known here"),
    (
        ("settings", "event_subscriptions", "bot_events"),
        ["pin_added", "message.mpim"],
        "message.mpim is not known here",
    ),
    (
        ("oauth_config", "scopes", "bot"),
        ["commands", "app_mentions:read"],
        "channel_archive needs the scope channels:read",
    ),
    (("settings", "interactivity", "is_enabled"), False, "must be enabled for shortcuts"),
]


@pytest.mark.parametrize(("path", "value", "words"), WRONG)
def test_what_slack_would_not_take(path: tuple[Any, ...], value: Any, words: str) -> None:
    manifest = deepcopy(MANIFEST)
    inner: Any = manifest
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match="Slack would not take this manifest") as refused:
        read_manifest(manifest)
    assert words in str(refused.value)
