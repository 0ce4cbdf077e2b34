"""A channel that was there before, and an incident that was over before it was entered."""

import asyncio

import pytest

from bot.domain.facts import facts_of
from bot.domain.terms import MINUTE, Kind, Milestone, Severity, Source, Status
from bot.workspace import CannotDo
from tests.fakes import NINE
from tests.stories.story import Story


async def test_the_channel_that_people_talk_in_already(story: Story) -> None:
    room = story.workspace.add_channel("war-room", "U0ANA", "U0BEN")
    said = await story.ana.types("adopt Orders cannot be placed sev2 orders --private", "war-room")
    assert "Everybody can read this channel" in said
    assert "For example: `/tocsin declare Orders cannot be placed sev2 orders --private`" in said
    await story.ana.types("adopt", "war-room")
    with pytest.raises(CannotDo, match="Everybody can read this channel"):
        await story.ana.fills(title="Orders cannot be placed", private="private")
    line = "/tocsin adopt Orders cannot be placed sev2 orders"
    await asyncio.gather(*(who.actor.command(line, "war-room") for who in (story.ana, story.ben)))
    await story.settle()
    told = [who.reads("This is the channel of *INC-1*", "war-room") for who in (story.ana, story.ben)]
    assert sorted(told) == [False, True]
    assert story.rooms == [], "no other one is made"
    assert room.topic.startswith("INC-1 · SEV2")
    assert room.has("Orders cannot be placed")
    assert "on the timeline" in await story.ana.types("note it began at nine", "war-room")
    incident = await story.incident()
    assert (incident.channel, incident.private) == (room.id, False)
    await story.ana.actor.join("incidents")
    assert "channel of the announcements" in await story.ana.types("adopt Something else", "incidents")
    said = await story.ana.mentions("adopt Orders cannot be placed", "incidents")
    assert "as a command: `/tocsin adopt Orders cannot be placed sev2`" in said


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_channel_of_a_team_stays_theirs(story: Story) -> None:
    """It is archived only when somebody says it again, knowing whose it is."""
    room = story.workspace.add_channel("war-room", "U0ANA", "U0BEN")
    await story.ana.types("adopt Orders cannot be placed sev2 orders", "war-room")
    assert (await story.incident()).name == "war-room"
    assert "is the incident's now" in await story.ana.types("timeline", "war-room")
    assert "is older than INC-1" in await story.ana.types("private", "war-room")
    for word in ("resolve", "close"):
        await story.ana.types(word, "war-room")
    said = await story.ana.types("archive", "war-room")
    assert "people had it before" in said
    assert not room.archived, "it is the team's"
    await story.ana.click("Archive it for everybody", "war-room")
    assert room.archived
    await story.ana.types("reopen INC-1 it fails again", "general")
    assert [one.name for one in story.rooms] == ["inc-1-orders-cannot-be-placed"]


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_who_adopts_is_told_what_who_declares_is_told(story: Story) -> None:
    await story.alert()
    story.workspace.add_channel("team", "U0ANA")
    assert "This may be open already" in await story.ana.types("adopt Orders are lost sev2 orders", "team")
    said = await story.ana.click("Open anyway", "team")
    assert "INC-2 is open as SEV2, in this channel." in said
    assert "is called" in said
    story.workspace.add_channel("coffee", "U0ANA")
    said = await story.ana.types("adopt Payments broken", "coffee")
    assert "Nobody has said how bad it is" in said
    assert "Nobody was called: nobody is on call for it." in said


async def test_a_private_channel_is_a_private_incident(story: Story) -> None:
    """Where we are not let in, a private channel is made."""
    story.workspace.add_channel("secret", "U0ANA", private=True)
    await story.ana.types("adopt Salaries were leaked sev2", "secret")
    incident = await story.incident()
    assert incident.private
    assert (incident.leaving, incident.moved) == (False, 0)
    assert (story.channel.name, story.channel.channel.kind) == ("inc-1-salaries-were-leaked", "private")
    assert "incidents" not in {each.name for each in story.workspace.state.channels.values()}


async def test_entered_afterwards(story: Story) -> None:
    """Its numbers are there, nobody is told, and what cannot be true is refused."""
    before = len(story.workspace.state.calls)
    say = story.ana.types
    assert "back before it began" in await say("backfill Orders hung began 08:40 back 08:20", "general")
    assert "If so, say the day" in await say("backfill Orders hung began 10:00 back 08:20", "general"), "not 22 hours"
    assert "Say when it began" in await say("backfill Orders hung back 08:20", "general")
    assert "There are: began, found, mitigated, back" in await say("backfill Orders hung known 08:20", "general")
    said = await say("backfill Orders hung sev2 orders began 07:00 mitigated 07:30 back 07:40 a full disk", "general")
    assert "INC-1 is entered" in said
    incident = await story.incident()
    facts = facts_of(incident)
    assert (incident.kind, incident.status, incident.severity) == (Kind.BACKFILL, Status.RESOLVED, Severity.SEV2)
    assert (facts.found, incident.mark(Milestone.STARTED)) == ("unknown", NINE - 120 * MINUTE)
    assert incident.marks["recovered"].source is Source.MANUAL_BACKFILL
    assert incident.mark(Milestone.RECOVERED) == NINE - 80 * MINUTE
    assert story.rooms == []
    posted = [call for call in story.workspace.state.calls[before:] if call.method == "chat.postMessage"]
    assert posted == []
    assert "a full disk" in await say("timeline INC-1", "general")
    assert "INC-1 is closed" in await say("close INC-1", "general")
    await say("backfill", "general")
    with pytest.raises(CannotDo, match="I cannot read"):
        await story.ana.fills(title="Gateway hung", began="morning", back="08:00")
    await story.ana.fills(title="Gateway hung", began="yesterday 08:00", back="yesterday 09:00")
    assert (await story.incident(2)).title == "Gateway hung"
