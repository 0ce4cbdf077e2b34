"""Private later: a new channel, the same people, what we said for everybody is gone; and tests, which tell nobody."""

import asyncio

import pytest

from bot.domain.terms import Kind
from bot.workspace import CannotDo
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
    await story.ana.actor.click("Make it private", old.id)
    await mia.actor.command("/tocsin times", old.id)
    assert (await story.incident()).leaving, "there is no other channel yet"
    assert mia.reads("There is no INC-1, or you cannot see it", old.id)
    await story.settle()
    assert not (await story.incident()).leaving
    new = story.channel
    assert (new.id != old.id, new.channel.kind, new.name) == (True, "private", "inc-1-databasedown-on-orders-2")
    assert set(new.members) == {"ana", "tocsin"}, "who only looked on is not taken along"
    assert old.archived
    assert old.last.text_has("What was written before")
    assert new.posts[0].text_has("Investigating"), "the card"
    comes_along(story)
    assert not any(post.text_has("DatabaseDown") for post in story.workspace.channel("incidents").posts)
    await nobody_else_finds_it(story)
    assert "INC-1 is private already" in await story.ana.clicks(story.ana.keeps("Make it private", old.id))
    await story.ana.types("status identified it is the disk")
    assert story.channel.topic.startswith("INC-1 · SEV2 · Identified")
    assert new.has("Investigating → Identified")
    assert "INC-1 is private already" in await story.ana.types("private"), "nothing is asked that is so"
    assert "EffectFailed" not in await story.kinds()


async def nobody_else_finds_it(story: Story) -> None:
    mia = story.person("mia")
    assert "No incident is open." in await mia.types("list", "general")
    assert "There is no INC-1" in await mia.types("timeline INC-1", "general")
    assert await mia.types("alerts", "general") == "No alert yet."
    assert "in *INC-1*" in await story.ana.types("alerts", "general")


def comes_along(story: Story) -> None:
    """The work, and where direct messages lead: what Ana was sent before, answered or not."""
    led = [line.rpartition("Open #")[2].split()[0] for line in story.ana.sees("@tocsin")]
    assert set(led) == {story.channel.name}
    assert story.channel.has("What was written before")
    assert story.channel.has("Plan: *Fail over the orders database*")
    assert story.ana.reads("[Done] [Skip] [Not mine]")


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
    assert "*INC-1* · TEST · SEV3" in await story.ana.types("list", "general")
    assert (await story.ana.opens_home()).startswith("No incident is open."), "none that counts"
    assert "incidents" not in {each.name for each in story.workspace.state.channels.values()}
    await story.ana.types("kind real it was none after all")
    assert (await story.incident()).kind is Kind.REAL
    assert story.workspace.channel("incidents").last.text_has("Does Tocsin work here?")


ONCE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


@ONCE
async def test_who_followed_and_does_not_see_it_is_told_no_more(story: Story) -> None:
    mia = story.person("mia")
    await story.alert()
    await story.ana.types("ack")
    await mia.actor.join("incidents")
    await mia.click("Follow", "incidents")
    await story.ana.types("update We look at it")
    assert mia.reads("We look at it", "@tocsin")
    await story.ben.types("ack")
    await story.ben.types("follow")
    await story.ana.types("private")
    await story.ana.click("Make it private")
    assert not mia.reads("We look at it", "@tocsin"), "what she was told before is taken away"
    await story.ana.types("update The password of the vault was stolen")
    assert not mia.reads("vault", "@tocsin")
    assert story.ben.reads("vault", "@tocsin"), "he takes part in it"
    assert [one.person for one in (await story.incident()).told.followers] == ["U0BEN"]
    assert "EffectFailed" not in await story.kinds()


@ONCE
async def test_an_update_that_waits_for_the_morning_is_not_sent_if_it_is_private_by_then(story: Story) -> None:
    await story.forward("13h")
    mia = story.person("mia")
    await story.alert()
    await story.ana.types("ack")
    await mia.types("follow INC-1", "general")
    await story.ana.types("update We look at it")
    await story.ana.types("private")
    await story.ana.click("Make it private")
    await story.forward("12h")
    assert not mia.sees("@tocsin")


