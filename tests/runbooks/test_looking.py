"""One look at what ends an experiment: it is so, it is not, or it cannot be seen."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import ConditionSeen
from bot.ports import Progress, Retry
from tests.runbooks.test_actions import Ground, payloads


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


@pytest.mark.parametrize(
    ("progress", "seen"),
    [
        (Progress("ended", "exited", 0, ok=True), [ConditionSeen("orders-fail", "holds")]),
        (Progress("ended", "exited", 1), []),
        (Progress("ended", "timed_out"), [ConditionSeen("orders-fail", "blind", reason="timed_out")]),
        (Progress("gone"), [ConditionSeen("orders-fail", "blind", reason="gone")]),
    ],
)
async def test_a_look_at_what_ends_an_experiment(ground: Ground, progress: Progress, seen: list[Any]) -> None:
    ground.finds(progress)
    assert payloads(await ground.call("action.look")) == seen
    ground.finds(Progress("running"))
    assert isinstance(await ground.call("action.look", again=True), Retry)


async def test_what_the_runner_refuses_cannot_be_seen(ground: Ground) -> None:
    ground.executor.refuses = "belongs to somebody else"
    assert payloads(await ground.call("action.look")) == [
        ConditionSeen("orders-fail", "blind", reason="belongs to somebody else")
    ]
