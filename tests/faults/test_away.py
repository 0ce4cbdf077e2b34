"""Slack is away, at the start and later: alerts are taken meanwhile, and when it is back people see how it stands now, once."""

from collections import Counter
from pathlib import Path

import pytest

from bot.workspace.gate import Fault
from tests.faults.process import until
from tests.faults.scene import Scene, scene
from tests.faults.story import rest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def away(here: Scene) -> None:
    here.workspace.gate.faults = [Fault("503", times=1_000_000)]


def back(here: Scene) -> None:
    here.workspace.gate.faults = []


async def shown_once(here: Scene) -> None:
    """One channel, and each surface once, as it stands now."""
    await until(lambda: any(key.endswith(":card") for key, _ in here.posted()), what="the card")
    await rest(here)
    assert [room.name for room in here.rooms] == ["inc-1-hung-on-orders"]
    keys = Counter(key for key, _ in here.posted() if ":invite:" not in key)
    assert set(keys.values()) == {1}, keys


async def test_slack_is_away_at_the_start(tmp_path: Path) -> None:
    async with scene(tmp_path / "scene") as here:
        away(here)
        await here.bot.start(connected=False)
        assert (await here.alert("Hung"))["items"][0]["decision"] == "open"
        await here.pause(4.0)
        assert (await here.alert("Hung"))["items"][0]["decision"] == "repeat"
        assert here.rooms == []
        assert len(here.bot.said("Slack is not connected")) == 1
        back(here)
        await until(lambda: here.bot.said("Slack is connected"), what="the connection")
        await shown_once(here)
        await here.click("ana", "I have it", "@tocsin", lambda: here.database.happened("role_taken"))
