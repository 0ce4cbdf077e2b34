"""F2: the bot dies between the making of a channel and the commit of its id. There is one channel, and it is found again."""

from pathlib import Path

import pytest

from tests.faults.killer import killing
from tests.faults.moments import MOMENTS
from tests.faults.process import until
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.slow


async def adopted(here: Scene) -> str:
    """The name of the one channel that the bot has found again and works in."""
    await until(lambda: here.database.happened("channel_made"), what="the channel")
    await until(lambda: here.rooms and here.room.posts, what="the card")
    assert here.room.id == (await here.database.incident()).channel
    return here.room.name


@pytest.mark.parametrize("moment", ["the channel is made", "the channel has its mark"])
async def test_the_channel_is_adopted(tmp_path: Path, moment: str) -> None:
    """Killed before it heard Slack's answer: to conversations.create, or to conversations.setPurpose."""
    async with scene(tmp_path / "scene") as here:
        await here.bot.start()
        async with killing(here, {moment: MOMENTS[moment]}) as killer:
            await here.alert("Hung")
            name = await adopted(here)
            assert killer.kills == 1
        found_again(here, name)


async def test_the_channel_is_adopted_whose_mark_never_arrived(tmp_path: Path) -> None:
    """Killed with the id in memory: Slack has made the channel and hangs over its purpose."""
    async with scene(tmp_path / "scene") as here:
        await here.bot.start()
        here.workspace.fault("conversations.setPurpose", "hang")
        await here.alert("Hung")
        await until(lambda: here.workspace.calls("conversations.setPurpose"), what="the mark")
        here.bot.kill()
        assert here.room.channel.purpose.value == ""
        await here.bot.start()
        found_again(here, await adopted(here))


def found_again(here: Scene, name: str) -> None:
    assert (name, len(here.rooms)) == ("inc-1-hung-on-orders", 1)
    assert here.room.channel.purpose.value.startswith("INC-1 · ")
    [(data,)] = here.database.rows("SELECT data FROM event WHERE kind = 'channel_made'")
    assert '"adopted":true' in data


async def test_somebody_elses_channel_is_left_alone(tmp_path: Path) -> None:
    """A channel of this very name that is not ours: never taken over, also not after a crash."""
    async with scene(tmp_path / "scene") as here:
        here.workspace.add_channel("inc-1-hung-on-orders", "ana")
        await here.bot.start()
        here.workspace.fault("conversations.list", "hang")
        await here.alert("Hung")
        await until(lambda: here.workspace.calls("conversations.list"), what="the look whose it is")
        here.bot.kill()
        await here.bot.start()
        assert await adopted(here) == "inc-1-hung-on-orders-2"
        assert here.rooms[0].members == ["ana"]
