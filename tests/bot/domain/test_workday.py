"""10:00 of the next working day: never at night, never at the weekend, in the person's own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.terms import DAY, SECOND
from bot.domain.workday import next_morning


def at(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("ended", "asked", "zone"),
    [
        ("2033-01-03 04:02", "2033-01-03 10:00", "Europe/Lisbon"),  # the night of a Monday
        ("2033-01-03 09:30", "2033-01-04 10:00", "Europe/Lisbon"),
        ("2033-01-07 17:00", "2033-01-10 10:00", "Asia/Shanghai"),  # a Friday evening
        ("2033-01-08 04:02", "2033-01-10 10:00", "Asia/Shanghai"),  # the night of a Saturday
        ("2033-03-25 20:00", "2033-03-28 10:00", "Europe/Berlin"),  # summer time begins on that Sunday
    ],
)
def test_mornings(ended: str, asked: str, zone: str) -> None:
    assert next_morning(at(ended, zone), zone) == at(asked, zone)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc", "x" * 3_000])
def test_a_zone_that_nobody_knows_is_utc(zone: str) -> None:
    assert next_morning(at("2033-01-03 09:30"), zone) == at("2033-01-04 10:00")


@given(st.integers(0, 4_000_000_000), st.sampled_from(["UTC", "Asia/Shanghai", "America/Los_Angeles"]))
def test_it_is_always_a_working_morning_soon_after(seconds: int, zone: str) -> None:
    ended = seconds * SECOND
    found = next_morning(ended, zone)
    here = datetime.fromtimestamp(found / SECOND, UTC).astimezone(ZoneInfo(zone))
    assert (here.hour, here.minute, here.weekday() < 5) == (10, 0, True)
    assert ended < found < ended + 4 * DAY
