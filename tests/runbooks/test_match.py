from pathlib import Path
from typing import Any

import pytest

from bot.domain.plan import Plan
from bot.domain.terms import Severity
from runbooks import cases
from runbooks.cases import SUFFIX
from runbooks.catalogue import load
from runbooks.match import choose
from runbooks.problem import Report
from tests.runbooks.pages import CORE


def plan(name: str, *match: str, **more: Any) -> Plan:
    return Plan(name, name, "", "team", (), "0" * 64, match=match, **more)


DEFAULT = plan("default")
WIDE = plan("wide", 'alertname="Down"')
NARROW = plan("narrow", 'alertname="Down"', 'env="production"')
RIVAL = plan("rival", 'alertname="Down"', 'team="a"')
SERIOUS = plan("serious", 'alertname="Down"', 'env="production"', 'team="a"', severity=(Severity.SEV1,))
BY_NAME = plan("by-name")
DOWN = {"alertname": "Down", "env": "production", "team": "a"}


@pytest.mark.parametrize(
    ("plans", "labels", "severity", "named", "chosen", "why", "matchers"),
    [
        ([WIDE, NARROW], DOWN, Severity.SEV2, [], "narrow", "matched", 2),
        ([WIDE, NARROW, RIVAL], DOWN, Severity.SEV2, [], "", "asked", 2),
        ([WIDE, NARROW, RIVAL], DOWN, Severity.SEV2, ["rival"], "rival", "matched", 2),
        ([WIDE, NARROW, SERIOUS], DOWN, Severity.SEV2, [], "narrow", "matched", 2),
        ([WIDE, NARROW, SERIOUS], DOWN, Severity.SEV1, [], "serious", "matched", 3),
        ([WIDE], {"alertname": "Up"}, Severity.SEV1, [], "default", "default", 0),
        ([BY_NAME], DOWN, Severity.SEV1, [], "default", "default", 0),
        ([BY_NAME], DOWN, Severity.SEV1, ["by-name"], "by-name", "matched", 0),
        ([BY_NAME, WIDE], DOWN, Severity.SEV1, ["by-name"], "wide", "matched", 1),
    ],
)
def test_choose(
    plans: list[Plan],
    labels: dict[str, str],
    severity: Severity,
    named: list[str],
    chosen: str,
    why: str,
    matchers: int,
) -> None:
    found = choose([DEFAULT, *plans], [labels], severity, named)
    assert ((found.plan.id if found.plan else ""), found.why, found.matchers) == (chosen, why, matchers)
    assert found.reason.msgid
    told = {name for name, _ in found.others}
    assert told | {one.id for one in found.tied} | {chosen} >= {one.id for one in plans}


def test_all_matchers_hold_for_one_alert() -> None:
    apart = [{"alertname": "Down"}, {"env": "production"}]
    assert choose([DEFAULT, NARROW], apart, Severity.SEV2).why == "default"
    assert choose([DEFAULT, NARROW], [*apart, DOWN], Severity.SEV2).why == "matched"


def test_says_why_not_the_others() -> None:
    found = choose([DEFAULT, WIDE, NARROW, SERIOUS], [{"alertname": "Down"}], Severity.SEV2)
    assert {name: text.msgid for name, text in found.others} == {
        "narrow": "{matcher} does not hold.",
        "serious": "It is not for {severity}.",
    }


def test_the_starter_library() -> None:
    plans = load(None, CORE).plans
    failover = choose(plans, [{"alertname": "PostgresPrimaryDown"}], Severity.SEV1)
    assert failover.plan is not None
    assert failover.plan.id == "database-failover"
    hung = choose(plans, [{"alertname": "ServiceHung", "service": "api"}], Severity.SEV3)
    assert hung.plan is not None
    assert hung.plan.id == "restart-hung-service"
    assert choose(plans, [], Severity.SEV1).why == "default"


@pytest.mark.parametrize("plan", [plan for plan in load(None, CORE).plans if plan.match], ids=lambda plan: plan.id)
def test_each_starter_is_chosen_by_the_alert_of_its_tests(plan: Plan) -> None:
    tests = cases.read(Path(plan.path).with_suffix(SUFFIX).read_text("utf-8"), plan, Report("a", 1000))
    starters = load(None, CORE).plans
    for alert in (case.alert for case in tests):
        found = choose(starters, [alert], Severity(alert["severity"]))
        assert (found.plan.id if found.plan else "") == plan.id, alert
