"""What each event of Slack must have to be read. All else in it may be missing (https://docs.slack.dev/reference/events)."""

from collections.abc import Mapping
from typing import Any

MARK = {"user": str, "reaction": str, "item": dict}
EVENTS: Mapping[str, Mapping[str, type]] = {
    "app_mention": {"channel": str, "ts": str},
    "reaction_added": MARK,
    "reaction_removed": MARK,
    "message": {"channel": str},
    "message message_deleted": {"ts": str, "previous_message": dict},
    "message message_changed": {"ts": str, "previous_message": dict, "message": dict},
    "file_deleted": {"file_id": str},
    "member_joined_channel": {"user": str, "channel": str},
    "app_home_opened": {"user": str},
    "user_change": {"user": dict},
    "team_join": {"user": dict},
    "subteam_created": {"subteam": dict},
    "subteam_updated": {"subteam": dict},
}
"""Kind of event, with its subtype → name of a part → what it is."""


def check(body: Mapping[str, Any]) -> None:
    """An event and its id. Raises KeyError and TypeError where Slack delivers no such thing."""
    _has(body, {"event_id": str, "event": dict})
    event = body["event"]
    _has({**event, "subtype": event.get("subtype") or ""}, {"type": str, "subtype": str})
    _has(event, EVENTS.get(event["type"], {}))
    _has(event, EVENTS.get(f"{event['type']} {event.get('subtype')}", {}))


def _has(whole: Mapping[str, Any], parts: Mapping[str, type]) -> None:
    for name, shape in parts.items():
        if not isinstance(whole[name], shape):
            raise TypeError(name)
