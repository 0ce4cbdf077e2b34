"""What sounds as if it changed something cannot stand as a look, which runs unasked."""

import shlex

import pytest

from bot.domain.plan import Does
from runbooks.lint_action import words_of_change


@pytest.mark.parametrize(
    "line",
    [
        "psql -c 'DROP TABLE orders'",
        "psql -c 'Delete from orders'",
        "psql -c 'update orders set paid = true'",
        "redis-cli FLUSHALL",
        "kubectl drain node-1",
        "kubectl cordon node-1",
        "systemctl isolate rescue.target",
        "systemctl RESTART x",
        "/opt/ops/Promote standby",
        "dd if=/dev/zero of=/dev/sda",
        "iptables --flush",
        "patronictl switchover",
        "apt-get install x",
    ],
)
def test_it_changes(line: str) -> None:
    assert words_of_change(Does("run", {"argv": shlex.split(line)}))


@pytest.mark.parametrize(
    "line",
    [
        "psql -c 'SELECT count(*) FROM orders WHERE deleted'",
        "psql -c 'SELECT last_update FROM replication'",
        "redis-cli INFO",
        "kubectl get nodes --format=json",
        "systemctl is-enabled x",
        "systemctl status starting.service",
        "du -xh --max-depth=2",
        "journalctl --since -10m",
    ],
)
def test_it_only_looks(line: str) -> None:
    assert words_of_change(Does("run", {"argv": shlex.split(line)})) == ""
