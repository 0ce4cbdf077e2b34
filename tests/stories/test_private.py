"""Private later: a new channel, the same people, what we said for everybody is gone; and tests, which tell nobody."""

import asyncio

from bot.domain.terms import Kind
from tests.stories.story import Story


async def test_private_later(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    mia = story.person("mia")
    await mia.actor.join(story.channel.id)
    old = story.channel
    assert len(story.workspace.channel("incidents").posts) == 1
    said = await story.ana.types("private")
    assert "stays readable for whoever could read it" in said
    assert not (await story.incident()).private, "it asks first"
    await story.ana.click("Make it private")
    new = story.channel
    assert (new.id != old.id, new.channel.kind, new.name) == (True, "private", "inc-1-databasedown-on-orders-2")
    assert set(new.members) == {"ana", "tocsin"}, "who only looked on is not taken along"
    assert old.archived
    assert old.last.text_has("What was written before")
    assert new.has("What was written before")
    assert new.posts[0].text_has("Investigating"), "the card"
    assert not any(post.text_has("DatabaseDown") for post in story.workspace.channel("incidents").posts)
    assert "No incident is open." in await mia.types("list", "general")
    assert "There is no INC-1" in await mia.types("timeline INC-1", "general")
    assert "INC-1 is private already" in await story.ana.clicks(story.ana.keeps("Make it private", old.id))
    await story.ana.types("status identified it is the disk")
    assert story.channel.topic.startswith("INC-1 · SEV2 · Identified")
    assert new.has("Investigating → Identified")
    assert "EffectFailed" not in await story.kinds()


async def test_two_make_it_private_at_once(story: Story) -> None:
    await story.alert()
    await story.ben.actor.join(story.channel.id)
    for who in (story.ana, story.ben):
        await who.types("private")
    stale = [who.keeps("Make it private") for who in (story.ana, story.ben)]
    await asyncio.gather(story.ana.clicks(stale[0]), story.ben.clicks(stale[1]))
    assert (await story.kinds()).count("MadePrivate") == 1
    assert len(story.rooms) == 2


async def test_a_test_tells_nobody_until_it_is_real(story: Story) -> None:
    said = await story.ana.types("test", "general")
    assert "INC-1 is open as a test: nobody is called, nothing is announced." in said
    assert "PageSent" not in await story.kinds()
    assert "NobodyCalled" not in await story.kinds()
    assert story.channel.topic.startswith("TEST")
    assert "incidents" not in {each.name for each in story.workspace.state.channels.values()}
    await story.ana.types("kind real it was none after all")
    assert (await story.incident()).kind is Kind.REAL
    assert story.workspace.channel("incidents").last.text_has("Does Tocsin work here?")
