"""Whether Slack would take this app manifest: its shape and limits, and the scope that each thing in it needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.workspace.rules import Many, Num, Obj, Problem, Rule, Str, Word, Yes, problems

_URL = Str(3000, like=r"https?://\S+")
_COMMAND = Obj(
    {
        "command": Str(32, 2, like=r"/\S+"),
        "description": Str(2000),
        "usage_hint?": Str(1000),
        "should_escape?": Yes(),
        "url?": _URL,
    }
)
_SHORTCUT = Obj(
    {"name": Str(24), "type": Word(("message", "global")), "callback_id": Str(255), "description": Str(150)}
)
_HOME = Obj({"home_tab_enabled?": Yes(), "messages_tab_enabled?": Yes(), "messages_tab_read_only_enabled?": Yes()})
_SETTINGS: dict[str, Rule] = {
    "event_subscriptions?": Obj({"request_url?": _URL, "bot_events?": Many(Str(), 100)}),
    "interactivity?": Obj({"is_enabled": Yes(), "request_url?": _URL}),
    "org_deploy_enabled?": Yes(),
    "socket_mode_enabled?": Yes(),
    "token_rotation_enabled?": Yes(),
}
MANIFEST = Obj(
    {
        "_metadata?": Obj({"major_version?": Num(1, 2), "minor_version?": Num(0, 9)}),
        "display_information": Obj(
            {
                "name": Str(35),
                "description?": Str(140),
                "long_description?": Str(4000, 175),
                "background_color?": Str(7, like="#([0-9a-fA-F]{3}){1,2}"),
            }
        ),
        "features?": Obj(
            {
                "app_home?": _HOME,
                "bot_user?": Obj({"display_name": Str(80), "always_online?": Yes()}),
                "shortcuts?": Many(_SHORTCUT, 10),
                "slash_commands?": Many(_COMMAND, 50),
            }
        ),
        "oauth_config": Obj({"scopes": Obj({"bot": Many(Str(), 255, 0)})}),
        "settings?": Obj(_SETTINGS),
    }
)
EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""Event that the workspace knows → scopes of which one is enough."""


def manifest_problems(raw: Mapping[str, Any]) -> list[str]:
    """What Slack would not take, each with its JSON pointer; nothing: it would."""
    found = list(problems(MANIFEST, raw, "")) or list(_scopes(raw))
    return [f"{sentence} [json-pointer:{at}]" for at, sentence in found]


def _scopes(raw: Mapping[str, Any]) -> Iterator[Problem]:
    scopes, features, settings = raw["oauth_config"]["scopes"]["bot"], raw.get("features", {}), raw.get("settings", {})
    for name in ("slash_commands", "shortcuts"):
        if features.get(name) and "commands" not in scopes:
            yield f"/features/{name}", "needs the scope commands"
    for event in settings.get("event_subscriptions", {}).get("bot_events", ()):
        needed = EVENT_SCOPES.get(event)
        if needed is None:
            yield "/settings/event_subscriptions/bot_events", f"{event} is not known here"
        elif needed and not set(needed) & set(scopes):
            yield "/settings/event_subscriptions/bot_events", f"{event} needs the scope {' or '.join(needed)}"
    if features.get("shortcuts") and not settings.get("interactivity", {}).get("is_enabled"):
        yield "/settings/interactivity", "must be enabled for shortcuts"
