"""Who may, who is called, where something would happen."""

from dataclasses import replace

import pytest

from bot.domain.directory import Directory, is_person
from bot.domain.oncall import Callee, OnCall, Schedule
from bot.domain.organisation import Organisation
from bot.domain.policy import PERMISSIONS, Automation, Hosts, Policy
from bot.domain.service import Service, Services
from bot.domain.terms import COMMANDER, Severity

ANA, BEN, CAT = "U1ANA", "U2BEN", "U3CAT"
DIRECTORY = Directory(groups={"sre": (BEN, CAT)}, names={"cat": CAT})
POLICY = Policy(
    permissions={**PERMISSIONS, "approve": ("dba", "role:commander"), "declare": ("@sre",), "edit_times": (ANA,)},
    groups={"dba": (ANA, "@sre", ANA)},
    automation=Automation(inventory=(Hosts("web", "production", ("web-1",)), Hosts("lab", "dev", ("lab-1", "lab-2")))),
)
ONCALL = OnCall(
    people={"ana": Callee("ana", ANA, notify=("env:ANA",))},
    schedules={"payments": Schedule("payments", (CAT, ANA)), "night": Schedule("night", group="sre")},
)
SERVICES = Services(
    {
        "shop": Service("shop", owner="payments", env="production", depends_on=("orders",)),
        "orders": Service("orders", owner="nobody-known", tier=1, depends_on=("db", "shop")),
        "db": Service("db", depends_on=("orders", "disk")),
    }
)
OURS = Organisation(policy=POLICY, oncall=ONCALL, services=SERVICES)


@pytest.mark.parametrize("permission", [name for name in PERMISSIONS if name != "see_private"])
def test_everybody_may_by_default(permission: str) -> None:
    assert Organisation().may("U9", permission)


def test_who_approves_is_in_the_group_and_has_the_permission() -> None:
    """policy.yaml: `approve: [dba, "role:commander"]`; a rota that is asked has people who are neither."""
    assert OURS.approvers_of("payments", DIRECTORY) == (CAT, ANA)
    gone = replace(DIRECTORY, absent=frozenset({CAT}))
    assert OURS.approvers_of("payments", gone) == (ANA,), "who may do nothing here is not asked"
    assert OURS.approvers_of("payments") == (ANA,), "the Slack group behind dba is not known"
    assert OURS.approvers_of("payments", roles=lambda who: ("commander",) if who == CAT else ()) == (CAT, ANA)


def test_nobody_sees_private_incidents_of_others_by_default() -> None:
    assert not Organisation().may("U9", "see_private")


@pytest.mark.parametrize(
    ("person", "permission", "roles", "may"),
    [
        (ANA, "approve", (), True),
        (BEN, "approve", (), True),
        ("U9", "approve", (), False),
        ("U9", "approve", ("commander",), True),
        ("U9", "approve", ("scribe",), False),
        ("dba", "approve", (), False),
        (BEN, "declare", (), True),
        (ANA, "declare", (), False),
        ("U9", "declare", ("@sre",), False),
        (ANA, "edit_times", (), True),
    ],
)
def test_may(person: str, permission: str, roles: tuple[str, ...], may: bool) -> None:
    assert OURS.may(person, permission, DIRECTORY, roles) is may


def test_an_unknown_permission_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        OURS.may(ANA, "fly")


def test_a_group_that_nobody_has_read_holds_nobody() -> None:
    assert not OURS.may(BEN, "declare")
    assert OURS.policy.handles() == ("sre",)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("@payments", (CAT, ANA)),
        ("payments", (CAT, ANA)),
        ("night", (CAT, BEN)),  # on call first
        ("@sre", (CAT, BEN)),
        ("dba", (ANA, BEN, CAT)),
        ("ana", (ANA,)),
        ("@Cat", (CAT,)),
        (BEN, (BEN,)),
        ("who", ()),
        ("", ()),
    ],
)
def test_people_of(name: str, ids: tuple[str, ...]) -> None:
    assert OURS.people_of(name, DIRECTORY) == ids


def test_who_is_on_call() -> None:
    assert OURS.on_call("shop", DIRECTORY) == (CAT, ANA)
    assert OURS.on_call("orders", DIRECTORY) == ()
    default = Organisation(oncall=OnCall(schedules={"default": Schedule("default", (BEN,))}))
    assert default.on_call("anything") == (BEN,)


def test_how_a_person_is_reached() -> None:
    callee = OURS.oncall.callee(ANA)
    assert callee is not None
    assert callee.notify == ("env:ANA",)
    assert OURS.oncall.callee("U9") is None


@pytest.mark.parametrize(
    ("target", "service", "env"),
    [
        ("web-1", "anything", "production"),
        ("lab-2", "shop", "dev"),
        ("elsewhere", "shop", ""),
        ("", "shop", "production"),
        ("", "unknown", ""),
    ],
)
def test_where_it_would_happen(target: str, service: str, env: str) -> None:
    assert OURS.env_of(target, service) == env


def test_hosts_of_the_inventory() -> None:
    automation = POLICY.automation
    assert automation.hosts("lab") == ("lab-1", "lab-2")
    assert automation.hosts("all") == ("web-1", "lab-1", "lab-2")
    assert automation.hosts("") == automation.hosts("nothing") == ()


def test_causes_go_round_in_no_circle() -> None:
    assert SERVICES.causes("shop") == ("orders", "db", "disk")
    assert SERVICES.causes("unknown") == ()


def test_what_severities_ask_for_by_default() -> None:
    roles = {severity.value: len(Organisation().grade(severity).roles) for severity in Severity}
    assert roles == {"sev1": 3, "sev2": 2, "sev3": 1, "sev4": 1}
    assert all(COMMANDER in Organisation().grade(severity).roles for severity in Severity)


@pytest.mark.parametrize(
    ("name", "looks"), [("U1AB", True), ("W1AB", True), ("U", False), ("u1ab", False), ("T1AB", False), ("U1-B", False)]
)
def test_what_looks_like_a_person(name: str, looks: bool) -> None:
    assert is_person(name) is looks
