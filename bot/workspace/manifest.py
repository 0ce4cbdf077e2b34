"""The app as its manifest describes it: scopes, commands, events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace.manifest_rules import manifest_problems


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One slash command. should_escape: people and channels in its text arrive as ids, else as typed; url: called in HTTP mode."""

    name: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """kind: `message` hangs on a message, `global` is found everywhere."""

    name: str
    kind: Literal["message", "global"]
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What of the app manifest the workspace enforces. socket_mode: else the app is called at its addresses."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: Mapping[str, SlashCommand] = field(default_factory=dict)
    shortcuts: tuple[Shortcut, ...] = ()
    interactive: bool = False
    home: bool = False
    messages_tab: bool = True
    socket_mode: bool = True
    events_url: str = ""
    interactive_url: str = ""


def read_manifest(raw: Mapping[str, Any]) -> Manifest:
    """The manifest from its JSON form. ValueError: Slack would not take it, and why."""
    if found := manifest_problems(raw):
        raise ValueError(f"Slack would not take this manifest: {'; '.join(found)}")
    features, settings = raw.get("features", {}), raw.get("settings", {})
    name = raw["display_information"]["name"]
    events, interactivity = settings.get("event_subscriptions", {}), settings.get("interactivity", {})
    commands = [_command(each) for each in features.get("slash_commands", ())]
    return Manifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        scopes=tuple(raw["oauth_config"]["scopes"]["bot"]),
        events=frozenset(events.get("bot_events", ())),
        commands={command.name: command for command in commands},
        shortcuts=tuple(_shortcut(each) for each in features.get("shortcuts", ())),
        interactive=bool(interactivity.get("is_enabled", False)),
        messages_tab=bool(features.get("app_home", {}).get("messages_tab_enabled", True)),
        home=bool(features.get("app_home", {}).get("home_tab_enabled", False)),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        events_url=events.get("request_url", ""),
        interactive_url=interactivity.get("request_url", ""),
    )


def _command(raw: Mapping[str, Any]) -> SlashCommand:
    return SlashCommand(
        raw["command"],
        raw.get("description", ""),
        raw.get("usage_hint", ""),
        bool(raw.get("should_escape", False)),
        raw.get("url", ""),
    )


def _shortcut(raw: Mapping[str, Any]) -> Shortcut:
    return Shortcut(raw["name"], raw["type"], raw["callback_id"], raw["description"])
