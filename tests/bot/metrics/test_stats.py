"""Statistics against published constants."""

import pytest

from bot.metrics.stats import Interval95, median, median_interval, percentile, poisson, wilson


@pytest.mark.parametrize(("values", "middle"), [([3], 3), ([1, 9], 5), ([9, 1, 2], 2), ([4, 1, 2, 3], 2.5)])
def test_the_median(values: list[float], middle: float) -> None:
    assert median(values) == middle


@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)]
)
def test_the_interval_of_the_median_has_its_published_ranks(n: int, low: int, high: int) -> None:
    assert median_interval(range(n, 0, -1)) == Interval95(low, high)


@pytest.mark.parametrize("n", range(6))
def test_below_six_there_is_no_interval_of_the_median(n: int) -> None:
    assert median_interval(range(n)) is None


@pytest.mark.parametrize(("p", "least"), [(0.75, 11), (0.9, 29), (0.95, 59)])
def test_a_percentile_needs_its_numbers(p: float, least: int) -> None:
    assert percentile(range(least - 1), p) is None
    assert percentile(range(1, least + 1), p) is not None


def test_percentiles_are_nearest_ranks() -> None:
    assert percentile(range(1, 101), 0.9) == 90
    assert percentile(range(1, 13), 0.75) == 9


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0, 0.2775),
        (10, 10, 0.7225, 1),
        (1, 2, 0.0945, 0.9055),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_of_a_share(k: int, n: int, low: float, high: float) -> None:
    found = wilson(k, n)
    assert found is not None
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


def test_no_share_of_nothing() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("k", "low", "high"),
    [
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (20, 12.2165, 30.8884),
        (100, 81.3639, 121.6272),
    ],
)
def test_the_exact_interval_of_a_count(k: int, low: float, high: float) -> None:
    found = poisson(k)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-4)


def test_large_counts_go_on_smoothly() -> None:
    exact, near = poisson(100), poisson(101)
    assert 0.9 < near.low - exact.low < 1.1
    assert 0.9 < near.high - exact.high < 1.1
