"""What is tried again: a table."""

from typing import Any

import pytest

from bot.domain.plan import Action, Check, Does
from bot.domain.run_state import Attempt
from bot.domain.walk_action import tries_again

DOES = Does("run", {"argv": ["/usr/bin/restart"]})
CHECK = Check(Does("run", {"argv": ["/usr/bin/look"]}), 1)


@pytest.mark.parametrize(
    ("action", "attempt", "again"),
    [
        ({}, {"state": "exited", "exit": 1}, True),
        ({}, {"state": "exited", "exit": 0}, False),
        ({}, {"state": "timed_out"}, True),
        ({}, {"state": "stopped"}, False),
        ({}, {"state": "failed"}, False),  # could not be started
        ({"verify": CHECK}, {"state": "failed", "exit": 0, "verified": False}, True),
        ({"verify": CHECK}, {"state": "ok", "exit": 0, "verified": True}, False),
        ({}, {"state": "unknown"}, True),
        ({"changes": False}, {"state": "unknown"}, False),  # it is looked at again anyway
        ({"changes": False, "idempotent": False}, {"state": "exited", "exit": 1}, True),
        ({"changes": False, "answer": {"0": "Yes"}}, {"state": "exited", "exit": 1}, False),
        ({"idempotent": False}, {"state": "exited", "exit": 1}, False),
        ({"retries": 0}, {"state": "exited", "exit": 1}, False),
        ({}, {"state": "exited", "exit": 1, "retry": 1}, True),
        ({}, {"state": "exited", "exit": 1, "retry": 2}, False),
        ({}, {"state": "exited", "exit": 1, "stop_by": "UANA"}, False),
        ({}, {"state": "failed", "settled_by": "UANA"}, False),
    ],
)
def test_what_is_tried_again(action: dict[str, Any], attempt: dict[str, Any], again: bool) -> None:
    its = Action("restart", DOES, timeout=1, **{"changes": True, "idempotent": True, "retries": 2, **action})
    changes = {"changes": its.changes, "started_at": 0, "verified": None, **attempt}
    assert tries_again(its, Attempt("a1", 1, "1.1", 1, "restart", 1, **changes)) is again
