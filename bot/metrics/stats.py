"""Statistics of small samples, each a closed formula: no chance, no library.

Sources: order-statistic interval of a median (binomial, distribution-free); Wilson 1927; Garwood 1936 (exact Poisson);
Wilson and Hilferty 1931 for large counts. All intervals are two-sided 95 %.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, comb, exp, lgamma, log, sqrt

Z95 = 1.959963984540054
TAIL = 0.025
EXACT_UP_TO = 100
"""Counts above this use Wilson–Hilferty, which is then within a thousandth."""


@dataclass(frozen=True, slots=True)
class Interval95:
    """The true value lies in it in 95 of 100 such samples."""

    low: float
    high: float


def median(values: Sequence[float]) -> float:
    """The middle of a sample that is not empty; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_interval(values: Sequence[float]) -> Interval95 | None:
    """Between which two values of the sample the median lies; None below n = 6, where no such interval exists."""
    ordered, n = sorted(values), len(values)
    below, rank = 0.0, 0
    while rank < n // 2:
        below += comb(n, rank) / 2**n
        if below > TAIL:
            break
        rank += 1
    return Interval95(float(ordered[rank - 1]), float(ordered[n - rank])) if rank else None


def percentile(values: Sequence[float], p: float) -> float | None:
    """The nearest-rank percentile (0 < p < 1); None if the sample is too small to bound it from above at 95 %.

    That needs 1 − pⁿ ≥ 0.95: n ≥ 11 for p75, n ≥ 29 for p90, n ≥ 59 for p95.
    """
    n = len(values)
    if 1 - p**n < 0.95:
        return None
    return float(sorted(values)[ceil(p * n) - 1])


def wilson(k: int, n: int) -> Interval95 | None:
    """The share k/n. None for n = 0."""
    if n == 0:
        return None
    share, z2 = k / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Interval95(0.0 if k == 0 else low, 1.0 if k == n else high)


def poisson(k: int) -> Interval95:
    """The expected number of events where k were counted."""
    if k > EXACT_UP_TO:
        return Interval95(_wilson_hilferty(k, -Z95), _wilson_hilferty(k + 1, Z95))
    low = 0.0 if k == 0 else _solve(lambda rate: 1 - _at_most(k - 1, rate), TAIL, rising=True)
    return Interval95(low, _solve(lambda rate: _at_most(k, rate), TAIL, rising=False))


def _wilson_hilferty(k: int, z: float) -> float:
    return float(k * (1 - 1 / (9 * k) + z / (3 * sqrt(k))) ** 3)


def _at_most(k: int, rate: float) -> float:
    """Probability of at most k events where `rate` are expected."""
    if rate == 0:
        return 1.0
    return sum(exp(i * log(rate) - rate - lgamma(i + 1)) for i in range(k + 1))


def _solve(probability: Callable[[float], float], wanted: float, *, rising: bool) -> float:
    """Where a monotonic probability takes a value, by halving."""
    low, high = 0.0, 2.0 * EXACT_UP_TO
    for _ in range(80):
        middle = (low + high) / 2
        if (probability(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
