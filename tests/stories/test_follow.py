"""Following what has not happened yet: a service, or all that is so bad."""

import pytest

from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


async def test_a_severity_and_a_service(story: Story) -> None:
    assert "You follow no service" in await story.li.types("follow list", "general")
    assert "incident of SEV2 or worse" in await story.li.types("follow sev2", "general")
    assert "You follow `sev2` already" in await story.li.types("follow SEV 2", "general")
    assert "Did you mean *gateway*?" in await story.ben.types("follow gatewy", "general")
    assert "incident of *gateway*" in await story.ben.types("follow Order gateway", "general")
    await story.restart()
    await story.alert()
    assert story.li.reads("There is no update yet.", "@tocsin")
    assert not story.ben.reads("There is no update yet.", "@tocsin"), "that is another service"
    assert "U0LI" not in (await story.incident()).answered, "who follows has answered nothing"
    await story.ana.types("update We look at it")
    assert story.li.reads("We look at it", "@tocsin")
    await story.li.click("Unfollow", "@tocsin")
    await story.ana.types("sev 1 it spreads")
    await story.ana.types("update It spreads")
    assert not story.li.reads("It spreads", "@tocsin"), "who has said no is not asked again"
    assert "incident of SEV2 or worse" in await story.li.types("follow list", "general")
    await story.li.click("Unfollow sev2", "general")
    assert "You do not follow `sev2`" in await story.li.types("unfollow sev2", "general")


async def test_what_gets_worse_and_what_is_open_already(story: Story) -> None:
    await story.li.types("follow sev1", "general")
    await story.alert()
    await story.ana.types("update We look at it")
    assert not story.li.reads("We look at it", "@tocsin"), "it is not so bad"
    await story.ben.types("follow orders", "general")
    assert story.ben.reads("We look at it", "@tocsin"), "what is open now belongs to it"
    await story.ana.types("sev 1 it spreads")
    assert story.li.reads("SEV1 · Investigating", "@tocsin")


async def test_nobody_follows_what_few_may_see(story: Story) -> None:
    await story.li.types("follow sev1", "general")
    await story.ana.types("declare A leak sev1 --private", "general")
    assert not story.li.reads("A leak", "@tocsin")
    assert "There is no INC-1, or you cannot see it" in await story.li.types("follow INC-1", "general")
