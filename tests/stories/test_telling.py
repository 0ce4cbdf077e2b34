"""What people tell: decided, tried, seen, impact; messages by their shortcuts; each by words and by button."""

import pytest

from bot.domain.events import Pinned, SeenBy
from bot.domain.facts import found_by
from bot.domain.reading import posted
from bot.domain.terms import MINUTE
from bot.domain.told import Impact
from bot.workspace import CannotDo
from tests.fakes import NINE
from tests.stories.story import Story
from tests.stories.ways import WAYS


@WAYS
async def test_what_was_decided_and_tried(story: Story) -> None:
    """A line in the card's thread and on the timeline; the wrong thing is asked back; undone within two minutes."""
    await story.alert()
    await story.ben.actor.join(story.channel.id)
    assert "It is on the timeline." in await story.ana.types("decide we fail over at 09:15")
    assert "Once you know what came of it: `tried restart of gw-3 → …`" in await story.ana.types(
        "tried restart of gw-3"
    )
    await story.ben.types("tried restart of gw-3 -> no change --at 08:59")
    await story.ana.click("More")
    await story.ana.click("Decision")
    await story.ana.fills(text="nobody deploys until noon")
    await story.ben.types("tried")
    await story.ben.fills(text="flush of the cache", result="worse")
    said = await story.ana.types("timeline")
    for words in (
        "Ana decided: we fail over at 09:15",
        "08:59:00 UTC Ben tried: restart of gw-3 → no change",
        "Ana decided: nobody deploys until noon",
        "Ben tried: flush of the cache → worse",
    ):
        assert words in said
    assert story.ben.reads("Ana decided: we fail over at 09:15")
    await story.ben.types("undo")
    assert "flush of the cache" not in await story.ana.types("timeline")


async def test_who_sees_it(story: Story) -> None:
    """By words, by form, from a message elsewhere; it counts in how it was found."""
    await story.alert()
    await story.ben.actor.join(story.channel.id)
    assert "Say one of: customer, business, colleague, partner" in await story.ben.types("seen orders time out")
    assert "Did you mean *customer*?" in await story.ben.types("seen custmer orders time out")
    await story.ben.types("seen customer orders time out --at 08:58")
    ts = await story.li.says("I cannot log in either", "general")
    await story.forward("2m")
    await story.ben.actor.shortcut("Add as a report", "general", ts)
    await story.settle()
    await story.ben.click("INC-1", "general")
    assert story.ben.actor.modal is not None
    assert "I cannot log in either" in str(story.ben.actor.modal.body)
    await story.ben.fills(who="colleague")
    [first, second] = [event for event in await story.timeline() if isinstance(event.payload, SeenBy)]
    assert (first.occurred_at, second.occurred_at) == (NINE - 2 * MINUTE, posted(ts))
    said = await story.ana.types("timeline INC-1")
    assert "A customer sees it, says Ben: orders time out" in said
    assert "A colleague sees it, says Li: I cannot log in either" in said
    assert found_by(await story.incident()) == "people_before_monitoring"


async def test_who_reads_the_announcement_sees_it_too(story: Story) -> None:
    """One click, once; it answers no call and makes nobody commander; what they see may be said afterwards."""
    await story.alert()
    mia = story.person("mia")
    await mia.actor.join("incidents")
    assert "it is noted that you see it, too" in await mia.click("I see it too", "incidents")
    assert "noted already" in await mia.click("I see it too", "incidents")
    incident = await story.incident()
    assert (incident.commander, incident.answered) == ("", ())
    assert story.ana.reads("[I have it]", "@tocsin"), "the call goes on"
    await mia.click("Say what you see", "incidents")
    await mia.fills(who="business", text="orders time out")
    assert "Mia sees it, too." in await story.ana.types("timeline")


async def test_a_message_of_another_channel_is_put_on_the_timeline(story: Story) -> None:
    await story.alert()
    ts = await story.li.says("the switch in rack 4 was changed at eight", "general")
    await story.ana.actor.shortcut("Add to timeline", "general", ts)
    await story.settle()
    assert "on the timeline" in await story.ana.click("INC-1", "general")
    await story.ana.actor.shortcut("Add to timeline", "general", ts)
    await story.settle()
    assert "It was there already" in await story.ana.click("INC-1", "general")
    await story.ben.actor.join(story.channel.id)
    here = await story.ben.says("it is the switch")
    await story.ana.actor.shortcut("Add to timeline", story.channel.id, here)
    await story.settle()
    pinned = [event.payload for event in await story.timeline() if isinstance(event.payload, Pinned)]
    assert [(one.by, one.text) for one in pinned] == [
        ("U0LI", "the switch in rack 4 was changed at eight"),
        ("U0BEN", "it is the switch"),
    ]


async def test_impact(story: Story) -> None:
    """None, some, and what cannot be; said back as it was understood."""
    await story.alert()
    assert "Recorded: impact on *trading*, 40 %" in await story.ana.types("impact trading 40% from 08:45 to 08:58")
    assert (await story.incident()).told.impact == (
        Impact((await story.incident()).seq, "trading", 40, NINE - 15 * MINUTE, NINE - 2 * MINUTE),
    )
    assert "It was there already" in await story.ana.types("impact trading 40% from 08:45 to 08:58")
    assert "It is 1% to 100%" in await story.ana.types("impact trading 140%")
    assert "I cannot read `lunch` as a time" in await story.ana.types("impact trading from lunch")
    assert "is not after" in await story.ana.types("impact trading from 08:58 to 08:45")
    assert "If so, say the day" in await story.ana.types("impact trading from 09:10 to 08:58"), "9:10 was yesterday"
    assert "Recorded" in await story.ana.types("impact login from 23:50 to 00:10"), "so was 23:50"
    await story.ana.types("impact")
    with pytest.raises(CannotDo, match="how much of it"):
        await story.ana.fills(function="")
    with pytest.raises(CannotDo, match="I cannot read"):
        await story.ana.fills(percent="half")
    with pytest.raises(CannotDo, match="Either nothing"):
        await story.ana.fills(any="none", percent="50")
    await story.ana.fills(any="none", percent="")
    assert (await story.incident()).told.impact == ()
    assert "Ana: no impact" in await story.ana.types("timeline")


async def test_who_joins_late_is_told_where_it_stands(story: Story) -> None:
    """Once, by direct message; who comes at once is left alone."""
    await story.alert()
    await story.ben.actor.join(story.channel.id)
    await story.ana.types("ack")
    await story.ana.types("update We look at the primary --next 20m")
    await story.ana.types("tried restart of gw-3 → no change")
    await story.ana.types("decide we fail over at 09:15")
    await story.ben.types("seen customer orders time out")
    await story.forward("6m")
    for _ in range(2):
        await story.li.actor.join(story.channel.id)
        await story.settle()
        await story.li.actor.leave(story.channel.id)
    offered = [line for line in story.li.sees("@tocsin") if "You have joined *INC-1*, open for" in line]
    assert len(offered) == 1
    assert not story.ben.reads("You have joined", "@tocsin")
    said = await story.li.click("Summary", "@tocsin")
    for words in (
        "Known: We look at the primary (told ",
        "1 alert, 1 still firing. Seen by: A customer.",
        "Nobody has said what it means for the business. The cause is not known yet.",
        "restart of gw-3 → no change (Ana",
        "we fail over at 09:15 (Ana",
        "commands · ",
        "update due",
    ):
        assert words in said
