"""Somebody should be called and nobody can be: it is said where people look, and tried again until somebody has it."""

from dataclasses import replace

from bot.domain.events import NobodyCalled
from bot.domain.oncall import Schedule
from tests.stories.story import Story

SAID = "Nobody was called: nobody is on call (`default`). Take it, or call somebody."


async def test_nobody_is_on_call(story: Story) -> None:
    """One calm line on the card, no message of its own; it goes when somebody takes it; the timeline keeps it."""
    assert await story.alert("Odd", service="tills") == "open"
    card = story.channel.posts[0]
    assert card.text_has(SAID)
    assert len(story.channel.posts) == 3
    await story.forward("25m")
    assert (await story.kinds()).count("NobodyCalled") == 1, "it is looked for again, and said once"
    await story.ana.actor.join(story.channel.id)
    await story.ana.click("Take it")
    assert not story.channel.posts[0].text_has("Nobody was called")
    assert "nobody is on call for tills. Tried: `default`." in await story.ana.types("timeline")


async def test_the_rota_is_there_ten_minutes_later(story: Story) -> None:
    await story.alert("Odd", service="tills")
    organisation = story.running.desk.organisation
    rotas = {**organisation.oncall.schedules, "default": Schedule("default", ("U0LI",))}
    story.running.desk.organisation = replace(organisation, oncall=replace(organisation.oncall, schedules=rotas))
    await story.forward("10m10s")
    await story.settle()
    assert story.li.reads("You are on call for tills", "@tocsin")
    assert not story.channel.posts[0].text_has("Nobody was called")


async def test_who_left_the_company_is_passed_over(story: Story) -> None:
    """A rota names Ana and Ben; Ana's account is deactivated, and then Ben's, too."""
    story.workspace.change_person("ana", deleted=True)
    await story.settle()
    await story.alert(service="orders")
    assert story.ben.reads("You are on call for orders", "@tocsin")
    story.workspace.change_person("ben", deleted=True)
    await story.settle()
    await story.alert("Hung", service="gateway")
    [nobody] = [event.payload for event in await story.timeline(2) if isinstance(event.payload, NobodyCalled)]
    assert (nobody.service, nobody.names) == ("gateway", "platform, default")
    assert story.channel.posts[0].text_has("nobody is on call (`platform`, `default`)")


async def test_who_declares_and_is_on_call_wakes_nobody(story: Story) -> None:
    said = await story.ana.types("declare Orders are slow sev2 orders", "general")
    assert "You are on call for it, so nobody else is called." in said
    assert "PageSent" not in await story.kinds()
    await story.person("mia").types("declare The archive is full sev3 tills", "general")
    assert (await story.kinds(2)).count("NobodyCalled") == 1


async def test_who_is_called_for_a_declaration_is_called_until_somebody_answers(story: Story) -> None:
    await story.person("mia").types("declare Orders are slow sev2 orders", "general")
    assert story.ana.reads("You are on call for orders", "@tocsin")
    await story.forward("2m10s")
    await story.settle()
    assert story.ben.reads("You are on call for orders", "@tocsin")
    await story.ben.click("I have it", "@tocsin")
    assert (await story.incident()).commander == "U0BEN"
    await story.forward("11m")
    assert (await story.kinds()).count("PageSent") == 2
