"""A 📌 is true: as long as somebody's is there, wherever the message stands, whatever becomes of it."""

import pytest

from bot.workspace.mishaps import Mishap
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


async def test_a_pin_counts_until_the_last_one_is_off(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ben.actor.join(story.channel.id)
    ts = await story.ben.says("replication stopped at 08:58")
    for who in (story.ana, story.ben):
        await who.reacts(ts)
    await story.ana.reacts(ts, on=False)
    assert "replication stopped" in await story.ana.types("timeline"), "Ben's is still there"
    await story.ben.reacts(ts, on=False)
    assert "replication stopped" not in await story.ana.types("timeline")


async def test_a_pinned_message_that_is_deleted_is_off(story: Story) -> None:
    """In a thread, and with answers of its own, when Slack leaves a shell."""
    await story.alert()
    await story.ana.types("ack")
    await story.ben.actor.join(story.channel.id)
    root = await story.ben.says("the password is hunter2")
    reply = await story.ben.says("no, it is hunter3", thread=root)
    for ts in (root, reply):
        await story.ana.reacts(ts)
    assert "hunter2" in await story.ana.types("timeline")
    await story.ben.actor.delete(story.channel.id, root)
    await story.settle()
    said = await story.ana.types("timeline")
    assert "hunter2" not in said
    assert "This message was deleted" not in said
    assert "hunter3" in said
    await story.ben.actor.edit(story.channel.id, reply, "never mind")
    await story.settle()
    said = await story.ana.types("timeline")
    assert ("hunter3" in said, "never mind" in said) == (False, True)
    await story.ben.actor.delete(story.channel.id, reply)
    await story.settle()
    assert "never mind" not in await story.ana.types("timeline")


async def test_what_slack_tells_in_another_order_ends_the_same(story: Story) -> None:
    """A mark that came and went, and a message that was changed twice: what holds is what is there now."""
    await story.alert()
    await story.ana.types("ack")
    ts = await story.ana.says("replication stopped at 08:58")
    for on in (True, False):
        story.workspace.plan(Mishap("swapped"))
        await story.ana.actor.react(story.channel.id, ts, "pushpin", on)
    await story.forward("30s")
    assert "replication stopped" not in await story.ana.types("timeline")
    await story.ana.reacts(ts)
    story.workspace.plan(Mishap("swapped"))
    await story.ana.actor.edit(story.channel.id, ts, "it stopped at 08:59")
    await story.ana.actor.edit(story.channel.id, ts, "it stopped at 09:00")
    await story.forward("30s")
    said = await story.ana.types("timeline")
    assert ("at 09:00" in said, "08:59" in said) == (True, False)


async def test_a_message_of_another_channel_is_followed(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.actor.invite("general", "tocsin")
    ts = await story.li.says("the switch in rack 4 was changed", "general")
    await story.ana.actor.shortcut("Add to timeline", "general", ts)
    await story.settle()
    await story.ana.click("INC-1", "general")
    await story.li.actor.edit("general", ts, "the switch in rack 5 was changed")
    await story.settle()
    said = await story.ana.types("timeline")
    assert ("rack 4" in said, "rack 5" in said) == (False, True)
    await story.li.actor.delete("general", ts)
    await story.settle()
    assert "rack 5" not in await story.ana.types("timeline")
