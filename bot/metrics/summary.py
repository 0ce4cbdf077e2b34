"""A number over many incidents, with everything that says how far to trust it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.metrics.stats import Interval95
from bot.metrics.words import whole
from bot.text import Span, Text, t, tn

ENOUGH = 0.7
"""Below this share of usable incidents a number is not shown: the times are insufficient."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A metric over a period. unit: micros (value = median) | share (0 … 1) | count.

    n: incidents or cases used; eligible: those that belong to the population; lacks: reason (`missing:started`,
    `order_violation`) → how many were left out for it; bounded: lengths with a taken-over milestone; edited: corrected
    ones; interval: 95 %, of value; p75, p90: None where n is too small; k, unknown: of a share, whose bounds are
    [k/(n+unknown), (k+unknown)/(n+unknown)]; kept of judged: against the target of each incident's severity;
    oldest: age of the oldest open incident in µs (of the metric `n.open`); net: the median net of outages, None where none
    mattered.
    """

    metric: str
    version: int
    title: Text
    definition: Text
    lever: Text | None
    unit: str
    n: int
    eligible: int
    value: float | None = None
    interval: Interval95 | None = None
    p75: float | None = None
    p90: float | None = None
    mean: float | None = None
    most: float | None = None
    k: int = 0
    unknown: int = 0
    lacks: Mapping[str, int] = field(default_factory=dict)
    bounded: int = 0
    edited: int = 0
    kept: int = 0
    judged: int = 0
    oldest: int | None = None
    net: float | None = None

    @property
    def coverage(self) -> float | None:
        """Share of the population that the number rests on, None if there is no population."""
        return self.n / self.eligible if self.eligible else None

    @property
    def enough(self) -> bool:
        coverage = self.coverage
        return coverage is not None and coverage >= ENOUGH

    @property
    def bounds(self) -> Interval95 | None:
        """Of a share: what it could be at least and at most, whatever the unknown cases were."""
        cases = self.n + self.unknown
        return Interval95(self.k / cases, (self.k + self.unknown) / cases) if cases else None

    @property
    def said(self) -> Text | None:
        """The number for people, None if it must not be shown."""
        if self.unit == "count":
            return self._counted()
        if self.value is None or not self.enough:
            return None
        if self.unit != "micros":
            return self._share(self.value)
        said = self._median(self.value)
        return said if self.net is None else t("{said}; net of outages {net}", said=said, net=Span(round(self.net)))

    @property
    def missing(self) -> Text | None:
        """Why there is no number."""
        if self.said is not None:
            return None
        if not self.eligible:
            return t("n = 0")
        return t("insufficient timestamps: {n} of {eligible}", n=self.n, eligible=self.eligible)

    def _counted(self) -> Text:
        if self.oldest is not None:
            return t("{n}, the oldest for {span}", n=self.n, span=Span(self.oldest))
        if self.interval is None:
            return t("{n}", n=self.n)
        low, high = f"{self.interval.low:.1f}", f"{self.interval.high:.1f}"
        return t("{n} (95 % interval {low} to {high})", n=self.n, low=low, high=high)

    def _median(self, value: float) -> Text:
        """The median and, as practice asks for it, the mean beside it; bounds are named as such."""
        said = self._middle(value)
        if not self.bounded:
            return said
        return tn(
            "{said}; one of these is only a bound, as nobody said when it was",
            "{said}; {n} of these are only bounds, as nobody said when they were",
            self.bounded,
            said=said,
        )

    def _middle(self, value: float) -> Text:
        span, mean = Span(round(value)), Span(round(self.mean or value))
        if self.interval is None:
            return t("median {span}, mean {mean} (n = {n}, too few to say how sure)", span=span, mean=mean, n=self.n)
        low, high = Span(round(self.interval.low)), Span(round(self.interval.high))
        sure = t("95 % between {low} and {high}", low=low, high=high)
        return t("median {span}, mean {mean} (n = {n}, {sure})", span=span, mean=mean, n=self.n, sure=sure)

    def _share(self, value: float) -> Text:
        said = t("{share} ({k} of {n})", share=whole(value), k=self.k, n=self.n)
        if self.interval is not None:
            low, high = whole(self.interval.low), whole(self.interval.high)
            said = t("{share}, 95 % between {low} and {high}", share=said, low=low, high=high)
        if self.unknown:
            said = t("{share}; {unknown} not known", share=said, unknown=self.unknown)
        return said
