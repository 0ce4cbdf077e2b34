"""An experiment whose bot, or whole machine, dies while it breaks something is taken back all the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.process import until
from tests.faults.scene import Scene, scene
from tests.faults.together import all_well

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@asynccontextmanager
async def holding(folder: Path) -> AsyncIterator[Scene]:
    """What breaks something was approved and runs, for a long time."""
    async with scene(folder) as here:
        policy = folder / "config" / "policy.yaml"
        drilled = "inventory:\n    rehearsal: {env: test, hosts: [gw-9], drill: true}\n"
        policy.write_text(policy.read_text().replace("inventory:\n", drilled) + "drills: {any_hour: true}\n")
        here.hold("before")
        await here.bot.start()
        ana = here.workspace.person("ana")
        [general] = [each.id for each in here.workspace.state.channels.values() if each.name == "general"]
        await ana.command("/tocsin drill held orders", general)
        await until(lambda: here.rooms and here.reads("Place an order"), what="the first step")
        await here.workspace.person("ben").join(here.room.id)
        await here.command("ana", "ack", lambda: here.database.happened("acknowledged"))
        await here.command("ana", "done 1.1 order 4711", lambda: here.reads("[Approve]"))
        await here.click("ben", "Approve", here.room.id, lambda: here.runs())
        yield here


async def test_it_is_taken_back_whoever_dies(tmp_path: Path) -> None:
    await all_well({one.__name__: one(tmp_path / one.__name__) for one in (without_its_bot, without_its_machine)})


async def taken_back(here: Scene, drill: str) -> None:
    """The way back is asked for by itself, once what was begun is settled, and runs once. It leads to its next step."""
    await until(lambda: here.reads("[Approve]", drill), what="the question for the way back")
    assert here.undone() == []
    await here.click("ben", "Approve", drill, lambda: here.undone())
    await until(lambda: here.reads("*3.2* See that it is as it was", drill), what="the step after it")
    [walk] = (await here.database.incident()).walks
    assert [(v.step, v.state) for v in walk.visits] == [
        ("1.1", "done"),
        ("2.1", "left"),
        ("3.1", "done"),
        ("3.2", "open"),
    ]
    assert (len(here.runs()), len(here.undone())) == (1, 1)


async def without_its_bot(folder: Path) -> None:
    """The bot dies; while it is away nothing ends; what runs gets its end as soon as something real is there."""
    async with holding(folder) as here:
        drill = here.room.id
        here.bot.kill()
        await here.bot.start()
        await here.alert("Broken")
        await taken_back(here, drill)
        [hold, _] = (await here.database.incident()).attempts
        assert (hold.state, hold.stop_by) == ("stopped", "bot")
        assert here.bot.shims() == []


async def without_its_machine(folder: Path) -> None:
    """Nobody knows what became of it. What a person says of it leads to no further break."""
    async with holding(folder) as here:
        drill = here.room.id
        here.bot.kill()
        here.bot.kill_shims()
        await here.bot.start()
        await until(lambda: here.reads("[It was done]"), what="the question to a person")
        await here.alert("Broken")
        await until(lambda: here.reads("*3.1* Let it go", drill), what="the way back")
        here.bot.kill()
        await here.bot.start()
        await here.click("ana", "It was done", drill, lambda: here.database.happened("action_settled"))
        await taken_back(here, drill)
