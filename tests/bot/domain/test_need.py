from dataclasses import replace
from typing import Any

import pytest

from bot.domain import asking
from bot.domain.matcher import Matcher, parse
from bot.domain.need import WORDS, Requirement, requirement
from bot.domain.need_facts import Facts
from bot.domain.plan import ApprovalRule, Need, Settings
from bot.domain.policy import Automation, FloorRule, Mode
from bot.domain.terms import MINUTE, Severity

PLAN = Settings(
    default=Need(1, ("sre",)),
    rules=(
        ApprovalRule(('env="staging"',), auto=True),
        ApprovalRule(('env="production"', 'severity=~"sev3|sev4"'), auto=True),
        ApprovalRule(('env="production"', 'severity="sev1"'), need=2, groups=("sre", "owners")),
    ),
)
STAGING = Facts(Severity.SEV3, "api", 2, "staging", "real", True, frozenset({"staging"}))
PRODUCTION = replace(STAGING, env="production", alert_envs=frozenset({"production"}))
FLOOR = Automation(
    floor=(
        FloorRule((parse('env="production"'),), 1, (), frozenset({Severity.SEV3, Severity.SEV4}), 5),
        FloorRule((parse('env="staging"'),), 1, (), frozenset(Severity), 0),
        FloorRule((parse('tier="1"'),), 3, ("board",)),
    )
)


def asked(facts: Facts, automation: Automation = FLOOR, **how: Any) -> tuple[int, tuple[str, ...], str]:
    told = {"changes": True, "mode": Mode.AUTO, **how}
    found = requirement(PLAN, facts, automation, **told)
    return found.need, found.groups, found.code


@pytest.mark.parametrize(
    ("facts", "how", "expected"),
    [
        (STAGING, {}, (0, (), "auto")),
        (STAGING, {"mode": Mode.ASK}, (1, ("sre",), "mode")),
        (STAGING, {"storm": True}, (1, ("sre",), "storm")),
        (STAGING, {"changes": False}, (0, (), "reads")),
        (PRODUCTION, {}, (1, ("sre",), "untried")),
        (PRODUCTION, {"verified_runs": 4}, (1, ("sre",), "untried")),
        (PRODUCTION, {"verified_runs": 5}, (0, (), "auto")),
        (replace(PRODUCTION, severity=Severity.SEV2), {"verified_runs": 9}, (1, ("sre",), "plan")),
        (replace(PRODUCTION, severity=Severity.SEV1), {}, (2, ("sre", "owners"), "plan")),
        (replace(PRODUCTION, tier=1, severity=Severity.SEV2), {}, (3, ("sre", "board"), "floor")),
        (replace(STAGING, tier=1), {}, (3, ("sre", "board"), "floor")),
        (replace(STAGING, in_inventory=False), {}, (3, ("sre", "board", "owners"), "no_inventory")),
        (replace(STAGING, env=""), {}, (3, ("sre", "board", "owners"), "env_unknown")),
        (replace(STAGING, alert_envs=frozenset({""})), {}, (3, ("sre", "board", "owners"), "env_missing")),
        (
            replace(STAGING, alert_envs=frozenset({"staging", "dev"})),
            {},
            (3, ("sre", "board", "owners"), "env_differs"),
        ),
        (
            replace(PRODUCTION, alert_envs=frozenset({"staging"})),
            {"verified_runs": 9},
            (3, ("sre", "board", "owners"), "env_differs"),
        ),
        (replace(STAGING, alert_envs=frozenset()), {}, (0, (), "auto")),
        (replace(STAGING, service_sure=False), {}, (3, ("sre", "board", "owners"), "service_unknown")),
        (replace(STAGING, severity_sure=False), {}, (3, ("sre", "board", "owners"), "severity_unknown")),
        (replace(STAGING, tier=None), {}, (3, ("sre", "board", "owners"), "tier_unknown")),
    ],
)
def test_plan_and_floor_together(facts: Facts, how: dict[str, Any], expected: tuple[int, tuple[str, ...], str]) -> None:
    assert asked(facts, **how) == expected
    assert expected[2] in WORDS or expected[2] in {"auto", "reads", "plan"}


def test_what_no_rule_asks_for_is_not_in_doubt() -> None:
    unsure = replace(STAGING, service_sure=False, severity_sure=False)
    one = Automation(floor=(FloorRule((parse('env="staging"'),), 1, (), frozenset(Severity), 0),))
    asks_no_severity = replace(PLAN, rules=(ApprovalRule(('env="staging"',), need=2),))
    found = requirement(asks_no_severity, unsure, one, changes=True, mode=Mode.ASK)
    assert (found.need, found.code) == (2, "plan")


