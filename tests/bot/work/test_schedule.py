"""Cron lines: weekdays as cron counts them, zones with their changes of clock."""

from datetime import UTC, datetime

import pytest

from bot.work.schedule import next_due


def micros(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("cron", "zone", "after", "due"),
    [
        ("0 9 * * *", "UTC", "2033-01-03T08:59:59", "2033-01-03T09:00:00"),
        ("0 9 * * *", "UTC", "2033-01-03T09:00:00", "2033-01-04T09:00:00"),  # never the same moment twice
        ("*/15 * * * *", "UTC", "2033-01-03T09:07:00", "2033-01-03T09:15:00"),
        ("0 9 * * 1", "UTC", "2033-01-04T00:00:00", "2033-01-10T09:00:00"),  # 1 is Monday
        ("0 9 * * 0", "UTC", "2033-01-03T00:00:00", "2033-01-09T09:00:00"),  # 0 is Sunday
        ("0 9 * * 7", "UTC", "2033-01-03T00:00:00", "2033-01-09T09:00:00"),  # so is 7
        ("0 9 * * 1-5", "UTC", "2033-01-07T10:00:00", "2033-01-10T09:00:00"),
        ("0 9 * * fri-sun", "UTC", "2033-01-03T00:00:00", "2033-01-07T09:00:00"),
        ("0 9 * * */3", "UTC", "2033-01-03T00:00:00", "2033-01-05T09:00:00"),  # Sunday, Wednesday, Saturday
        ("0 9 1 * *", "UTC", "2033-01-03T00:00:00", "2033-02-01T09:00:00"),
        ("0 9 * * *", "Europe/Berlin", "2033-01-03T00:00:00", "2033-01-03T08:00:00"),
        ("0 9 * * *", "Europe/Berlin", "2033-07-03T00:00:00", "2033-07-03T07:00:00"),  # summer
        ("30 2 * * *", "Europe/Berlin", "2033-03-26T12:00:00", "2033-03-27T01:30:00"),  # an hour that does not exist
    ],
)
def test_next_due(cron: str, zone: str, after: str, due: str) -> None:
    assert next_due(cron, zone, micros(after)) == micros(due)


def test_a_day_that_never_comes() -> None:
    assert next_due("0 9 30 2 *", "UTC", micros("2033-01-03T00:00:00")) is None


@pytest.mark.parametrize(
    ("cron", "zone", "reason"),
    [
        ("0 9 * *", "UTC", "five fields"),
        ("0 9 1 * 1", "UTC", "not both"),
        ("0 9 * * 8", "UTC", "not a weekday"),
        ("0 9 * * fri-mon", "UTC", "not a range"),
        ("0 9 * * 1/x", "UTC", "not a weekday"),
        ("0 25 * * *", "UTC", "25"),
        ("0 9 * * *", "Atlantis/Capital", "no such time zone"),
        ("0 9 * * *", "../etc", "no such time zone"),
    ],
)
def test_what_cannot_be_read(cron: str, zone: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        next_due(cron, zone, 0)
