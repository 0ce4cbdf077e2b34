"""The app as its manifest describes it: scopes, commands, events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One slash command. should_escape: people and channels in its text arrive as ids, else as typed."""

    name: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What of the app manifest the workspace enforces."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: Mapping[str, SlashCommand] = field(default_factory=dict)
    interactive: bool = False
    home: bool = False


def read_manifest(raw: Mapping[str, Any]) -> Manifest:
    """The manifest from its JSON form. Unknown keys are left to Slack's own validation."""
    features, settings = raw.get("features", {}), raw.get("settings", {})
    name = raw["display_information"]["name"]
    commands = [
        SlashCommand(
            each["command"],
            each.get("description", ""),
            each.get("usage_hint", ""),
            bool(each.get("should_escape", False)),
        )
        for each in features.get("slash_commands", ())
    ]
    return Manifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        scopes=tuple(raw["oauth_config"]["scopes"]["bot"]),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands={command.name: command for command in commands},
        interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        home=bool(features.get("app_home", {}).get("home_tab_enabled", False)),
    )
