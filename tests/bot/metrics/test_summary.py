"""What a summary says of itself."""

from bot.metrics.stats import Interval95
from bot.metrics.summary import Summary
from bot.text import t
from tests.bot.metrics.test_incident import say


def summary(
    unit: str = "micros", n: int = 7, eligible: int = 10, value: float | None = 60e6, k: int = 0, unknown: int = 0
) -> Summary:
    return Summary("t.a__b", 1, t("A"), t("a"), None, unit, n, eligible, value, k=k, unknown=unknown)


def test_seventy_of_a_hundred_are_enough() -> None:
    assert summary().enough
    assert say(summary().said).startswith("median 1 min")
    assert summary().missing is None
    assert not summary(n=6).enough
    assert summary(n=6).said is None
    assert say(summary(n=6).missing) == "insufficient timestamps: 6 of 10"


def test_no_population_is_said_and_is_not_zero() -> None:
    empty = summary(n=0, eligible=0, value=None)
    assert empty.coverage is None
    assert say(empty.missing) == "n = 0"
    assert empty.bounds is None


def test_unknown_cases_bound_a_share() -> None:
    assert summary("share", 8, 10, 0.5, k=4, unknown=2).bounds == Interval95(0.4, 0.6)
    assert say(summary("share", 8, 10, 0.5, k=4, unknown=2).said) == "50\u00a0% (4 of 8); 2 not known"


def test_a_plain_count() -> None:
    assert say(summary("count", 3, 3, 3).said) == "3"
