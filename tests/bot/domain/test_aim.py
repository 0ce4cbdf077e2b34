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


MANY = (
    "db-1",
    "db-2",
    "db-2-replica",
    "web",
    "10.0.0.1",
    "10.0.0.2",
    "mq-1.shop",
    "mq-2.shop",
    "mq-2.bank",
    "7",
    "Node_3",
)


@pytest.mark.parametrize(
    ("target", "spec", "expected"),
    [
        # glued: a name with a digit is one machine, also behind or before a hyphen
        ("db-1", {"argv": ["/x", "db-1", "db-2-data"]}, "beside db-2"),
        ("db-1", {"argv": ["/x", "db-1", "backup-db-2"]}, "beside db-2"),
        ("db-1", {"argv": ["/x", "db-1", "backup_db-2_old"]}, "beside db-2"),
        ("db-1", {"argv": ["/x", "db-1", "db-20"]}, ""),
        ("db-1", {"argv": ["/x", "db-1", "xdb-2"]}, ""),
        ("db-1", {"argv": ["/x", "restart-db-1.service"]}, ""),
        ("db-1", {"argv": ["/x", "db-1-replica"]}, ""),
        ("db-2", {"argv": ["/x", "db-2", "db-2-replica"]}, "beside db-2-replica"),
        ("db-2-replica", {"argv": ["/x", "db-2-replica"]}, ""),
        ("db-2-replica", {"argv": ["/x", "old-db-2-replica"]}, ""),
        ("db-1", {"argv": ["/x", "db-1", "node_3"]}, "beside Node_3"),
        ("db-1", {"argv": ["/x", "db-1", "2026-11-7"]}, ""),
        ("db-1", {"argv": ["/x", "db-1", "7"]}, "beside 7"),
        # a name that is a word, too, only where it stands alone
        ("db-1", {"argv": ["/x", "db-1", "web-config"]}, ""),
        ("db-1", {"argv": ["/x", "db-1", "web"]}, "beside web"),
        ("db-1", {"argv": ["/x", "db-1", "web-"]}, "beside web"),
        ("db-1", {"argv": ["/x", "db-1", "my_web"]}, ""),
        # addresses
        ("10.0.0.1", {"url": "http://10.0.0.1:80/"}, ""),
        ("10.0.0.1", {"url": "http://10.0.0.2:80/10.0.0.1"}, "beside 10.0.0.2"),
        ("10.0.0.1", {"url": "http://10.0.0.20/10.0.0.1"}, ""),
        ("10.0.0.1", {"argv": ["/x", "[::ffff:10.0.0.2]", "10.0.0.1"]}, "beside 10.0.0.2"),
        ("10.0.0.1", {"argv": ["/x", "10.0.0.10"]}, "aimless"),
        # the short name of a machine with a long one
        ("mq-1.shop", {"argv": ["/x", "mq-1.shop", "mq-2"]}, "beside mq-2.bank"),
        ("mq-1.shop", {"argv": ["/x", "mq-1.shop", "mq-1"]}, ""),
        ("mq-2.shop", {"argv": ["/x", "mq-2.shop", "mq-2"]}, ""),
        ("mq-2.shop", {"argv": ["/x", "mq-2.shop", "mq-2.bank"]}, "beside mq-2.bank"),
        ("mq-1.shop", {"argv": ["/x", "mq-1.shop", "10"]}, ""),
        # what does it: called after one machine, it is for that one
        ("db-1", {"argv": ["/opt/restart-db-2", "db-1"]}, "beside db-2"),
        ("db-1", {"argv": ["/opt/db-1/restart", "db-1"]}, ""),
        ("db-1", {"argv": ["/opt/web/restart", "db-1"]}, ""),
        ("db-1", {"playbook": "/srv/db-2.yml", "limit": "db-1"}, "beside db-2"),
        ("db-1", {"call": "ops.db_2:drain", "with": {"host": "db-1"}}, ""),
        # the target is a word of its own
        ("db-1", {"argv": ["/x", "db-10"]}, "aimless"),
        ("db-1", {"argv": ["/x", "xdb-1"]}, "aimless"),
        ("web", {"argv": ["/x", "webhook"]}, "aimless"),
    ],
)
def test_names_that_are_glued_short_or_addresses(target: str, spec: dict[str, object], expected: str) -> None:
    found = astray(spec, target, MANY)
    assert (f"{found[0]} {found[1].get('host', '')}".strip() if found else "") == expected


def test_a_target_that_no_inventory_knows_is_left_to_the_strictest_floor() -> None:
    assert astray({"argv": ["/usr/bin/rebuild"]}, "the search index", HOSTS) is None
    assert astray({"argv": ["/usr/bin/rebuild", "gw-2"]}, "the search index", HOSTS) is not None