def test_of_several_floors_the_one_that_asks_for_most_proof_holds() -> None:
    lax = FloorRule((parse('service="api"'),), 1, (), frozenset(Severity), 2)
    both = replace(FLOOR, floor=(*FLOOR.floor, lax))
    assert asked(PRODUCTION, both, verified_runs=4) == (1, ("sre",), "untried")
    assert asked(PRODUCTION, both, verified_runs=5) == (0, (), "auto")


def test_labels_of_an_alert_change_nothing() -> None:
    forged = replace(PRODUCTION, labels={"env": "staging", "severity": "sev4", "tier": "9"})
    assert asked(forged) == asked(PRODUCTION)


def test_without_a_policy_one_person_is_asked() -> None:
    assert asked(STAGING, Automation(), mode=Mode.ASK) == (1, ("sre",), "mode")
    assert asked(STAGING, Automation(), mode=Mode.AUTO) == (1, ("sre",), "floor")


def test_without_knowledge_the_strictest_rule_of_the_plan_holds_too() -> None:
    unknown = replace(STAGING, in_inventory=False)
    assert asked(unknown, Automation()) == (2, ("sre", "owners"), "no_inventory")


def test_a_floor_never_makes_it_easier() -> None:
    easy = Automation(floor=(FloorRule((parse('env="production"'),), 1, (), frozenset(Severity), 0),))
    assert asked(replace(PRODUCTION, severity=Severity.SEV1), easy)[0] == 2


MANAGED = FloorRule((parse('env="production"'),), 1, ("managers",))
BOARD = FloorRule((parse('tier="2"'),), 2, ("board",))
PEOPLE = {"sre": ("ana", "ben"), "managers": ("li",), "board": ("li", "mo"), "owners": ("ana",)}


def members(group: str) -> tuple[str, ...]:
    return PEOPLE.get(group, ())


def with_floors(*floors: FloorRule, settings: Settings = PLAN, facts: Facts = PRODUCTION) -> Requirement:
    calm = replace(facts, severity=Severity.SEV2)
    return requirement(settings, calm, Automation(floor=floors), changes=True, mode=Mode.ASK)


@pytest.mark.parametrize(
    ("floors", "least", "said", "missing"),
    [
        ((MANAGED,), 2, {"li"}, {"sre"}),
        ((MANAGED,), 2, {"ana"}, {"managers"}),
        ((MANAGED,), 2, {"ana", "ben"}, {"managers"}),
        ((MANAGED,), 2, {"ana", "li"}, set()),
        ((MANAGED, BOARD), 3, {"ana", "li"}, {"board"}),
        ((MANAGED, BOARD), 3, {"ana", "li", "mo"}, set()),
    ],
)
def test_a_floor_takes_nobody_of_the_plan_away(
    floors: tuple[FloorRule, ...], least: int, said: set[str], missing: set[str]
) -> None:
    """All who are named must be content: the plan's people, and those of every floor."""
    found = with_floors(*floors)
    assert found.code == "floor"
    assert {group for side in asking.missing(found, said, members) for group in side.groups} == missing
    assert asking.enough(found, said, members) is not bool(missing)
    assert asking.least(found, members) >= least - 1
    assert set(asking.first_asked(found, members, ())[0]) >= {"ana", "li"}


def test_who_is_in_both_counts_for_both() -> None:
    owner = FloorRule((parse('env="production"'),), 1, ("owners",))
    assert asking.enough(with_floors(owner), {"ana"}, members)
    assert not asking.enough(with_floors(owner), {"ben"}, members)


def test_a_floor_with_the_plans_own_groups_is_one_side() -> None:
    same = FloorRule((parse('env="production"'),), 2, ("sre",))
    assert (with_floors(same).need, with_floors(same).sides) == (2, ())


LABELLED = ApprovalRule(('label.x="1"',), need=1, groups=("owners",))


