"""Back to normal, back again, what is kept of what people wrote, and updates."""

import pytest

from bot.domain.events import Pinned
from bot.domain.terms import MINUTE, SECOND, Milestone, Status
from bot.workspace import CannotDo
from tests.stories.story import Story
from tests.stories.ways import WAYS


@WAYS
async def test_it_never_resolves_alone(story: Story) -> None:
    """The question; not yet; the question again; then yes, since when the alerts were quiet."""
    await story.alert()
    await story.ana.types("ack")
    await story.forward("5m")
    await story.clears()
    clear = (await story.incident()).alerts.clear_since
    assert story.ana.reads("Back to normal since")
    await story.forward("10m")
    await story.ana.click("Not yet")
    assert story.ana.reads("Ana: not yet; asked again")
    assert (await story.incident()).status.open
    before = len(story.channel.posts)
    await story.forward("31m")
    await story.settle()
    assert len(story.channel.posts) > before
    assert story.channel.last.text_has("[Yes] [Another time] [Not yet]")
    await story.ana.click("Yes")
    incident = await story.incident()
    assert (incident.status, incident.mark(Milestone.RECOVERED)) == (Status.RESOLVED, clear)


@pytest.mark.slow
async def test_another_time(story: Story) -> None:
    """Resolved with a moment that a person names, in their own zone; what cannot be read is said in the form."""
    await story.alert()
    await story.ana.types("ack")
    await story.forward("5m")
    await story.clears()
    await story.ana.click("Another time")
    with pytest.raises(CannotDo, match="I cannot read"):
        await story.ana.fills(when="around nine")
    await story.ana.fills(when="-3m")
    recovered = (await story.incident()).mark(Milestone.RECOVERED)
    assert recovered is not None
    assert abs(recovered - (story.clock.now() - 3 * MINUTE)) < MINUTE


@pytest.mark.slow
async def test_it_fires_again_within_a_day(story: Story) -> None:
    """The same incident, the same channel, and people are told; after a day it is a new one."""
    await story.alert()
    await story.ana.types("ack")
    await story.clears()
    await story.ana.click("Yes")
    await story.forward("2h")
    assert await story.alert() == "reopen"
    assert (await story.incident()).status is Status.INVESTIGATING
    assert len(story.rooms) == 1
    assert story.ana.reads("again")
    await story.clears()
    await story.ana.types("resolve")
    await story.forward("25h")
    assert await story.alert() == "open"
    assert len(story.rooms) == 2


async def test_a_pin_puts_words_on_the_timeline_and_its_removal_takes_them_off(story: Story) -> None:
    """At their own time, also in a thread; edits of nobody else count; nothing else than 📌 does anything."""
    await story.alert()
    await story.ana.types("ack")
    said = story.clock.now()
    await story.ben.actor.join(story.channel.id)
    ts = await story.ben.actor.say(story.channel.id, "replication stopped at 08:58")
    await story.forward("3m")
    await story.ana.reacts(ts)
    [pinned] = [event for event in await story.timeline() if isinstance(event.payload, Pinned)]
    assert isinstance(pinned.payload, Pinned)
    assert (pinned.payload.text, pinned.occurred_at // SECOND) == ("replication stopped at 08:58", said // SECOND)
    assert "replication stopped" in await story.ana.types("timeline")
    await story.ana.reacts(ts, "white_check_mark")
    await story.ana.reacts(ts, on=False)
    assert (await story.kinds())[-1] == "Unpinned"
    assert "replication stopped" not in await story.ana.types("timeline")
    root = story.channel.posts[0].ts
    reply = await story.ana.says("in the thread", thread=root)
    await story.ana.reacts(reply)
    assert "in the thread" in await story.ana.types("timeline")


async def test_updates_go_out_and_a_missed_one_is_asked_for(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    assert "The next one is due" in await story.ana.types("update We fail over to the standby --next 20m")
    assert story.channel.has("We fail over to the standby")
    assert story.ana.reads("Update due")
    await story.forward("19m")
    assert not story.ana.reads("The update of", "@tocsin")
    await story.forward("2m")
    await story.settle()
    assert story.ana.reads("The update of *INC-1* was due", "@tocsin")
    await story.ana.click("Update", "@tocsin")
    await story.ana.fills(doing="Orders work again.", broken="nothing")
    await story.forward("2h")
    assert (await story.kinds()).count("UpdateMissed") == 3, "the commander, the deputy, the managers"


@pytest.mark.slow
async def test_an_update_reaches_those_who_are_not_in_the_channel(story: Story) -> None:
    """It stands in the announcement until the next one, or the end."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("update Writes fail; @li looks, see #general. --next 20m")
    [announced] = story.workspace.channel("incidents").posts
    assert announced.text_has("Update from Ana")
    assert announced.text_has("Writes fail; @Li looks, see #general.")
    assert announced.text_has("Next update")
    await story.ana.types("update We are on the standby.")
    assert announced.text_has("We are on the standby.")
    assert not announced.text_has("Writes fail")
    await story.ana.types("resolve")
    assert not announced.text_has("Update from")


async def test_an_update_offers_the_plans_words(story: Story) -> None:
    """The step's text is in the form; nobody has to think of words at night."""
    await story.alert()
    await story.ben.types("done 1.1")
    await story.ben.click("Update")
    assert story.ben.actor.modal is not None
    blocks = story.ben.actor.modal.body["blocks"]
    assert "Writes fail. We are looking at the standby." in str(blocks)
    await story.ben.fills()
    assert (await story.kinds()).count("UpdateSent") == 1
