"""The one word after an absence, held by golden files."""

from collections.abc import Callable

import pytest

from bot.domain import events as e
from bot.domain.terms import DAY, MINUTE, SECOND
from bot.ports import Message
from bot.slack.views import say
from tests.bot.slack.samples import NOW, event, scene
from tests.bot.slack.screen import screen

BEGAN = NOW - 28 * MINUTE
DUE = ("step:2.4", "approval:restart", "role:commander", "role:operations", "call:orders", "update:")
EVENTS: dict[str, e.Payload] = {
    "away-slack": e.OutageEnded(BEGAN, 3, ("step:2.4",), 0, True, "unreachable"),
    "away-much": e.OutageEnded(BEGAN, 1, DUE + tuple(f"step:3.{n}" for n in range(1, 8)), 2, True, "unreachable"),
    "away-judged": e.OutageEnded(BEGAN, 3, ("step:2.4",), 0, True, "unreachable", judged=1),
    "away-deaf-began": e.OutageBegan("deaf"),
    "away-deaf": e.OutageEnded(BEGAN, 0, ("update:",), 0, True, "deaf"),
    "away-database": e.DatabaseAway(BEGAN, 0, (), 0, True),
    "away-briefly": e.DatabaseAway(NOW - 24 * SECOND, 0, (), 0, True),
    "away-stopped": e.Stopped(BEGAN, 0, ("step:2.4", "step:2.5"), 0, True),
    "away-clock": e.ClockSet(-DAY),
}

SCREENS: dict[str, Callable[[], Message]] = {
    name: lambda payload=payload: say.one_line(scene(), event(payload))  # type: ignore[misc]
    for name, payload in EVENTS.items()
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))
