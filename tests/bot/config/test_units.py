"""Lengths of time and rates."""

import pytest

from bot.config.units import failures, length
from bot.domain.terms import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("30s", 30 * SECOND),
        ("15m", 15 * MINUTE),
        ("10 min", 10 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("2D", 2 * DAY),
        ("0s", 0),
        ("", None),
        ("10", None),
        ("10x", None),
        ("1h later", None),
        ("-5m", None),
    ],
)
def test_length(text: str, micros: int | None) -> None:
    assert length(text) == micros


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("3 failures in 1h", (3, HOUR)),
        ("1 failure within 5m", (1, 5 * MINUTE)),
        ("3 in 1h", None),
        ("3 failures in x", None),
    ],
)
def test_failures(text: str, rate: tuple[int, int] | None) -> None:
    assert failures(text) == rate
