"""Whether it is back to normal: one question at a time, with the time that is right."""

from bot.domain.terms import MINUTE, SECOND, Milestone, Status
from tests.stories.story import Story

BUTTONS = "[Yes] [Another time]"


async def quiet_after(story: Story, length: str) -> None:
    """Ana has it; after a while the alert is over."""
    await story.alert()
    await story.ana.types("ack")
    await story.forward(length)
    await story.clears()


def asking(story: Story) -> list[bool]:
    """Of each question in the channel, oldest first: whether it can still be answered."""
    return [post.text_has(BUTTONS) for post in story.channel.posts if post.text_has("Back to normal")]


async def test_not_yet_is_told_to_all_and_asked_again_in_a_new_message(story: Story) -> None:
    """The old one says so and offers nothing; after the answer, none of them does."""
    await quiet_after(story, "5m")
    assert asking(story) == [True]
    assert await story.ana.click("Not yet") == "", "the message says it"
    assert story.ana.reads("Ana: not yet; asked again")
    assert asking(story) == [True], "it may be back sooner"
    await story.forward("30m10s")
    await story.settle()
    assert asking(story) == [False, True]
    assert story.ana.reads("– Back to normal? Not yet.")
    await story.ana.click("Not yet")
    await story.forward("30m10s")
    await story.settle()
    assert asking(story) == [False, False, True]
    await story.ana.click("Yes")
    assert (asking(story), (await story.incident()).status) == ([False] * 3, Status.RESOLVED)
    assert story.ana.reads("✓ Back to normal since")
    assert "not back to normal yet" in await story.ana.types("timeline")


async def test_two_people_who_say_not_yet_are_asked_once(story: Story) -> None:
    await quiet_after(story, "5m")
    stale = story.ana.keeps("Not yet")
    await story.ana.click("Not yet")
    await story.forward("10m")
    await story.ben.actor.join(story.channel.id)
    await story.ben.clicks(stale)
    await story.forward("21m")
    await story.settle()
    assert asking(story) == [True], "the later word counts"
    await story.forward("10m")
    await story.settle()
    assert asking(story) == [False, True]
    await story.forward("2h")
    assert len(asking(story)) == 2


async def test_it_fires_again_and_the_question_is_folded(story: Story) -> None:
    await quiet_after(story, "5m")
    await story.ana.click("Not yet")
    await story.forward("2m")
    assert await story.alert() == "attach"
    assert asking(story) == [False]
    assert "Alerts still fire" in await story.ana.types("snooze")
    await story.forward("40m")
    assert asking(story) == [False], "nothing is asked while it fires"
    await story.clears()
    assert asking(story) == [False, True]


async def test_what_nobody_asked_cannot_be_put_off(story: Story) -> None:
    await story.ana.types("declare Orders are down sev2 orders", "general")
    assert "Nobody has asked whether it is back to normal" in await story.ana.types("snooze")
    assert "Snoozed" not in await story.kinds()


async def test_a_question_of_before_a_reopening_is_over(story: Story) -> None:
    await quiet_after(story, "5m")
    old = story.ana.keeps("Yes")
    await story.ana.click("Yes")
    await story.ana.types("reopen errors are back")
    assert asking(story) == [False]
    assert "This question is over" in await story.ana.clicks(old)
    assert (await story.incident()).status.open


async def recovered(story: Story) -> int:
    """The plan's last step says that the service is back."""
    await story.ben.types("done 1.1")
    await story.ben.types("done 1.3 it answers")
    await story.ben.click("No, it answers")
    await story.forward("30s")
    said = story.clock.now()
    await story.ben.types("done 3.1")
    return said


async def test_the_time_that_the_plan_marked_is_offered(story: Story) -> None:
    """Alerts clear later than the service is back."""
    await story.alert()
    back = await recovered(story)
    await story.forward("4m")
    await story.clears()
    await story.ana.actor.join(story.channel.id)
    await story.ana.click("Yes")
    marked = (await story.incident()).mark(Milestone.RECOVERED)
    assert marked is not None
    assert abs(marked - back) < SECOND


async def test_a_mark_that_comes_after_the_question_changes_what_it_offers(story: Story) -> None:
    await story.alert()
    await story.forward("1m")
    await story.clears()
    question = story.channel.last.ts
    clear = (await story.incident()).alerts.clear_since
    back = await recovered(story)
    incident = await story.incident()
    [shown] = [post for post in story.channel.posts if post.ts == question]
    assert clear != incident.mark(Milestone.RECOVERED)
    assert f'"at":{incident.mark(Milestone.RECOVERED)}' in str(shown.blocks)
    assert abs(back - (incident.mark(Milestone.RECOVERED) or 0)) < SECOND


async def test_a_mark_that_an_alert_has_overtaken_is_not_offered(story: Story) -> None:
    await story.alert()
    back = await recovered(story)
    await story.clears()
    await story.forward("10m")
    assert await story.alert() == "attach"
    await story.forward("5m")
    await story.clears()
    await story.ana.actor.join(story.channel.id)
    await story.ana.click("Yes")
    marked = (await story.incident()).mark(Milestone.RECOVERED)
    assert marked is not None
    assert marked - back > 10 * MINUTE
