"""Slack is away, at the start and later: alerts are taken meanwhile, and when it is back people see how it stands now, once."""

from collections import Counter
from pathlib import Path

import pytest

from bot.workspace import CannotDo
from bot.workspace.gate import Fault
from tests.faults.process import until
from tests.faults.scene import Scene, scene
from tests.faults.story import ending, rest, to_the_approval, to_the_end

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
        assert 1 <= len(here.bot.said("Slack is not connected")) <= 4, "after 1 s, 2 s, 4 s …"
        back(here)
        await until(lambda: here.bot.said("Slack is connected"), what="the connection")
        await shown_once(here)
        await here.click("ana", "I have it", "@tocsin", lambda: here.database.happened("role_taken"))


async def test_slack_is_away_for_a_while(tmp_path: Path) -> None:
    """Its socket breaks, and all its calls fail, in the middle of the story: alerts are taken, and the story goes on after it."""
    async with scene(tmp_path / "scene") as here:
        await here.bot.start()
        await to_the_approval(here, "Hung")
        away(here)
        await here.workspace.link.close()
        with pytest.raises(CannotDo):
            await here.workspace.person("ana").click("Approve", here.room.id)
        became = [await here.alert("Hung", shard=str(n)) for n in range(2, 8)]
        assert [said["items"][0]["decision"] for said in became] == ["attach"] * 6
        before = here.called("chat.update"), here.called("chat.postMessage")
        await here.pause(3.0)
        assert (here.called("chat.update"), here.called("chat.postMessage")) == before
        back(here)
        await until(lambda: here.workspace.link.sockets, what="the socket")
        await until(lambda: here.reads("7 alerts"), what="the card as it stands now")
        assert here.called("chat.postMessage") == before[1], "nothing old is said"
        await here.click("ana", "Approve", here.room.id, lambda: here.database.happened("approval_given"))
        await until(lambda: here.reads("[It answers]"), what="the decision after the restart")
        for n in range(2, 8):
            await here.alert("Hung", "resolved", shard=str(n))
        await to_the_end(here, "Hung")
        await rest(here)
        assert await here.bot.stop() == 0
        end = await ending(here, kills=0)
        assert (end.status, end.runs, end.undone) == ("resolved", 1, ())
