"""One of Slack's calls fails for ever while all others are answered: it ends, says so, and what stands behind it goes on."""

import pytest

from bot.workspace.gate import Fault
from tests.stories.story import Story


@pytest.mark.soak  # eight hours, a try a minute
async def test_what_slack_fails_at_for_ever_does_not_hold_its_lane(story: Story) -> None:
    story.workspace.gate.faults = [Fault("503", "conversations.setTopic", times=1_000_000)]
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    for _ in range(12):
        await story.forward("29m")
        await story.ana.types("note still there")
    assert "failed" not in await topics(story), "an outage of one method is an outage"
    for _ in range(20):
        await story.forward("5m")
        await story.ana.types("note still there")
    assert "failed" in await topics(story)
    assert story.ana.reads("http_503")
    story.workspace.gate.faults = []
    await story.ana.types("status identified the primary is read-only")
    await story.forward("2m")
    assert "Identified" in story.channel.topic


async def topics(story: Story) -> list[str]:
    async with story.running.store.read() as reads:
        return [row["status"] for row in await reads.effects("inc:1") if row["kind"] == "topic"]
