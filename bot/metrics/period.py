"""The numbers of a period: every measure over the incidents that it is about."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from bot.domain.facts import Facts
from bot.domain.terms import Micros, Severity
from bot.metrics import stats
from bot.metrics.catalogue import DURATIONS, SHARES
from bot.metrics.incident import Targets
from bot.metrics.measures import Duration, Length, Share
from bot.metrics.population import Period, ended, found, still_open
from bot.metrics.summary import Summary
from bot.text import t

NO_TARGETS: Mapping[Severity, Targets] = {}


def over(incidents: Sequence[Facts], period: Period, targets: Mapping[Severity, Targets] = NO_TARGETS) -> list[Summary]:
    """All numbers of a period, counts first. `incidents` may hold more than the period: each measure takes its cohort.

    Durations: incidents whose response ended in the period; counts and shares: those found in it.
    """
    new, over_ = found(incidents, period), ended(incidents, period)
    return [
        _count(new),
        _open(still_open(incidents, period), period),
        *(duration(metric, over_, targets) for metric in DURATIONS),
        *(share(metric, new) for metric in SHARES),
    ]


def duration(metric: Duration, incidents: Sequence[Facts], targets: Mapping[Severity, Targets]) -> Summary:
    """One length of time over a cohort."""
    lengths = [(facts, metric.of(facts)) for facts in incidents]
    used = [(facts, length, length.micros) for facts, length in lengths if length.micros is not None]
    values = [micros for _, _, micros in used]
    judged = [(micros, _target(metric, facts, targets)) for facts, _, micros in used]
    against = [(micros, target) for micros, target in judged if target is not None]
    return Summary(
        metric=metric.id,
        version=metric.version,
        title=metric.title,
        definition=metric.definition,
        lever=metric.lever,
        unit="micros",
        n=len(values),
        eligible=len(incidents),
        value=stats.median(values) if values else None,
        interval=stats.median_interval(values),
        p75=stats.percentile(values, 0.75),
        p90=stats.percentile(values, 0.9),
        mean=fmean(values) if values else None,
        most=max(values, default=None),
        lacks=_lacks(length for _, length in lengths),
        bounded=sum(bool(length.bound) for _, length, _ in used),
        edited=sum(length.edited for _, length, _ in used),
        kept=sum(micros <= target for micros, target in against),
        judged=len(against),
        net=_net(length for _, length, _ in used),
    )


def _net(lengths: Iterable[Length]) -> float | None:
    """The median of the net lengths, if any of them is another one."""
    pairs = [(length.micros, length.net) for length in lengths if length.net is not None]
    differs = any(gross != net for gross, net in pairs)
    return stats.median([net for _, net in pairs]) if differs else None


def _lacks(lengths: Iterable[Length]) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for length in lengths:
        if length.lack == "missing":
            reasons.update(f"missing:{name}" for name in length.which)
        elif length.lack:
            reasons[length.lack] += 1
    return dict(reasons)


def _target(metric: Duration, facts: Facts, targets: Mapping[Severity, Targets]) -> Micros | None:
    return targets.get(facts.severity, {}).get(metric.target)


def share(metric: Share, incidents: Iterable[Facts]) -> Summary:
    """One share over a cohort; cases of which nobody knows are a class of their own."""
    cases = Counter(case for facts in incidents for case in metric.judge(facts))
    k, n = cases[True], cases[True] + cases[False]
    return Summary(
        metric=metric.id,
        version=metric.version,
        title=metric.title,
        definition=metric.definition,
        lever=metric.lever,
        unit="share",
        n=n,
        eligible=n + cases[None],
        value=k / n if n else None,
        interval=stats.wilson(k, n),
        k=k,
        unknown=cases[None],
    )


def _count(incidents: Sequence[Facts]) -> Summary:
    return Summary(
        metric="n.incidents",
        version=1,
        title=t("Incidents"),
        definition=t("Real incidents that were found in the period; declined, cancelled and merged ones are left out."),
        lever=None,
        unit="count",
        n=len(incidents),
        eligible=len(incidents),
        value=float(len(incidents)),
        interval=stats.poisson(len(incidents)),
    )


def _open(incidents: Sequence[Facts], period: Period) -> Summary:
    return Summary(
        metric="n.open",
        version=1,
        title=t("Still open"),
        definition=t("Real incidents that are not resolved; they are in no duration."),
        lever=None,
        unit="count",
        n=len(incidents),
        eligible=len(incidents),
        value=float(len(incidents)),
        oldest=period.end - incidents[0].opened_at if incidents else None,
    )
