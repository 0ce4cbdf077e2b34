"""What runs names its target, and no other machine of the inventory."""

import pytest

from bot.domain.aim import astray

HOSTS = ("gw-1", "gw-2", "gw-2.shop", "Prod-1", "api")


def code(**spec: object) -> str:
    found = astray(spec, "gw-1", HOSTS)
    return f"{found[0]} {found[1].get('host', '')}".strip() if found else ""


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"argv": ["/usr/bin/touch", "gw-1"]}, ""),
        ({"argv": ["/usr/bin/touch", "prod-1", "gw-1"]}, "beside Prod-1"),
        ({"argv": ["/usr/bin/touch", "--on=GW-2", "gw-1"]}, "beside gw-2"),
        ({"argv": ["/usr/bin/touch", "gw-10", "gw-1.shop"]}, ""),
        ({"argv": ["/usr/bin/touch", "gw-1.gw-2"]}, "beside gw-2"),
        ({"argv": ["/usr/bin/touch", "gw-2.shop.", "gw-1"]}, "beside gw-2.shop"),
        ({"argv": ["/opt/api/touch", "gw-1"]}, ""),
        ({"argv": ["/usr/bin/touch", "it"]}, "aimless"),
        ({"argv": ["/opt/gw-1"]}, "aimless"),
        ({"url": "http://ctl/restart/gw-1", "method": "POST"}, ""),
        ({"url": "http://ctl/restart/gw%2D2?for=gw-1"}, "beside gw-2"),
        ({"url": "http://gw-2:80/?for=gw-1"}, "beside gw-2"),
        ({"url": "http://ctl/gw-1", "json": {"hosts": [{"name": "gw-2"}]}}, "beside gw-2"),
        ({"url": "http://ctl/gw-1", "json": {"gw-2": 1}}, "beside gw-2"),
        ({"url": "http://ctl/gw-1", "headers": {"Host": "gw-2"}}, "beside gw-2"),
        ({"call": "api:drain", "with": {"host": "gw-1"}}, ""),
        ({"call": "api:drain", "with": {"host": "gw-1", "to": "gw-2"}}, "beside gw-2"),
        ({"host": "gw-1", "argv": ["/usr/bin/x"]}, ""),
        ({"playbook": "/srv/api/x.yml", "limit": "gw-1", "extra": {"to": "gw-2"}}, "beside gw-2"),
    ],
)
def test_what_it_names(spec: dict[str, object], expected: str) -> None:
    assert code(**spec) == expected


def test_a_target_that_no_inventory_knows_is_left_to_the_strictest_floor() -> None:
    assert astray({"argv": ["/usr/bin/rebuild"]}, "the search index", HOSTS) is None
    assert astray({"argv": ["/usr/bin/rebuild", "gw-2"]}, "the search index", HOSTS) is not None
