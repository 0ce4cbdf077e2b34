"""The morning on which people are asked what nobody asks at night."""

from datetime import UTC, datetime, timedelta

from bot.domain.terms import Micros
from bot.text import zone_of

HOUR_OF_QUESTIONS, HOUR_OF_BRIEF = 10, 8
NIGHT_ENDS = 6
"""What ends before this hour belongs to the night of the day before: its next working day is that same day."""


def last_brief(due: Micros, zone: str) -> Micros:
    """08:00 of the working day before this one: since then something may have happened that was not told yet."""
    day = datetime.fromtimestamp(due / 1_000_000, UTC).astimezone(zone_of(zone)).date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    morning = datetime(day.year, day.month, day.day, HOUR_OF_BRIEF, tzinfo=zone_of(zone))
    return round(morning.timestamp()) * 1_000_000


def next_morning(ended: Micros, zone: str) -> Micros:
    """10:00 of the next working day (Monday to Friday) in a person's zone (UTC if nobody knows it), after something ended."""
    here = datetime.fromtimestamp(ended / 1_000_000, UTC).astimezone(zone_of(zone))
    day = here.date() + timedelta(days=0 if here.hour < NIGHT_ENDS else 1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    morning = datetime(day.year, day.month, day.day, HOUR_OF_QUESTIONS, tzinfo=zone_of(zone))
    return round(morning.timestamp()) * 1_000_000
