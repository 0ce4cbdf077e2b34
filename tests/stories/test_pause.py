"""What stands still while people wait for somebody else, and what an end by mistake has ended."""

from tests.stories.story import Story
from tests.stories.test_restart import LEVELS, asked, states


async def test_in_a_pause_nobody_is_late_with_an_approval(unbegun: Story) -> None:
    """It neither widens nor reminds nor expires, and rings for nobody; its time goes on with the work."""
    story = unbegun
    story.configure("oncall.yaml", LEVELS)
    await story.start()
    await asked(story)
    await story.forward("2m")
    await story.ana.types("pause the vendor calls back")
    assert story.ben.reads("its time stands still in the pause", "@tocsin")
    assert story.channel.has("its time stands still in the pause")
    await story.forward("40m")
    await story.settle()
    assert await states(story) == ["open"]
    kinds = await story.kinds()
    assert not {"ApprovalWaits", "ApprovalWidened", "ApprovalExpired"} & set(kinds)
    await story.ana.types("resume")
    await story.forward("12m")
    await story.settle()
    assert await states(story) == ["open"]
    kinds = await story.kinds()
    assert (kinds.count("ApprovalWaits"), kinds.count("ApprovalWidened")) == (1, 1)
    await story.forward("1m30s")
    await story.settle()
    assert await states(story) == ["expired"]


async def test_a_yes_in_a_pause_counts(story: Story) -> None:
    await asked(story)
    await story.ana.types("pause the vendor calls back")
    await story.forward("40m")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_an_approval_is_asked_still_when_an_end_is_taken_back(story: Story) -> None:
    """The same question, with its buttons wherever it was asked, and with the time that was left."""
    await asked(story)
    await story.forward("10m")
    await story.ana.types("resolve")
    assert await states(story) == ["overtaken"]
    await story.forward("1m30s")
    await story.ana.types("undo")
    assert await states(story) == ["open"]
    assert story.ben.reads("[Approve] [Deny]", "@tocsin")
    await story.forward("4m")
    assert await states(story) == ["open"]
    await story.ben.click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


async def test_it_expires_when_it_would_have(story: Story) -> None:
    await asked(story)
    await story.forward("10m")
    await story.ana.types("resolve")
    await story.forward("1m30s")
    await story.ana.types("undo")
    await story.forward("5m10s")
    await story.settle()
    assert await states(story) == ["expired"]


async def test_what_was_over_while_we_doubted_is_told_soon(story: Story) -> None:
    """As at the start, before it is known whether Slack is there: then its time was over when it was over."""
    await asked(story)
    story.running.desk.doubts = lambda: True
    await story.forward("15m2s")
    assert await states(story) == ["open"]
    story.running.desk.doubts = lambda: False
    await story.forward("8s")
    await story.settle()
    [over] = (await story.incident()).approvals
    assert (over.state, over.ended_at) == ("expired", over.expires_at)
