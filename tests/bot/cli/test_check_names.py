"""`tocsin check`: names that stand in the files and belong to nobody."""

from pathlib import Path

from bot.workspace import Workspace
from tests.bot.cli.test_check import config, found, slack

__all__ = ["slack"]
NAMES = {
    "services": "services:\n- id: orders\n  owner: anna\n  plans: [database-failovr]\n- {id: db, owner: dba}\n",
    "oncall": (
        "schedules:\n- {id: dba, people: [U1]}\nescalations:\n  ordrs: [{call: dba}]\n  default:\n  - {call: dbb}\n"
        "  db: [{call: '@ben'}]\n"
    ),
    "routes": "routes:\n- {service: db}\n- {service: ordrs}\n",
}


async def test_names_that_are_nobodys_are_told_with_their_line(slack: Workspace, place: Path) -> None:
    config(place, **NAMES)
    assert [f.said for f in await found("names")] == [
        "routes.yaml:3: there is no service 'ordrs'; did you mean \"orders\"?",
        "services.yaml:4: orders names the plan 'database-failovr', which is not there; did you mean \"database-failover\"?",
        "services.yaml:3: nobody is behind 'anna'; did you mean \"ana\"?",
        "oncall.yaml:6: nobody is behind 'dbb'; did you mean \"dba\"?",
        "oncall.yaml:4: nothing is called by the levels of 'ordrs'; did you mean \"orders\"?",
    ]


async def test_without_slack_names_of_people_are_not_judged(place: Path) -> None:
    config(place, **NAMES)
    assert [f.said.partition(":")[0] for f in await found("names")] == ["routes.yaml", "services.yaml"]


async def test_drills_that_no_schedule_can_begin_are_told(place: Path) -> None:
    times = "  - {plan: disk-full, cron: '0 9 * * 1'}\n  - {plan: disk-ful, service: ordrs, cron: '0 9 * * 1'}\n"
    config(place, services="services:\n- {id: orders}\n", policy=f"drills:\n  schedule:\n{times}")
    assert [f.said for f in await found("names")] == [
        "policy.yaml:4: a drill of the plan 'disk-ful' is scheduled, which is not there; did you mean \"disk-full\"?",
        "policy.yaml:4: a drill is scheduled for 'ordrs', which is no service; did you mean \"orders\"?",
    ]


async def test_a_floor_that_can_never_hold_is_told(place: Path) -> None:
    """Where nothing is known of such names, nothing is said of them."""
    wrong = ('env="prodution"', 'service=~"gatewya|order"', 'severity="sev9"', 'kind="reel"')
    right = ('env="production"', 'env!="staging"', 'severity=~"sev1|sev2"', 'tier="9"')
    rules = "".join(f"  - {{when: ['{one}'], need: 2}}\n" for one in (*wrong, *right))
    hosts = "  inventory:\n    gateways: {env: production, hosts: [gw-1]}\n"
    config(place, services="services:\n- {id: gateway}\n", policy=f"automation:\n{hosts}  floor:\n{rules}")
    assert [f.said for f in await found("names")] == [
        "policy.yaml:5: this rule of the floor never holds: no env is 'prodution'; did you mean \"production\"?",
        "policy.yaml:6: this rule of the floor never holds: no service is 'gatewya|order'; did you mean \"gateway\"?",
        "policy.yaml:7: this rule of the floor never holds: no severity is 'sev9'; did you mean \"sev4\"?",
        "policy.yaml:8: this rule of the floor never holds: no kind is 'reel'; did you mean \"real\"?",
    ]


GLASS = (
    "groups:\n  owners: [U1, U9]\npermissions:\n  command: [U8]\nautomation:\n"
    "  break_glass: {who: [owners, '@dba', U7], tells: '#bosses'}\n"
)


async def test_nobodys_who_may_override_and_where_nobody_hears_of_it(slack: Workspace, place: Path) -> None:
    config(place, policy=GLASS)
    assert [f.said for f in await found("names")] == [
        "policy.yaml:2: nobody is behind 'U9'",
        "policy.yaml:4: nobody is behind 'U8'",
        "policy.yaml:6: nobody is behind '@dba'",
        "policy.yaml:6: nobody is behind 'U7'",
    ]
    told = "break_glass tells #bosses, which is {}: nobody would hear of an override"
    assert [f.said for f in await found("overrides")] == [told.format("not there")]
    made = slack.add_channel("bosses", "U1")
    assert await found("overrides") == []
    slack.state.channels[made.id].archived = True
    assert [f.said for f in await found("overrides")] == [told.format("archived")]
