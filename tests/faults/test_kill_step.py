"""F3: the program is killed between the start of a step and its result."""

import asyncio

import pytest

from tests.faults.scenes import Real
from tests.faults.serving import Serving
from tests.stories.machine import Machine


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("heals", [False, True], ids=["nobody-knows", "the-check-knows"])
async def test_what_was_begun_is_not_begun_again(serving: Serving, machine: Machine, heals: bool) -> None:
    """The request has left and no answer came: the check may prove it; else it is unknown, shown, and a person says."""
    machine.heals, machine.hold = heals, asyncio.Event()
    await serving.start()
    story = Real(serving)
    await story.reach(lambda: story.reads("[I have it]", where="@tocsin"), lambda: story.alert("firing"))
    await story.reach(lambda: story.reads("[No]"), lambda: story.click("ana", "I have it", "@tocsin"))
    await story.reach(lambda: story.reads("[Approve]"), lambda: story.click("ana", "No"))
    await story.reach(lambda: bool(machine.restarts), lambda: story.click("ben", "Approve", "@tocsin"))
    await serving.kill()
    machine.hold.set()
    await serving.start()
    if not heals:
        assert await story.seen(lambda: story.reads("I do not know whether"), 40)
        assert story.reads("[It was done] [It was not] [Run again: new approval] [By hand]")
        await story.click("ana", "It was done")
    assert await story.seen(lambda: story.reads("Does it answer again"), 40)
    assert machine.restarts == ["gw-1"]
