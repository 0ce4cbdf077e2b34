"""The Home tab: what waits for whom, drawn when somebody looks, and no more often than something changes."""

import pytest

from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


def published(story: Story) -> int:
    return sum(call.method == "views.publish" for call in story.workspace.state.calls)


async def test_what_waits_for_me(story: Story) -> None:
    assert "No incident is open." in await story.ana.opens_home()
    assert "Nothing." in story.ana.home
    assert "What is broken?" in await story.ana.clicks_home("Declare an incident")
    await story.ana.actor.close()
    await story.alert()
    await story.forward("61s")
    assert "1 incident is open: 1 SEV2." in story.ana.home, "it is looked at again while she may still look"
    assert "you are called: " in story.ana.home
    await story.ana.clicks_home("I have it")
    assert "you are called" not in story.ana.home, "what was done there is seen there at once"
    assert "you are commander" in story.ana.home
    assert "Ana commands" in await story.ben.opens_home()
    await story.ana.types("update We look --next 20m")
    await story.forward("21m")
    assert "the update · late since" in await story.ana.opens_home()
    assert "What is broken" in await story.ana.clicks_home("Update")
    await story.ana.fills(broken="Orders fail.", doing="We look.")
    assert "the update" not in await story.ana.opens_home()
    assert "INC-1" in await story.ana.clicks_home("Summary"), "the answer stands in front of it"
    await story.ana.types("followup alert on the lag of the standby @ben 14d")
    await story.ana.types("resolve")
    assert "*F-1* alert on the lag of the standby · due 2033-01-17 · INC-1" in await story.ben.opens_home()
    assert "Your follow-ups" not in await story.ana.opens_home(), "it is his"


async def test_it_is_sent_when_it_says_something_else(story: Story) -> None:
    """Ten minutes of looking, and many changes of what it does not say, are one call."""
    await story.alert()
    await story.ana.opens_home()
    before = published(story)
    await story.ana.opens_home()
    await story.forward("3m")
    assert published(story) == before
    await story.ben.types("ack")
    await story.forward("1m")
    assert published(story) == before + 1
    await story.forward("15m")
    await story.ana.types("sev 1 it spreads")
    await story.forward("5m")
    assert published(story) == before + 1, "nobody looks any more"
    assert "SEV1" in await story.ana.opens_home()


async def test_nobody_sees_a_private_one(story: Story) -> None:
    await story.ana.types("declare A leak sev2 --private", "general")
    assert "A leak" in await story.ana.opens_home()
    assert "A leak" not in await story.ben.opens_home()
    await story.ana.types("resolve it is closed")
    await story.ana.types("resolve")
    assert "A leak" not in await story.ben.opens_home(), "not when it has ended, either"


async def test_managers_see_how_bad_it_is(story: Story) -> None:
    await story.alert()
    await story.ana.types("impact trading 40%")
    await story.ana.types("update We look at it")
    seen = await story.li.opens_home()
    assert "impact on *trading*, 40 %" in seen
    assert "last update" in seen
    assert "last update" not in await story.ben.opens_home()


async def test_a_limit_of_slack_delays_it(story: Story) -> None:
    await story.alert()
    story.workspace.fault("views.publish", "ratelimited", after=5)
    await story.ana.actor.open_home()
    await story.forward("8s")
    assert "1 incident is open" in story.ana.home
