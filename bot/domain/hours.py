"""Working hours of a person, in their own time zone."""

from datetime import UTC, datetime

from bot.domain.terms import Micros
from bot.text import zone_of

FIRST, LAST = 9, 17
"""From this hour on, and before that one, Monday to Friday."""


def working(now: Micros, zone: str) -> bool:
    """Whether a person in this zone works at this moment."""
    local = datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(zone_of(zone))
    return local.weekday() < 5 and FIRST <= local.hour < LAST
