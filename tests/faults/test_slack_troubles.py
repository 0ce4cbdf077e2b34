"""F5: Slack fails, or does what it was asked and drops the connection before it says so. Nothing comes twice, nothing is lost."""

from collections import Counter

import pytest

from bot.workspace.gate import Fault
from tests.stories.mortal import key, ours
from tests.stories.story import Story

pytestmark = pytest.mark.slow
SAYING = ("chat.postMessage", "chat.update")
METHODS = (
    "conversations.create",
    "conversations.setPurpose",
    "conversations.setTopic",
    "conversations.invite",
    "conversations.open",
    "pins.add",
    "files.completeUploadExternal",
    *SAYING,
)


@pytest.mark.parametrize("trouble", ["500", "lost"])
async def test_the_first_calls_of_every_method_fail(story: Story, trouble: str) -> None:
    """Each method three times in a row, and those that say something once more in the middle of the story."""
    gate = story.workspace.gate
    gate.faults = [Fault(trouble, method, times=3) for method in METHODS]  # type: ignore[arg-type]
    assert await story.alert("Hung", service="gateway") == "open"
    await story.forward("2m")
    await story.ana.click("I have it", "@tocsin")
    gate.faults += [Fault(trouble, method, times=3) for method in SAYING]  # type: ignore[arg-type]
    await story.ana.click("No")
    await story.forward("2m")
    await story.ana.types("update we look into it")
    await story.clears("Hung", service="gateway")
    await story.forward("2m")
    await story.ana.types("resolve")
    await story.forward("5m")
    await story.settle()
    assert all(fault.times < 3 for fault in gate.faults), "each was met"
    keys = Counter((message.channel, key(message)) for message in ours(story) if key(message))
    assert [name for name, n in keys.items() if n > 1] == []
    assert [room.name for room in story.rooms] == ["inc-1-hung-on-gateway"]
    assert (len(story.channel.pinned), len(story.channel.files)) == (1, 1)
    async with story.running.store.read() as reads:
        rows = [row for stream in ("org", "inc:1") for row in await reads.effects(stream)]
    assert {row["status"] for row in rows if not row["kind"].startswith("clock.")} <= {"done", "folded"}
    marked = [message for message in ours(story) if "(sent again)" in str(message.blocks)]
    assert trouble == "500" or marked == [], "what arrived all the same was found"
