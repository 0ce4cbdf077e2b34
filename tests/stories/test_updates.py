"""Updates: corrected where they stand, followed by direct message, and asked of the deputy when they are late."""

import pytest

from bot.domain.events import UpdateMissed, UpdateSent
from bot.domain.terms import MINUTE
from tests.stories.story import Story


async def test_a_sent_update_is_corrected(story: Story) -> None:
    """The message is edited, the announcement follows, the first words stay on the timeline."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("update")
    await story.ana.fills(broken="Orders fail.", doing="We fail over to gw-4.", plain="Orders may be slow.")
    before = len(story.channel.posts)
    assert story.ana.reads("Orders may be slow.")
    await story.ana.click("Correct")
    assert story.ana.actor.modal is not None
    assert "We fail over to gw-4." in str(story.ana.actor.modal.body)
    await story.ana.fills(doing="We fail over to gw-3.")
    [shown] = [line for line in story.ana.sees() if "Update from Ana" in line and "Broken" in line]
    assert "We fail over to gw-3." in shown
    assert "(corrected)" in shown
    assert "gw-4" not in shown
    assert len(story.channel.posts) == before, "nothing new in the channel"
    announced = story.workspace.channel("incidents").posts
    assert [post.text_has("We fail over to gw-3.") for post in announced] == [True]
    said = await story.ana.types("timeline")
    assert "We fail over to gw-4." in said
    assert "It says now: Orders fail. We fail over to gw-3." in said
    await story.ana.click("Correct")
    assert "It says exactly that" in await story.ana.fills()


async def test_who_follows_is_told_by_day(story: Story) -> None:
    """By direct message; at night only who takes part; in the morning the newest."""
    await story.alert()
    await story.ana.types("ack")
    await story.li.actor.join("incidents")
    assert "You get the updates of INC-1" in await story.li.click("Follow", "incidents")
    assert "You follow it already" in await story.li.types("follow INC-1", "incidents")
    assert "U0LI" not in (await story.incident()).answered, "who follows has answered nothing"
    await story.ana.types("update We look at it")  # 17:00 in Shanghai
    assert story.li.reads("We look at it", "@tocsin")
    await story.forward("6h")
    await story.ana.types("update We fail over")  # 23:00 there
    await story.ana.types("update We have failed over")
    assert not story.li.reads("We fail over", "@tocsin")
    await story.forward("8h")
    await story.settle()
    night = [line for line in story.li.sees("@tocsin") if "failed over" in line or "We fail over" in line]
    assert len(night) == 1
    assert "We have failed over" in night[0]
    await story.li.click("Unfollow", "@tocsin")
    await story.ana.types("update It is over")
    assert not story.li.reads("It is over", "@tocsin")
    assert "You do not follow it" in await story.li.types("unfollow INC-1", "incidents")


async def test_a_late_update_is_asked_of_the_deputy(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("role deputy @li")
    await story.li.click("I have it", "@tocsin")
    await story.ana.types("update We look at it --next 20m")
    await story.forward("21m")
    await story.settle()
    assert story.ana.reads("The update of *INC-1* was due", "@tocsin")
    assert not story.li.reads("The update of *INC-1* was due", "@tocsin")
    await story.forward("5m")
    await story.settle()
    assert story.li.reads("The update of *INC-1* was due", "@tocsin")
    await story.ana.types("update We still look --next 20m")
    assert sum(isinstance(event.payload, UpdateSent) for event in await story.timeline()) == 2


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_the_first_update_is_due_from_the_beginning(story: Story) -> None:
    """Thirty minutes after the alert, as a sev2 asks; put off where nobody has time; again after that; and over a restart."""
    late = "The update of *INC-1* was due"

    async def asked() -> int:
        await story.settle()
        return sum(late in line for line in story.ana.sees("@tocsin"))

    await story.alert()
    opened = (await story.incident()).opened_at
    assert (await story.incident()).next_update_at == opened + 30 * MINUTE
    await story.ana.types("ack")
    assert story.ana.reads("Update due")
    assert "No update is due now" not in await story.ana.types("summary")
    await story.forward("29m")
    assert await asked() == 0
    await story.restart()
    await story.forward("2m")
    assert await asked() == 1
    assert "The update is put off until" in await story.ana.click("In 10 min", "@tocsin")
    assert story.ben.reads("Ana puts the update off until", story.channel.id)
    await story.forward("8m")
    assert not story.li.reads("the update was due", "@tocsin"), "everybody sees until when: nobody goes further"
    await story.forward("3m")
    assert await asked() == 2
    await story.ana.types("update We fail over")
    assert "No update is due now" in await story.ana.click("In 10 min", "@tocsin")
    await story.forward("29m")
    assert await asked() == 2


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_severity_that_changes_moves_the_first_update(story: Story) -> None:
    await story.alert()
    opened = (await story.incident()).opened_at
    await story.ana.types("ack")
    await story.forward("5m")
    await story.ana.types("sev 1 nobody can trade")
    now = (await story.incident()).severities[-1].start
    assert (await story.incident()).next_update_at == now + 15 * MINUTE
    await story.ana.types("undo")
    assert ((await story.incident()).next_update_at or 0) >= opened + 30 * MINUTE
    await story.ana.types("status monitoring")
    assert ((await story.incident()).next_update_at or 0) >= now + 60 * MINUTE, "calmer"
    await story.forward("62m")
    await story.settle()
    asked = [event.payload.asked for event in await story.timeline() if isinstance(event.payload, UpdateMissed)]
    assert asked == ["commander"], "mitigated: nobody else is called for it"
