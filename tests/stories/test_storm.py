"""A storm: more alerts than anybody wants channels for. The rest is one incident that names what joined it."""

from bot.domain.terms import Severity
from tests.stories.story import Story

TITLE = "Orders <!channel> *fail*\nsince <https://evil.example|now>"


async def five_channels(story: Story) -> None:
    for n in range(5):
        assert await story.alert(f"Down{n}", service=f"shop-{n}") == "open"


async def test_what_joined_is_named_in_one_message(story: Story) -> None:
    """The worst first, as it was written, brought up to date in place; nothing pings, nothing is run."""
    await five_channels(story)
    assert await story.alert("Hung", service="gateway", severity="warning") == "storm"
    assert story.channel.name == "inc-6-alert-storm"
    for n in range(12):
        await story.alert(f"Slow{n}", service=f"depot-{n}", severity="info")
    assert await story.alert("Odd", service="tills", summary=TITLE) == "storm"
    posts = story.channel.posts
    assert len(posts) == 3, "card, what joined, first step: nothing for each alert"
    assert story.ana.reads("(14 so far)")
    [digest] = [post for post in posts if post.text_has("gathered here")]
    lines = digest.text.splitlines()
    assert "• SEV2 tills: Orders" in lines[1], lines
    assert "• SEV3 gateway: Hung on gateway" in lines[2]
    assert lines[11] == "and 4 more"
    assert "<!channel>" not in str(digest.message.blocks)
    incident = await story.incident(6)
    assert (incident.severity, incident.attempts) == (Severity.SEV2, ())
    assert [(walk.plan, walk.why) for walk in incident.walks] == [("default", "storm")]
    await story.ana.actor.join(story.channel.id)
    assert "depot-3: Slow3 on depot-3" in await story.ana.types("timeline")


async def test_what_may_not_wait_joins_and_its_people_are_called(story: Story) -> None:
    """Three channels of their own for tier 1; then who is on call is called into the storm, once, and the next after them."""
    for n in range(3):
        assert await story.alert(f"Down{n}", service="orders") == "open"
    assert await story.alert("Down3", service="orders") == "storm"
    assert await story.alert("Down4", service="orders") == "storm"
    assert (await story.kinds(4)).count("PageSent") == 1
    assert story.ana.reads("You are on call for orders, which is part of an alert storm.", "@tocsin")
    assert "ana" in story.channel.members
    await story.forward("2m10s")
    await story.settle()
    assert story.ben.reads("You are on call for orders, which is part of an alert storm.", "@tocsin")
    await story.ben.click("I have it", "@tocsin")
    await story.forward("11m")
    assert (await story.kinds(4)).count("PageSent") == 2
