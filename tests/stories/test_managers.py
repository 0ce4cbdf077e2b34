"""What reaches managers: an update that nobody sends, and the brief in the morning; nothing at night but by their notifier."""

import pytest

from bot.domain.events import UpdateMissed
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
LATE = "the update was due"


async def promised(story: Story) -> None:
    """Ana commands, Ben is her deputy, and an update is due in 20 min."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("role deputy @ben")
    await story.ben.click("I have it", "@tocsin")
    await story.ana.types("update We look at it --next 20m")


async def test_a_missed_update_reaches_the_deputy_and_then_the_manager(story: Story) -> None:
    """Also where the program stops in between."""
    await promised(story)
    await story.forward("21m")
    await story.settle()
    await story.restart()
    await story.forward("5m")
    await story.settle()
    assert story.ben.reads("The update of *INC-1* was due", "@tocsin")
    assert not story.li.reads(LATE, "@tocsin")
    await story.restart()
    await story.forward("5m")
    await story.settle()
    assert story.li.reads(LATE, "@tocsin"), "17:31 in Shanghai"
    assert story.ana.reads("I tell ")
    asked = [event.payload for event in await story.timeline() if isinstance(event.payload, UpdateMissed)]
    assert [one.asked for one in asked] == ["commander", "deputy", "manager"]
    assert ("U0LI", "Asia/Shanghai") in asked[-1].managers
    assert "U0STRANGER" not in dict(asked[-1].managers)
    await story.forward("1h")
    assert sum(LATE in line for line in story.li.sees("@tocsin")) == 1


async def test_who_takes_command_while_it_is_late_is_asked_at_once(story: Story) -> None:
    """And has the time that the first commander had: the managers are told 10 min after that question, deputy or none."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("update We look at it --next 20m")
    await story.forward("27m")
    assert not story.li.reads(LATE, "@tocsin"), "7 min late, and there is no deputy"
    await story.ben.types("role commander @ben")
    await story.settle()
    assert story.ben.reads("The update of *INC-1* was due", "@tocsin")
    await story.forward("9m")
    assert not story.li.reads(LATE, "@tocsin")
    await story.forward("2m")
    await story.settle()
    assert story.li.reads(LATE, "@tocsin")
    asked = [event.payload.asked for event in await story.timeline() if isinstance(event.payload, UpdateMissed)]
    assert asked == ["commander", "commander", "manager"]


async def test_at_night_it_waits_for_the_morning_and_tells_nothing_that_is_over(story: Story) -> None:
    await story.forward("6h")
    await promised(story)
    await story.forward("32m")
    await story.settle()
    assert (await story.kinds()).count("UpdateMissed") == 3
    assert not story.li.reads(LATE, "@tocsin"), "23:32 there"
    await story.ana.types("update It is mended --next 11h")
    await story.forward("9h")
    assert not story.li.reads(LATE, "@tocsin"), "the update came at 23:32"


async def test_the_brief(story: Story) -> None:
    """At 08:00 in Shanghai; once; of what this manager may see; and only if there is something to say."""
    await story.alert()
    await story.ana.types("impact trading 40%")
    await story.ana.types("declare A leak sev2 --private", "general")
    await story.forward("14h")
    assert not story.li.reads("Good morning", "@tocsin"), "07:00"
    await story.restart()
    await story.forward("61m")
    [told] = [line for line in story.li.sees("@tocsin") if "Good morning" in line]
    assert "1 incident is open" in told
    assert "impact on *trading*, 40 %" in told
    assert "A leak" not in told
    assert not story.ana.reads("Good morning", "@tocsin"), "she is no manager"
    await story.ana.types("resolve", story.rooms[0].id)
    await story.forward("24h")
    told = [line for line in story.li.sees("@tocsin") if "Good morning" in line][-1]
    assert "No incident is open; 1 has ended" in told
    await story.forward("24h")
    assert sum("Good morning" in line for line in story.li.sees("@tocsin")) == 2, "nothing happened"
