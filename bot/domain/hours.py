"""Working hours of a person, in their own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.terms import Micros

FIRST, LAST = 9, 17
"""From this hour on, and before that one, Monday to Friday."""


def zone_of(name: str) -> ZoneInfo:
    """The zone with an IANA name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def working(now: Micros, zone: str) -> bool:
    """Whether a person in this zone works at this moment."""
    local = datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(zone_of(zone))
    return local.weekday() < 5 and FIRST <= local.hour < LAST
