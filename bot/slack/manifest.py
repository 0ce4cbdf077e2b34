"""The app's manifest: everything that Tocsin asks of a workspace, with the reason for each scope."""

from typing import Any

from bot import locale
from bot.text import PlainShow, Text, render, t

SCOPES: dict[str, str] = {
    "app_mentions:read": "commands as `@Tocsin verb`, where Slack allows no slash command",
    "bookmarks:read": "find the bookmark of the bridge again after a crash",
    "bookmarks:write": "put the bridge into the bar of an incident's channel, and change it there",
    "channels:history": "find our own message again after a crash; read a message that was pinned to the timeline;"
    " keep a transcript where that is wanted",
    "channels:join": "write into an announcement channel that was there before",
    "channels:manage": "make an incident's channel, set its topic and purpose, invite responders",
    "channels:read": "find a channel by its name; offer the summary to who joins an incident's channel",
    "chat:write": "write cards, lines, direct messages",
    "commands": "the slash command",
    "dnd:read": "ring at once by other means for who is in do-not-disturb, where Slack shows nothing",
    "files:read": "keep a copy of the files that people share in an incident's channel, as evidence",
    "files:write": "put the draft of the review into the channel",
    "groups:history": "the same in private incidents",
    "groups:read": "the same in private incidents",
    "groups:write": "the same in private incidents",
    "im:history": "commands in a direct message",
    "im:write": "ask somebody to come, to take a role, to approve",
    "pins:write": "keep the card at the top",
    "reactions:read": "put a message with a pin on the timeline",
    "usergroups:read": "know who may approve, who is on call",
    "users:read": "names, time zones, and who is no longer here",
}
"""Scope of the bot token → what for."""

COURTESIES = frozenset({"bookmarks:read", "bookmarks:write", "dnd:read"})
"""Without these Tocsin works all the same: an update of it does not wait until somebody has installed the app again."""
NEEDED = frozenset(SCOPES) - COURTESIES

EVENTS = (
    "app_home_opened",
    "app_mention",
    "file_deleted",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "subteam_created",
    "subteam_updated",
    "team_join",
    "user_change",
)

SHORTCUTS = {
    "declare": (
        t("Declare an incident"),
        t("Open an incident from this message; it is the first entry of its timeline"),
    ),
    "note": (
        t("Add to timeline"),
        t("Put this message on the timeline of an incident, at its own time"),
    ),
    "seen": (
        t("Add as a report"),
        t("Somebody sees an incident: a customer, the business, a colleague, a partner"),
    ),
}
"""Verb → its shortcut in the menu of a message: name (≤ 24 characters) and description."""

EVENTS_PATH = "/slack/events"
"""Where Slack calls in HTTP mode."""

DESCRIPTION = t("Calls people together when something is down, walks the plan with them, and measures what happened.")
"""≤ 140 characters."""
COMMAND = t("Incidents: declare, tick a step, approve, tell how it stands")


def manifest(url: str = "") -> dict[str, Any]:
    """The app's manifest, in the language that is spoken and with the root command that is called. url: where Slack can reach
    Tocsin (HTTP mode), "" for Socket Mode."""
    at = f"{url.rstrip('/').removesuffix(EVENTS_PATH)}{EVENTS_PATH}" if url else ""
    requests = {"request_url": at} if at else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": "Tocsin", "description": _said(DESCRIPTION), "background_color": "#7a1f1f"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Tocsin", "always_online": True},
            "shortcuts": [_shortcut(verb) for verb in SHORTCUTS],
            "slash_commands": [
                {
                    "command": locale.root(),
                    "description": _said(COMMAND),
                    "usage_hint": "help | declare <title> [sev2] [service] | done | update <text>",
                    "should_escape": True,
                    **({"url": at} if at else {}),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **requests},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(verb: str) -> dict[str, str]:
    name, description = SHORTCUTS[verb]
    return {
        "name": _said(name),
        "type": "message",
        "callback_id": f"verb:{verb}",
        "description": _said(description),
    }


def _said(text: Text) -> str:
    return render(text, PlainShow())
