"""What would annoy at 3 a.m.: an invitation that stays open, a pin that no longer says what was said, a button that misleads."""

from tests.stories.story import Story
from tests.stories.test_restart import HUNG


async def test_who_acknowledges_has_answered_the_call(story: Story) -> None:
    await story.alert()
    assert story.ana.reads("[I have it]", "@tocsin")
    await story.ana.types("ack")
    assert not story.ana.reads("[I have it]", "@tocsin")
    assert all(page.answer for page in (await story.incident()).pages if page.person == "U0ANA")


async def test_a_pinned_message_stands_as_it_is_now(story: Story) -> None:
    """Also that of a stranger, who may change nothing but their own words."""
    await story.alert()
    await story.person("stranger").actor.join(story.channel.id)
    for who in ("ben", "stranger"):
        ts = await story.person(who).says("the primary is gone")
        await story.ana.reacts(ts)
        await story.person(who).actor.edit(story.channel.id, ts, "the standby is gone")
        await story.settle()
    said = await story.ana.types("timeline")
    assert said.count("the standby is gone") == 2
    assert "the primary is gone" not in said


async def test_leaving_out_asks_to_leave_out(story: Story) -> None:
    """Ana and Ben leave out the same step at once: the second is asked about the next one, in so many words."""
    await story.alert()
    await story.ana.types("ack")
    await story.forward("1m")
    await story.ana.types("skip it is done already")
    said = await story.ben.types("skip it is done already")
    assert "was skipped by Ana" in said
    assert "out, too? " in said.replace("\n", " ")
    assert "[Yes, leave 1." in said
    assert "Tick" not in said


async def test_a_channel_begins_with_three_messages_also_if_something_is_refused(unbegun: Story) -> None:
    """The look that Tocsin takes by itself cannot be taken: the step's card says why."""
    story = unbegun
    story.configure("policy.yaml", ("  http_hosts:", "  #"))
    await story.start()
    assert await story.alert("Hung", **HUNG) == "open"
    assert len(story.channel.posts) <= 3
    assert story.ana.reads("Not run:")
    await story.ana.click("I have it", "@tocsin")
    assert story.ana.reads("[Run look]")