@pytest.mark.parametrize(
    ("rules", "labels", "expected"),
    [
        ((LABELLED,), {"x": "2"}, (2, ("sre",))),
        ((LABELLED,), {"x": "1"}, (2, ("sre", "owners"))),  # one more who must be content, and nobody less
        ((LABELLED,), {"y": "1"}, (2, ("sre", "owners"))),
        ((replace(LABELLED, need=3, groups=("sre",)),), {"x": "1"}, (3, ("sre",))),
        ((LABELLED, ApprovalRule(('severity="sev2"',), need=4)), {"x": "1"}, (4, ("sre", "owners"))),
        ((LABELLED, ApprovalRule(('severity="sev2"',), auto=True)), {"x": "1"}, (2, ("sre", "owners"))),
    ],
)
def test_a_label_only_asks_for_more(
    rules: tuple[ApprovalRule, ...], labels: dict[str, str], expected: tuple[int, tuple[str, ...]]
) -> None:
    settings = Settings(default=Need(2, ("sre",)), rules=rules)
    open_ = Automation(floor=(FloorRule((parse('env="production"'),), 1, (), frozenset(Severity), 0),))
    facts = replace(PRODUCTION, severity=Severity.SEV2, labels=labels)
    found = requirement(settings, facts, open_, changes=True, mode=Mode.AUTO)
    assert (found.need, found.groups) == expected


CRITICAL = FloorRule((parse('env="production"'), parse('label.criticality="high"')), 3, ("board",))


@pytest.mark.parametrize(
    ("labels", "when", "expected"),
    [
        ({"criticality": "high"}, CRITICAL.when, (3, "floor")),
        ({"criticality": "low"}, CRITICAL.when, (1, "plan")),
        ({}, CRITICAL.when, (3, "label_missing")),
        ({"criticality": ""}, CRITICAL.when, (3, "label_missing")),
        ({"criticality": "high" * 129}, CRITICAL.when, (3, "label_missing")),  # too long for any pattern
        ({"team": "x"}, (parse('label.criticality!~"low|none"'),), (3, "label_missing")),
        ({"criticality": "none"}, (parse('label.criticality!~"low|none"'),), (1, "plan")),
        ({}, (parse('env="staging"'), parse('label.criticality="high"')), (1, "plan")),  # a fact lifts it
        ({"criticality": "high"}, (*CRITICAL.when, parse('label.site="a"')), (3, "label_missing")),
        ({"criticality": "low"}, (*CRITICAL.when, parse('label.site="a"')), (1, "plan")),
    ],
)
def test_a_label_that_is_left_out_lifts_no_floor(
    labels: dict[str, str], when: tuple[Matcher, ...], expected: tuple[int, str]
) -> None:
    found = with_floors(replace(CRITICAL, when=when), facts=replace(PRODUCTION, labels=labels))
    assert (found.need, found.code) == expected


def test_a_label_that_is_left_out_lets_nothing_run_alone() -> None:
    """The floor that lets it run, and beside it one about a label, which never lets anything run."""
    let = FloorRule((parse('env="staging"'),), 1, (), frozenset(Severity), 0)
    labelled = FloorRule((parse('label.criticality="high"'),), 1)
    both = Automation(floor=(let, labelled))
    assert asked(STAGING, both) == (1, ("sre",), "label_missing")
    assert asked(replace(STAGING, labels={"criticality": "high"}), both) == (1, ("sre",), "floor")
    assert asked(replace(STAGING, labels={"criticality": "low"}), both) == (0, (), "auto")


def test_what_a_person_typed_never_runs_alone() -> None:
    assert asked(replace(STAGING, typed=True)) == (1, ("sre",), "typed")


@pytest.mark.parametrize(
    ("plan", "floors", "forbid"),
    [
        (("starter",), (), ("starter",)),
        ((), (), ("starter",)),
        ((), (MANAGED,), ("starter",)),
        ((), (replace(MANAGED, forbid=()),), ()),
        ((), (replace(MANAGED, forbid=()), BOARD), ("starter",)),
        (("starter",), (replace(MANAGED, forbid=()),), ("starter",)),
    ],
)
def test_who_asked_says_yes_only_where_the_operator_lets_them(
    plan: tuple[str, ...], floors: tuple[FloorRule, ...], forbid: tuple[str, ...]
) -> None:
    settings = Settings(default=Need(1, ("sre",), plan))
    assert with_floors(*floors, settings=settings).forbid == forbid


def test_how_long_a_question_waits_is_the_plans_word() -> None:
    settings = Settings(default=Need(1, ("sre",), expires=7 * MINUTE, then_after=2 * MINUTE))
    found = with_floors(MANAGED, settings=settings)
    assert (found.expires, found.then_after) == (7 * MINUTE, 2 * MINUTE)