@ONCE
async def test_the_list_of_another_incident_names_it_no_more(unbegun: Story) -> None:
    story = unbegun
    story.configure("services.yaml", ("id: gateway,", "id: gateway, depends_on: [orders],"))
    await story.start()
    await story.alert("Hung", service="gateway")
    await story.alert(service="orders")
    gateway, orders = story.rooms
    assert story.ben.reads("depending on orders: *INC-1*", orders.id)
    await story.ana.types("private", gateway.id)
    await story.ana.click("Make it private", gateway.id)
    assert not story.ben.reads("INC-1", orders.id)


@ONCE
async def test_outsiders_meet_no_number_of_what_is_private(story: Story) -> None:
    mia = story.person("mia")
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("declare Breach by an insider sev1 —private", "general")
    room, secret = story.rooms[0].id, story.rooms[1]
    assert secret.channel.kind == "private"
    assert "There is no INC-2" in await mia.types("decline INC-1 same as INC-2", "general")
    await story.ana.types("merge INC-1", secret.id)
    await story.ana.click("Fold INC-1 in", secret.id)
    assert (await story.incident(1)).merged_into == 2
    said = await mia.types("drill default", "general")
    assert "Not now: another incident is real and needs everybody." in said
    said = await mia.types("timeline INC-1", "general")
    assert "folded INC-1 into an incident that is not public" in said
    assert "INC-2" not in said
    everywhere = [*mia.sees("incidents"), *story.ben.sees(room), story.rooms[0].topic]
    assert not [line for line in everywhere if "INC-2" in line]
    said = await mia.types("split INC-1", "general")
    assert "INC-1 is folded into an incident that is not public. Only who sees that one can part them." in said
    assert (await story.incident(1)).merged_into == 2
    await story.ana.types("split INC-1", "general")
    assert (await story.incident(1)).status.open
    assert "INC-2" not in await mia.types("timeline INC-1", "general")


@ONCE
async def test_a_drill_makes_way_for_what_is_private_and_does_not_name_it(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ben.types("declare Breach by an insider sev1 --private", "general")
    await story.forward("10s")
    assert story.ana.reads("The drill stops: another incident is real.", story.rooms[0].id)
    assert not (await story.incident(1)).status.open
    assert not story.ana.reads("INC-2", story.rooms[0].id)


@ONCE
async def test_alerts_of_a_private_incident_are_taken_by_nobody_else(unbegun: Story) -> None:
    """Whoever may not see it reads that the alert is gone, by a button from before."""
    story = unbegun
    story.configure("routes.yaml", ("do: open", "do: record"))
    await story.start()
    await story.alert()
    for who in (story.ana, story.person("mia")):
        await who.types("alerts", "general")
    stale = story.person("mia").keeps("Declare DatabaseDown on orders", "general")
    await story.ana.click("Declare DatabaseDown on orders", "general")
    await story.ana.fills(private="private")
    await story.person("mia").clicks(stale)
    with pytest.raises(CannotDo, match="not known any more"):
        await story.person("mia").fills()
    assert (await story.incident()).alerts.firing == 1
    assert len(story.rooms) == 1


@ONCE
async def test_who_is_asked_for_a_yes_sees_what_it_is_for(story: Story) -> None:
    """Ben is asked before it is private, and takes no part in it: his card goes on, and what he said yes to, he may read."""
    assert await story.alert("Hung", service="gateway") == "open"
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.ben.reads("[Approve]", "@tocsin")
    await story.ana.types("private")
    await story.ana.click("Make it private")
    await story.settle()
    assert "There is no INC-1" in await story.person("mia").types("summary INC-1", "general")
    await story.ben.types("summary INC-1", "general")
    await story.ben.click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]
    assert "INC-1" in await story.ben.types("list", "general")
