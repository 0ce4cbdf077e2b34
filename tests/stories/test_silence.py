"""A commander of a sev1 who says nothing is asked, and then somebody else may take command."""

import pytest

from tests.stories.story import Story


async def silent(story: Story) -> None:
    """Ana commands a sev1, Ben is her deputy."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ana.types("sev 1 nobody can order")
    await story.ben.types("take deputy")


async def test_the_deputy_is_offered_command(story: Story) -> None:
    await silent(story)
    await story.forward("15m30s")
    await story.settle()
    assert story.ana.reads("nothing was heard of you since", "@tocsin")
    assert not story.ben.reads("will you?", "@tocsin"), "she has three minutes"
    await story.forward("3m30s")
    await story.settle()
    assert story.ben.reads("Nothing is heard of Ana, who commands: will you?", "@tocsin")
    assert (await story.incident()).commander == "U0ANA", "until he takes it"
    await story.ben.click("I have it", "@tocsin")
    assert (await story.incident()).commander == "U0BEN"


async def test_who_writes_in_the_channel_is_not_silent(story: Story) -> None:
    await silent(story)
    for _ in range(4):
        await story.forward("8m")
        await story.ana.says("still looking at the primary")
    assert "CommanderSilent" not in await story.kinds()
    assert (await story.kinds()).count("Heard") == 4


async def test_who_only_looks_something_up_is_not_silent(story: Story) -> None:
    """In the channel, and from elsewhere; each typed line that changes nothing counts."""
    await silent(story)
    for n in range(4):
        await story.forward("8m")
        await story.ana.types("summary" if n % 2 else "INC-1 timeline", "" if n % 2 else "general")
    assert "CommanderSilent" not in await story.kinds()


async def test_who_answers_late_is_offered_against_no_more(story: Story) -> None:
    """The deputy's message offers nothing any more once the commander is heard."""
    await silent(story)
    await story.forward("19m")
    await story.settle()
    assert "[I have it]" in story.ben.sees("@tocsin")[-1]
    await story.ana.types("summary")
    assert "Ana is commander" in story.ben.sees("@tocsin")[-1]
    assert "[I have it]" not in story.ben.sees("@tocsin")[-1]


async def test_who_answers_when_asked_keeps_command(story: Story) -> None:
    await silent(story)
    await story.forward("15m30s")
    await story.settle()
    await story.ana.click("I am here", "@tocsin")
    await story.forward("10m")
    assert not story.ben.reads("will you?", "@tocsin")
    await story.forward("6m")
    await story.settle()
    assert (await story.kinds()).count("CommanderSilent") == 2, "and is asked again after as long a silence"
    await story.forward("3m30s")
    await story.settle()
    offered = story.ben.keeps("I have it", "@tocsin")
    await story.ana.says("sorry, I was on the telephone")
    assert "has been commander since" in await story.ben.clicks(offered)
    assert (await story.incident()).commander == "U0ANA"


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_where_nobody_else_is_here_who_is_on_call_is_called(story: Story) -> None:
    await story.alert()
    await story.ben.types("ack")
    await story.ben.types("sev 1 nobody can order")
    await story.forward("19m")
    await story.settle()
    assert story.ben.reads("I call who else is on call in", "@tocsin")
    assert story.ana.reads("Nothing is heard of Ben, who commands: will you?", "@tocsin")
    assert story.ana.reads("Ben commands, but does not answer", "incidents")
    await story.ana.click("I have it", "@tocsin")
    assert (await story.incident()).commander == "U0ANA"
    assert story.ana.reads("Ana commands · ", "incidents")
