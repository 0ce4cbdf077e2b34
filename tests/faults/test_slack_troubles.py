"""F5: Slack fails, or does what it was asked and drops the connection before it says so. Nothing comes twice, nothing is lost."""

from collections import Counter

import pytest

from bot.workspace.gate import Fault
from bot.workspace.things import Called
from tests.stories.alerts import alert, request
from tests.stories.mortal import key, ours
from tests.stories.story import Story

pytestmark = pytest.mark.slow
WAIT = 30
"""Seconds."""
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


async def test_every_third_call_is_told_to_wait(story: Story) -> None:
    """F4: 429 with Retry-After 30 for the first call of each method, then for each third. Nothing is lost, who was told to wait
    waits, each channel keeps its order, and alerts are taken as ever. Counted for each method, as Slack counts: every third of
    all calls can be the last of the same three for ever."""
    story.workspace.gate.faults = [
        Fault("ratelimited", method, skip=2 * n, after=WAIT) for method in METHODS for n in range(300)
    ]
    for service in ("gateway", "orders"):
        before = story.clock.now()
        code, _ = await story.post(request([alert("Hung", "firing", before, before, {"service": service})], service))
        assert (code, story.clock.now()) == (200, before), "an alert does not wait for Slack"
    await story.forward("4m")
    assert [len(room.pinned) for room in story.rooms] == [1, 1]
    said = [f"this is word {n}" for n in range(6)]
    for words in said:
        for room in story.rooms:
            await story.ana.types(f"update {words}", room.id)
    await story.forward("15m")
    story.workspace.gate.faults = []
    await story.forward("2m")
    for room in story.rooms:
        read = "\n".join(story.ana.sees(room.id))
        assert sorted(said, key=read.index) == said
    refused = [call for call in story.workspace.state.calls if call.fault == "ratelimited"]
    assert len({call.method for call in refused}) > 3
    for told in refused:
        assert [call for call in _meanwhile(story, told) if _limit(call) == _limit(told)] == [], (
            f"{told.method} did not wait"
        )
    async with story.running.store.read() as reads:
        rows = [row for stream in ("org", "inc:1", "inc:2") for row in await reads.effects(stream)]
    assert {row["status"] for row in rows if not row["kind"].startswith("clock.")} <= {"done", "folded"}


def _meanwhile(story: Story, told: Called) -> list[Called]:
    return [call for call in story.workspace.state.calls if told.at < call.at < told.at + WAIT * 1_000_000]


def _limit(call: Called) -> tuple[str, str]:
    """Slack counts posts for each channel, all else for the method."""
    return call.method, str(call.args["channel"]) if call.method == "chat.postMessage" else ""
