"""The alert that a plan is for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.trying import inventory
from bot.domain import matcher
from bot.domain.plan import Param, Plan, Settings
from bot.domain.policy import Automation, Hosts
from bot.errors import BadInput
from runbooks import executors, own_alert
from runbooks.catalogue import load
from runbooks.match import choose

STARTERS = load(None, executors.keys()).plans
PLAN = Plan("a-plan", "A plan", "", "owner", (), "")
SEVERITIES = {"critical": ("sev1", "sev2"), "warning": ("sev3",), "info": ("sev4",)}


@pytest.mark.parametrize("plan", STARTERS, ids=lambda plan: plan.id)
def test_each_plan_of_the_library_is_chosen_for_its_own_alert(plan: Plan) -> None:
    labels = own_alert.labels(plan, inventory(plan))
    severity = plan.severity[0] if plan.severity else "sev3"
    assert severity in SEVERITIES[labels["severity"]]
    if plan.match:
        chosen = choose(STARTERS, [labels], plan.severity[0]).plan
        assert chosen is not None
        assert chosen.id == plan.id


@pytest.mark.parametrize(
    ("match", "label", "value"),
    [
        ('env="production"', "env", "production"),
        ('env=~"staging|dev"', "env", "staging"),
        ('service=~"order-.*"', "service", "order-"),
        ('service=~"order-[a-z]+"', "service", "order-a"),
        (r'disk=~"sd[ab]\\d{1,2}"', "disk", "sda1"),
        ('service=~"(api|web)(-eu)?"', "service", "api"),
        ('zone=~"[^a].x"', "zone", "bax"),
        ('env!="test"', "env", None),
        ('env!=""', "env", "drill"),
        ('env!~".+"', "env", None),
    ],
)
def test_a_label_for_each_sort_of_matcher(match: str, label: str, value: str | None) -> None:
    assert own_alert.labels(replace(PLAN, match=(match,)), Automation()).get(label) == value


@pytest.mark.parametrize("match", [('env="a"', 'env="b"'), ('env=~"a$^b"',)])
def test_what_no_alert_can_meet_is_said(match: tuple[str, ...]) -> None:
    with pytest.raises(own_alert.NoAlert):
        own_alert.labels(replace(PLAN, match=match), Automation())


@given(st.lists(st.sampled_from(["a", "b|c", "[a-c]", "[^x]", r"\\d", ".", "x?", "y+", "(p|q)"]), max_size=5))
def test_what_is_made_is_met(parts: list[str]) -> None:
    text = 'name=~"' + "".join(parts) + '"'
    try:
        labels = own_alert.labels(replace(PLAN, match=(text,)), Automation())
    except (own_alert.NoAlert, BadInput):  # BadInput: too many repeats
        return
    assert matcher.parse(text).holds(labels)


def test_a_host_is_one_that_may_be_touched() -> None:
    """The first of the parameter's own inventory; of those that are asked for, one that is in it."""
    host = Param("host", "host", "label.instance", rest={"allow": "inventory:web"})
    plan = replace(PLAN, settings=Settings(params={"host": host}))
    policy = Automation(inventory=(Hosts("web", "production", ("web-1", "web-2")), Hosts("other", "drill", ("x-1",))))
    assert own_alert.labels(plan, policy)["instance"] == "web-1"
    assert own_alert.labels(plan, policy, ["x-1", "web-2"])["instance"] == "web-2"
    assert "instance" not in own_alert.labels(plan, policy, ["x-1"])
