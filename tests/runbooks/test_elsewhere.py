"""Attempts of another runner directory: left to it while it lives, unknown when it is silent, told late when it is back."""

from typing import Any

import pytest

from bot.domain.events import ActionEnded, ActionLate
from bot.domain.terms import Micros
from bot.ports import Progress, Retry, Unknown
from runbooks.actions import AWHILE, LATEST
from storage.replicas import SILENT
from tests.runbooks.test_actions import VERIFY, Ground, ended, ground, payloads

__all__ = ["ground"]


@pytest.mark.parametrize("silent", [None, SILENT, SILENT * 100])
@pytest.mark.parametrize("kind", ["action.start", "action.poll"])
async def test_the_attempt_of_a_silent_runner_is_unknown_here(ground: Ground, kind: str, silent: Micros | None) -> None:
    ground.silent = silent
    outcome = await ground.call(kind, runner="another", verify=VERIFY, again=True)
    assert isinstance(outcome, Unknown)
    assert payloads(outcome) == [ActionEnded("a1", "unknown", why="silent")]
    assert not ground.directory.claimed("a1")
    assert not ground.directory.known("a1.check1")


@pytest.mark.parametrize("silent", [0, SILENT - 1])
@pytest.mark.parametrize("kind", ["action.start", "action.poll"])
async def test_the_attempt_of_a_living_runner_is_left_to_it(ground: Ground, kind: str, silent: Micros) -> None:
    """Also if it waits long: only it can say."""
    ground.silent = silent
    assert await ground.call(kind, runner="another", again=True) == Retry(LATEST, counted=False)


@pytest.mark.parametrize("silent", [None, 0])
async def test_what_another_never_came_to_was_never_started(ground: Ground, silent: Micros | None) -> None:
    """The effect was not begun, so nobody has done or will do anything: it goes through the gates once more."""
    ground.silent = silent
    outcome = await ground.call("action.start", runner="another")
    assert payloads(outcome) == [ActionEnded("a1", "never_started")]
    assert not ground.directory.known("a1")


LATE: list[tuple[Progress, list[Any]]] = [
    (ended(3), [ActionLate("a1", "exited", 3)]),
    (Progress("gone"), []),
    (Progress("never_started"), [ActionLate("a1", "never_started")]),
]


@pytest.mark.parametrize(("found", "told"), LATE)
async def test_a_runner_that_is_back_tells_what_it_knows(ground: Ground, found: Progress, told: list[Any]) -> None:
    ground.finds(found)
    assert payloads(await ground.call("action.late")) == told
    assert ground.directory.claimed("a1") == (found.state == "never_started"), "and it never begins after that"


async def test_nobody_else_tells_it(ground: Ground) -> None:
    ground.finds(ended(0))
    for silent in (None, 0, SILENT):
        ground.silent = silent
        assert await ground.call("action.late", runner="another") == Retry(AWHILE, counted=False)


async def test_a_late_result_that_is_not_there_yet_is_waited_for(ground: Ground) -> None:
    ground.finds(Progress("running"))
    assert isinstance(await ground.call("action.late"), Retry)
