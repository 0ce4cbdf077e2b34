"""Which plan fits an incident, why, and why not the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain import matcher
from bot.domain.matcher import Matcher
from bot.domain.plan import Plan
from bot.domain.terms import Severity
from bot.text import Code, Strong, Text, t
from runbooks.catalogue import DEFAULT
from runbooks.experiment import KIND


@dataclass(frozen=True, slots=True)
class Choice:
    """why: matched | default | asked (several fit equally well: people choose among `tied`; plan is None).

    matchers: how many of them hold; reason: for people; others: plan → why not that one.
    """

    plan: Plan | None
    why: str
    matchers: int
    reason: Text
    tied: tuple[Plan, ...] = ()
    others: tuple[tuple[str, Text], ...] = ()


def choose(
    plans: Sequence[Plan], alerts: Iterable[Mapping[str, str]], severity: Severity, named: Sequence[str] = ()
) -> Choice:
    """The plan for an incident. alerts: labels of each of its alerts; named: ids that services.yaml gives the service.

    All matchers of a plan must hold for one alert; the most matchers win, then what services.yaml names; a tie is asked.
    """
    labels = list(alerts)
    fitting: list[Plan] = []
    others: list[tuple[str, Text]] = []
    for plan in plans:
        against = _against(plan, labels, severity, named)
        if against is None:
            fitting.append(plan)
        elif plan.id != DEFAULT:
            others.append((plan.id, against))
    if not fitting:
        return _default(plans, tuple(others))
    most = max(_rank(plan, named) for plan in fitting)
    best = [plan for plan in fitting if _rank(plan, named) == most]
    weaker = [(plan.id, t("It fits, with fewer matchers.")) for plan in fitting if _rank(plan, named) != most]
    if len(best) > 1:
        n = len(best)
        return Choice(None, "asked", most[0], t("{n} plans fit equally well.", n=n), tuple(best), (*others, *weaker))
    plan = best[0]
    return Choice(plan, "matched", most[0], _reason(plan), (), (*others, *weaker))


def _rank(plan: Plan, named: Sequence[str]) -> tuple[int, bool]:
    return len(plan.match), plan.id in named


def _reason(plan: Plan) -> Text:
    if not plan.match:
        return t("services.yaml names it for this service.")
    held = ", ".join(plan.match)
    return t("All of its matchers hold: {held}", held=Code(held))


def _against(plan: Plan, alerts: list[Mapping[str, str]], severity: Severity, named: Sequence[str]) -> Text | None:
    """Why a plan does not fit, None if it does."""
    if plan.id == DEFAULT:
        return t("It is for what nothing else fits.")
    if plan.kind == KIND:
        return t("It is an experiment: people begin it.")
    if plan.severity and severity not in plan.severity:
        return t("It is not for {severity}.", severity=Strong(severity.value))
    if not plan.match:
        return None if plan.id in named else t("It has no matchers, so it is only chosen by name.")
    closest = min((_failing(plan, labels) for labels in alerts), key=len, default=list(plan.match))
    if not closest:
        return None
    return t("{matcher} does not hold.", matcher=Code(closest[0]))


def holds(plan: Plan, labels: Mapping[str, str]) -> bool:
    """Whether an alert is one that the plan is for."""
    return not _failing(plan, labels)


def _failing(plan: Plan, labels: Mapping[str, str]) -> list[str]:
    return [text for text in plan.match if not _parsed(text).holds(labels)]


@lru_cache(maxsize=8192)
def _parsed(text: str) -> Matcher:
    return matcher.parse(text)


def _default(plans: Sequence[Plan], others: tuple[tuple[str, Text], ...]) -> Choice:
    plan = next((plan for plan in plans if plan.id == DEFAULT), None)
    return Choice(plan, "default", 0, t("No plan fits, so these are the first ten minutes."), (), others)
