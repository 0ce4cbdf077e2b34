"""F19: alerts fire, and nothing is heard of them any more: people are asked once, and nothing is closed."""

from bot.flows.absence import database_was_away
from tests.stories.story import Story

ASKED = "nothing was heard of them since"


def asked(story: Story) -> list[str]:
    return [line for line in story.ana.sees(story.rooms[0].id) if ASKED in line]


async def test_nothing_is_heard_any_more(story: Story) -> None:
    """From the last word on: a repetition counts, other incidents do not."""
    await story.alert(service="orders")
    await story.ana.click("I have it", "@tocsin")
    await story.forward("5h")
    assert await story.alert(service="orders") == "repeat"
    await story.forward("8h59m")
    assert asked(story) == []
    await story.forward("2m")
    await story.settle()
    [line] = asked(story)
    assert line.startswith("The alerts still fire, but nothing was heard of them since 2033-01-03 14:00")
    assert "(9\u00a0h). Is it over, Ana? Then say `/tocsin resolve`; I close nothing by myself." in line
    await story.forward("1d")
    assert len(asked(story)) == 1, "once"
    assert (await story.incident()).status.open


async def test_an_alert_that_cleared_or_an_end_is_not_asked_about(story: Story) -> None:
    await story.alert(service="orders")
    await story.ana.click("I have it", "@tocsin")
    await story.clears(service="orders")
    await story.forward("10h")
    assert asked(story) == []
    await story.ana.types("resolve")
    await story.forward("10h")
    assert asked(story) == []


async def test_how_long_is_long(unbegun: Story) -> None:
    """As the route says; a reopened incident is watched anew; while no alert could reach us, their silence says nothing."""
    story = unbegun
    story.configure("routes.yaml", ("    do: open\n", "    do: open\n    stale_after: 2h\n"))
    await story.start()
    await story.alert(service="orders")
    await story.ana.types("resolve")
    await story.ana.types("reopen it fails again")
    began = story.clock.now()
    await story.forward("1h")
    await database_was_away(story.running.desk, began, story.clock.now())
    await story.forward("1h59m")
    assert asked(story) == []
    await story.forward("2m")
    await story.settle()
    assert len(asked(story)) == 1
