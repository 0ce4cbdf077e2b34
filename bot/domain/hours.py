"""Working hours of a person, in their own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.terms import Micros

FIRST, LAST = 9, 17
"""From this hour on, and before that one, Monday to Friday."""


def working(now: Micros, zone: str) -> bool:
    """Whether a person in this zone works at this moment. A zone that nobody knows is taken for UTC."""
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        where = ZoneInfo("UTC")
    local = datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(where)
    return local.weekday() < 5 and FIRST <= local.hour < LAST
