"""Several people say the same within a moment: one word counts, and the others are told whose, and what is next."""

import asyncio

from tests.stories.story import Story

NAMES = ("ana", "ben", "li")


async def at_the_decision(story: Story, step: str) -> None:
    """Three people are in the channel, and the plan asks."""
    for name in NAMES:
        if name not in story.channel.members:
            await story.person(name).actor.join(story.channel.id)
    await story.forward("30s")
    walk = (await story.incident()).walk
    assert walk is not None
    assert walk.current is not None
    assert walk.current.step == step


async def all_say(story: Story, line: str) -> None:
    await asyncio.gather(*(story.person(name).actor.command(f"/tocsin {line}", story.channel.id) for name in NAMES))
    await story.settle()


def late_ones(story: Story, now: str) -> int:
    """How many of them read that one of the others was quicker, and what is now."""
    lines = [line for name in NAMES for line in story.person(name).sees(story.channel.id)]
    return sum("was answered with “Yes” by" in line and now in line for line in lines)


async def test_three_who_answer_at_once(story: Story) -> None:
    await story.alert()
    await story.ben.types("done 1.1")
    await story.ben.types("done 1.3 no answer")
    await at_the_decision(story, "1.4")
    await all_say(story, "answer Yes")
    assert (await story.kinds()).count("StepAnswered") == 1
    assert late_ones(story, "Now: 2.1 *Fence the old primary.*") == 2


async def test_three_who_answer_at_once_what_ends_the_plan(story: Story) -> None:
    """Typed, and clicked a moment later on a card that has not folded yet."""
    await story.alert("Hung", service="gateway")
    await story.ana.click("No")
    await story.ana.types("skip 2.1 it was restarted by hand")
    await at_the_decision(story, "2.2")
    stale = story.ana.keeps("Yes")
    await all_say(story, "answer Yes")
    assert (await story.kinds()).count("StepAnswered") == 2
    assert late_ones(story, "The plan has ended; nothing of it waits.") == 2
    said = await story.ana.clicks(stale)
    assert "Step 2.2 was answered with “Yes” by" in said
    assert "The plan has ended; nothing of it waits. Another one: `plan`." in said
