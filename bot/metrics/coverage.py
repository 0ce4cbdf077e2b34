"""How much of what there is was drilled: a census and no sample, so without an interval."""

from collections.abc import Collection

from bot.domain.terms import DAY, Micros
from bot.metrics.summary import Summary
from bot.text import Text, t

STALE: Micros = 365 * DAY
"""A drill counts for so long."""
PLANS, SERVICES = "drill.plans", "drill.services"
LEVER = t("Drills that begin by themselves: `drills: schedule:` of policy.yaml.")


def plans(drilled: Collection[bool]) -> Summary:
    """drilled: for each plan, whether it has a drill that counts."""
    says = t("Plans with a drill in the last 365 days that went to its end and was signed; of all that there are.")
    return _share(PLANS, t("Plans that were drilled"), says, drilled)


def services(drilled: Collection[bool]) -> Summary:
    """drilled: for each service that matters, whether it has a drill that counts."""
    says = t("Services with such a drill; of those of tier 1 and 2, and those whose tier nobody has given.")
    return _share(SERVICES, t("Services that were drilled"), says, drilled)


def _share(metric: str, title: Text, definition: Text, cases: Collection[bool]) -> Summary:
    n, k = len(cases), sum(cases)
    value = k / n if n else None
    return Summary(metric, 1, title, definition, LEVER, "share", n, n, value, k=k)
