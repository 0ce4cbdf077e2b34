"""Who must say yes where it is not sure what is touched: all rules that may apply, in whatever order they stand."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import asking
from bot.domain.matcher import parse
from bot.domain.need import Side, requirement
from bot.domain.plan import ApprovalRule, Need, Settings
from bot.domain.policy import Automation, FloorRule, Mode
from tests.bot.domain.test_need import MANAGED, PRODUCTION, members, with_floors

CALM = Need(1, ("managers",))
HERE = ApprovalRule(('env="production"',), need=1, groups=("owners",))
ELSEWHERE = ApprovalRule(('env="staging"',), need=1, groups=("managers",))


@pytest.mark.parametrize("rules", [(ELSEWHERE, HERE), (HERE, ELSEWHERE), (HERE, replace(ELSEWHERE, need=2))])
@pytest.mark.parametrize(
    "unsure",
    [{"alert_envs": frozenset({""})}, {"alert_envs": frozenset({"staging"})}, {"in_inventory": False}, {"env": ""}],
    ids=["left out", "forged", "no inventory", "nobody says"],
)
def test_who_sends_an_alert_does_not_choose_who_says_yes(rules: tuple[ApprovalRule, ...], unsure: Any) -> None:
    """The rule for where the target really is holds whatever the alert says, and so does each that may."""
    facts = replace(PRODUCTION, **unsure)
    found = requirement(Settings(default=CALM, rules=rules), facts, Automation(), changes=True, mode=Mode.ASK)
    assert not asking.enough(found, {"li"}, members)
    assert not asking.enough(found, {"ana"}, members)
    assert {group for side in found.sides for group in side.groups} == {"managers", "owners"}


def test_in_doubt_no_rule_takes_the_place_of_the_default() -> None:
    """One that asks fewer people than the default would have made it easier."""
    settings = Settings(default=Need(2, ("sre",)), rules=(ApprovalRule(('env="staging"',), need=1, groups=("sre",)),))
    found = requirement(settings, replace(PRODUCTION, in_inventory=False), Automation(), changes=True, mode=Mode.ASK)
    assert (found.need, found.groups) == (2, ("sre",))


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_floors_decides_nothing(turned: bool) -> None:
    floors = (
        FloorRule((parse('env="staging"'),), 1, ("managers",)),
        FloorRule((parse('env="production"'),), 1, ("owners",)),
        FloorRule((parse('kind="drill"'),), 1, ("board",)),
    )
    found = with_floors(
        *(reversed(floors) if turned else floors),
        facts=replace(PRODUCTION, in_inventory=False),
        settings=Settings(default=CALM),
    )
    assert set(found.sides) == {Side(1, ("managers",)), Side(1, ("owners",))}, "it is no drill, that is sure"


def test_in_doubt_what_is_sure_still_rules_out_what_cannot_hold() -> None:
    """Of floors that ask for less than the strictest: one for another service is not asked where the service is known."""
    other = FloorRule((parse('service="payments"'),), 1, ("board",))
    ours = FloorRule((parse('service="api"'),), 2, ("managers",))
    settings = Settings(default=CALM, rules=(ApprovalRule(('severity="sev1"',), need=1, groups=("owners",)), HERE))
    unsure = replace(PRODUCTION, severity_sure=False)
    found = with_floors(other, ours, facts=unsure, settings=settings)
    assert "board" not in found.groups
    assert {"managers", "owners"} <= set(found.groups)


def test_what_the_facts_ask_for_holds_in_doubt_too() -> None:
    """A forged environment does not swap the floor of the real one for another."""
    forged = replace(PRODUCTION, alert_envs=frozenset({"staging"}))
    found = with_floors(MANAGED, FloorRule((parse('tier="1"'),), 3, ("board",)), facts=forged)
    assert found.sides == (
        Side(1, ("sre",)),
        Side(2, ("sre", "owners")),
        Side(1, ("managers",)),
        Side(3, ("board",)),
    )


@pytest.mark.parametrize("asks", ['env="production"', 'tier="1"', 'service="payments"'])
def test_what_may_hold_of_an_unknown_target_holds_beside_the_strictest(asks: str) -> None:
    strictest, may = FloorRule((parse('kind="real"'),), 3, ("managers",)), FloorRule((parse(asks),), 1, ("owners",))
    unknown = replace(PRODUCTION, in_inventory=False, env="")
    assert "owners" in with_floors(strictest, may, facts=unknown, settings=Settings(default=CALM)).groups
    sure = replace(PRODUCTION, env="staging", alert_envs=frozenset({"staging"}))
    assert "owners" not in with_floors(strictest, may, facts=sure, settings=Settings(default=CALM)).groups


def test_what_is_met_with_another_is_not_asked_apart() -> None:
    """Two of the owners are one of the owners or managers."""
    rule = ApprovalRule(('env="production"',), need=2, groups=("owners",))
    settings = Settings(default=Need(1, ("owners", "managers")), rules=(rule,))
    found = requirement(settings, replace(PRODUCTION, env=""), Automation(), changes=True, mode=Mode.ASK)
    assert (found.need, found.groups, found.sides) == (2, ("owners",), ())


def test_the_same_groups_in_another_order_are_asked_once_and_not_never() -> None:
    rule = ApprovalRule(('env="production"',), need=2, groups=("owners", "sre"))
    settings = Settings(default=Need(2, ("sre", "owners")), rules=(rule,))
    found = requirement(settings, replace(PRODUCTION, env=""), Automation(), changes=True, mode=Mode.ASK)
    assert (found.need, set(found.groups), found.sides) == (2, {"sre", "owners"}, ())


SIDES = st.lists(
    st.builds(Side, st.integers(0, 3), st.sampled_from([("a",), ("b",), ("a", "b"), ("b", "a"), ("c", "a"), ()]))
)
WHO = {"a": ("x", "y"), "b": ("y", "z", "w"), "c": ("x",)}


@given(own=st.integers(1, 3), more=SIDES, said=st.sets(st.sampled_from("xyzw")))
def test_whoever_is_enough_is_enough_for_each_of_them(own: int, more: list[Side], said: set[str]) -> None:
    """Whatever is left out as met with another: nobody passes whom a single rule would not let pass."""
    rules = tuple(ApprovalRule(('env="x"',), need=side.need or None, groups=side.groups) for side in more)
    settings = Settings(default=Need(own, ("a",)), rules=rules)
    found = requirement(settings, replace(PRODUCTION, env=""), Automation(), changes=True, mode=Mode.ASK)
    said &= {who for group in found.groups for who in WHO[group]}  # nobody else may say it
    if asking.enough(found, said, lambda group: WHO[group]):
        for side in (Side(own, ("a",)), *(Side(side.need or own, side.groups or ("a",)) for side in more)):
            assert len(said & {who for group in side.groups for who in WHO[group]}) >= side.need


def test_a_floor_without_groups_asks_for_so_many_of_each_group_that_may_hold() -> None:
    """Whoever leaves the environment out would have had them counted among the default's people."""
    floor = Automation(floor=(FloorRule((parse('env="production"'),), 2, ()),))
    settings = Settings(default=CALM, rules=(HERE,))
    found = requirement(settings, replace(PRODUCTION, alert_envs=frozenset({""})), floor, changes=True, mode=Mode.ASK)
    assert Side(2, ("owners",)) in found.sides
