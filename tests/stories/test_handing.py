"""Command and roles change hands, and nobody is left in doubt who has them."""

from bot.flows import review
from tests.stories.story import Story


async def alone(story: Story) -> None:
    """An incident in which Ana alone has answered."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")


async def test_command_is_handed_over_with_a_brief_and_accepted(story: Story) -> None:
    await alone(story)
    await story.ana.types("note the standby is 3 s behind")
    told = await story.ana.types("handoff @ben")
    assert "I have asked Ben. Until they accept, you are commander." in told
    assert (await story.incident()).commander == "U0ANA", "until then the old one commands"
    assert story.ben.reads("Ana hands command to you.", "@tocsin")
    assert story.ben.reads("noted: the standby is 3 s behind", "@tocsin")
    assert story.ben.reads("Until you accept, Ana commands.", "@tocsin")
    assert "is asked already" in await story.ana.types("handoff @ben")
    await story.ben.click("I command", "@tocsin")
    assert (await story.incident()).commander == "U0BEN"
    assert story.ben.reads("You decide, and see to it", "@tocsin")
    assert story.ana.reads("Ben is commander now, after Ana.")


async def test_command_that_nobody_accepts_comes_back_with_a_note(story: Story) -> None:
    await alone(story)
    await story.ana.types("handoff @ben")
    await story.forward("3m10s")
    await story.settle()
    assert (await story.incident()).commander == "U0ANA"
    assert story.ana.reads("Ben did not answer in 3\u00a0min. You still command.", "@tocsin")
    await story.ana.click("Hand over", "@tocsin")
    assert "To whom?" in story.ana.form
    await story.ana.fills(person="U0LI")
    assert "Ana stays commander." in await story.li.click("Not now", "@tocsin")
    assert story.ana.reads("Li cannot take it now. You still command.", "@tocsin")


async def test_what_cannot_be_handed_over(story: Story) -> None:
    await alone(story)
    assert "cannot act here" in await story.ana.types("handoff @stranger")
    assert "Hand it over to somebody else" in await story.ana.types("handoff @ana")
    assert "You are not commander here" in await story.ben.types("handoff @li")


async def test_who_joins_one_who_is_alone_is_asked_once(story: Story) -> None:
    await alone(story)
    await story.li.actor.join(story.channel.id)
    assert "You are here. Ana commands." in await story.li.types("join")
    assert story.li.reads("Ana is alone. What do you take?", "@tocsin")
    assert story.li.reads("[Operations]", "@tocsin")
    assert not (await story.incident()).roles_of("U0LI")
    await story.li.click("Scribe", "@tocsin")
    assert story.li.reads("✓ You are scribe.", "@tocsin")
    assert story.li.reads("Write down what is seen, tried and decided", "@tocsin")
    mia = story.person("mia")
    await mia.actor.join(story.channel.id)
    await mia.types("join")
    assert not mia.reads("What do you take?", "@tocsin"), "two have answered: nobody is alone"


async def test_who_only_watches_is_not_counted_on(story: Story) -> None:
    await alone(story)
    mia = story.person("mia")
    await mia.actor.join(story.channel.id)
    await mia.says("what is going on?")
    assert mia.reads("Ana is alone. What do you take?", "@tocsin")
    assert "nobody counts on you" in await mia.click("Just watching", "@tocsin")
    assert mia.reads("You are watching.", "@tocsin")
    assert not mia.reads("[Just watching]", "@tocsin")
    incident = await story.incident()
    assert (incident.answered, incident.watching) == (("U0ANA",), ("U0MIA",))
    assert "quorum" not in incident.marks


async def test_who_leaves_says_so_and_the_other_carries_it(story: Story) -> None:
    await alone(story)
    await story.ben.types("take operations")
    assert "Ben commands" in await story.ana.types("leave")
    incident = await story.incident()
    assert (incident.commander, incident.answered) == ("U0BEN", ("U0BEN",))
    assert "Nobody commands now." in await story.ben.types("leave")
    assert "You hold no such role" in await story.ben.types("leave")


async def test_who_is_alone_confirms_with_a_reason_that_the_review_shows(story: Story) -> None:
    """The plan wants the commander's word on what the database lead did; Ben is both, and alone."""
    await story.alert()
    await story.ben.click("I have it", "@tocsin")
    for line in ("done 1.1", "done 1.3 no answer", "answer 1.4 yes", "done 2.1"):
        await story.ben.types(line)
    await story.ben.click("Alone, because …")
    await story.ben.fills(why="nobody answers, every minute costs")
    incident = await story.incident()
    desk = story.running.desk
    async with desk.store.read() as reads:
        assert "done, confirmed alone: nobody answers, every minute costs" in await review.draft(desk, reads, incident)
    for line in ("done 2.2", "done 2.3"):
        await story.ben.types(line)
    assert "This plan allows no exception" in await story.ben.types("confirm 2.3 alone, because I must")
    assert "I call Ana." in await story.ben.click("Call somebody")
