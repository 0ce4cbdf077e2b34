"""Declined, taken back, watched, paused, set right, archived: each by words and by button, and what wrong words get."""

import asyncio

import pytest

from bot.domain.terms import HOUR, MINUTE, Kind, Milestone, Severity, Status
from bot.workspace import CannotDo
from tests.fakes import NINE
from tests.stories.story import Story


@pytest.fixture
async def open_story(story: Story) -> Story:
    await story.alert()
    await story.ana.types("ack")
    return story


async def test_no_incident(open_story: Story) -> None:
    """Four reasons; wrong ones are told with an example; it counts nowhere, and can be opened again."""
    story = open_story
    said = await story.ben.types("decline it is boring")
    assert "Why is it none? false alarm, mistake, not an incident, or same as INC-7." in said
    assert "/tocsin decline false alarm" in said
    assert "Name it: INC-7" in await story.ben.types("decline same as the other")
    assert "`/tocsin decline mistake`" in await story.ben.types("status cancelled")
    await story.ben.types("decline")
    with pytest.raises(CannotDo, match="Name it: INC-7"):
        await story.ben.fills(why="same")
    await story.ben.fills(why="false_alarm", reason="it was the backup")
    assert (await story.incident()).status is Status.FALSE_POSITIVE
    assert story.channel.topic.startswith("INC-1 · SEV2 · False alarm")
    assert "[Archive] [Reopen]" in "\n".join(story.ana.sees())
    assert "has been false positive since" in await story.ana.types("decline false alarm")
    assert "Ben ended it" in await story.ana.types("decline mistake it was me")
    assert (await story.incident()).status is Status.FALSE_POSITIVE
    assert "counts in no number" in await story.ana.click("It is no incident")
    assert (await story.incident()).status is Status.CANCELLED
    assert "INC-1 is open again" in await story.ana.types("reopen it was one after all")


async def test_a_wrong_click_on_resolve_is_taken_back(open_story: Story) -> None:
    """As if it had never happened, numbers and draft included; a second undo and somebody else's change ask first."""
    story = open_story
    assert "You have changed nothing here" in await story.ben.types("undo")
    await story.ana.types("resolve --at -1m")
    assert (await story.incident()).status is Status.RESOLVED
    assert "[Take it back]" in await story.ben.types("undo")
    await story.forward("30s")
    assert "Taken back: Ana resolved INC-1." in await story.ana.types("undo")
    incident = await story.incident()
    assert (incident.status, incident.reopened, incident.mark(Milestone.RECOVERED)) == (
        Status.INVESTIGATING,
        (),
        None,
    )
    assert len([post for post in story.channel.posts if post.text_has("was resolved by mistake")]) == 1
    assert "resolved INC-1" not in await story.ana.types("timeline")
    assert "You have changed nothing here" in await story.ana.types("undo")


@pytest.mark.slow
async def test_what_can_be_taken_back_and_what_not(open_story: Story) -> None:
    story = open_story
    await story.ana.types("sev 1 all of it")
    await story.ana.types("undo")
    assert (await story.incident()).severity is Severity.SEV2
    await story.ana.types("status identified it is the disk")
    await story.ben.types("status mitigating")
    assert "Ben has changed it since" in await story.ana.types("undo")
    await story.ana.types("note nonsense")
    await story.ana.types("undo")
    assert "nonsense" not in await story.ana.types("timeline")
    await story.ben.click("Take it back") if story.ben.reads("[Take it back]") else None
    await story.ana.types("update We look at it")
    await story.forward("3m")
    await story.ana.types("update We still look at it")
    assert "others have read it" in await story.ana.types("undo")
    await story.ana.types("mark known --at -1m")
    await story.forward("2m10s")
    assert "in the last 2 minutes" in await story.ana.types("undo")


async def test_what_was_no_end_is_taken_back_without_a_word_on_one(open_story: Story) -> None:
    story = open_story
    await story.ana.types("status identified it is the disk")
    await story.ana.types("undo")
    assert not story.channel.has("by mistake")
    await story.ana.types("resolve")
    await story.ana.types("reopen it is not over")
    await story.ana.types("status identified it is the disk")
    await story.ana.types("undo")
    assert not story.channel.has("by mistake")


async def test_what_is_so_already_is_said_and_no_reason_is_lost_silently(open_story: Story) -> None:
    story = open_story
    await story.ana.types("sev 1")
    assert await story.ana.types("sev 1") == "INC-1 is SEV1 already."
    said = await story.ana.types("sev 1 all of it")
    assert "Nothing was recorded. To add why, say `/tocsin note all of it`." in said
    await story.ana.types("status identified")
    assert "INC-1 is identified already." in await story.ana.types("status identified it is the disk")
    assert (await story.kinds()).count("SeverityChanged") == 1


async def test_who_was_asked_is_asked_still_when_an_end_is_taken_back(story: Story) -> None:
    """Their messages have their buttons again, and the time that they have to answer begins where it stood."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("page @li")
    await story.forward("1m")
    await story.ana.types("resolve")
    assert "It is over: you are not asked any more." in story.ben.sees("@tocsin")[-1]
    await story.forward("1m")
    await story.ana.types("undo")
    for who in (story.ben, story.li):
        assert "[I have it] [I can't]" in who.sees("@tocsin")[-1]
    await story.ben.click("I have it", "@tocsin")
    assert (await story.incident()).holder("database lead") == "U0BEN"
    await story.until(lambda: story.channel.has("Nobody comes") or story.channel.has("nobody has answered"), "5m")


async def test_in_a_pause_nobody_is_judged_for_a_role(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("pause the vendor calls back")
    await story.forward("20m")
    assert not story.li.sees("@tocsin"), "the standby is not asked meanwhile"
    await story.ana.types("resume")
    await story.forward("2m")
    assert not story.li.sees("@tocsin")
    await story.until(lambda: story.li.reads("You are the standby", "@tocsin"), "4m")


async def test_two_take_it_back_at_once(open_story: Story) -> None:
    story = open_story
    await story.ana.types("resolve")
    await asyncio.gather(*(story.ana.actor.command("/tocsin undo", story.channel.id) for _ in range(2)))
    await story.settle()
    assert (await story.kinds()).count("Undone") == 1
    assert (await story.incident()).status is Status.INVESTIGATING


async def test_kept_open_through_the_opening(open_story: Story) -> None:
    """No question before its time, a second look before it is resolved, then the question."""
    story = open_story
    assert "I cannot read `noon`" in await story.ana.types("watch until noon")
    said = await story.ana.types("watch until 11:45")
    assert "INC-1 stays open until" in said
    assert (await story.incident()).watched_until == NINE + 2 * HOUR + 45 * MINUTE  # Lisbon is at UTC
    assert story.ana.reads("Ana keeps it open until")
    await story.clears()
    assert not story.ana.reads("Back to normal since")
    assert "[Resolve anyway]" in await story.ben.types("resolve")
    assert (await story.incident()).status.open
    await story.forward("2h46m")
    await story.settle()
    assert story.ana.reads("Back to normal since")
    await story.ana.click("Yes")
    assert (await story.incident()).status is Status.RESOLVED


async def test_a_pause_reminds_nobody(open_story: Story) -> None:
    story = open_story
    await story.ana.types("update We wait for the vendor --next 20m")
    assert "what you wait for" not in await story.ana.types("pause")
    await story.ana.fills(reason="the vendor calls back at 10:00")
    assert "It is paused since" in await story.ben.types("pause something else")
    assert story.ana.reads("Paused since")
    await story.forward("1h")
    await story.settle()
    assert not story.ana.reads("The update of", "@tocsin")
    assert "StepOverdue" not in await story.kinds()
    await story.ben.click("Resume")
    assert "INC-1 is not paused" in await story.ana.types("resume")
    await story.forward("21m")
    await story.settle()
    assert story.ana.reads("The update of *INC-1* was due", "@tocsin")


async def test_times_are_set_right_with_a_reason(open_story: Story) -> None:
    story = open_story
    await story.forward("1h")
    said = await story.ana.types("times")
    assert "Cause known (known): not known" in said
    assert "[Set them right]" in said
    assert "Did you mean" in await story.ana.types("times begann 09:10 because so")
    assert "Name a moment" in await story.ana.types("times they are wrong")
    said = await story.ana.types("times began 08:50 mitigated 09:30 back 09:20 because the graph says so")
    assert "“Back to normal” is before “Mitigated”. Is that right?" in said
    incident = await story.incident()
    assert incident.mark(Milestone.STARTED) == NINE - 10 * MINUTE
    await story.ana.click("Set them right")
    with pytest.raises(CannotDo, match="I cannot read"):
        await story.ana.fills(back="lunch", reason="x")
    await story.ana.fills(back="2033-01-03 09:40", reason="the graph again")
    mark = (await story.incident()).marks["recovered"]
    assert (mark.at, mark.revision) == (NINE + 40 * MINUTE, 1)


async def test_kinds_and_the_archive(open_story: Story) -> None:
    story = open_story
    assert "I do not know the kind `real-ish`" in await story.ana.types("kind real-ish")
    await story.ana.types("kind drill")
    await story.ana.fills(reason="we practised")
    assert (await story.incident()).kind is Kind.DRILL
    assert story.channel.topic.startswith("DRILL")
    assert "Its channel is archived once it is closed" in await story.ana.types("archive")
    await story.ana.types("resolve")
    await story.ana.types("close")
    await story.ana.click("Archive")
    assert story.channel.archived
    assert story.channel.has("Ana archives this channel")
    assert "is archived already" in await story.ben.types("archive INC-1", "general")
    await story.ben.types("reopen INC-1 it fails again", "general")
    assert [room.name for room in story.rooms] == ["inc-1-databasedown-on-orders", "inc-1-databasedown-on-orders-2"]
    assert story.channel.has("Ben: Closed → Investigating: it fails again")
    assert {"ana", "ben"} <= set(story.channel.members)


async def test_reopened_before_slack_has_put_the_channel_away(open_story: Story) -> None:
    story = open_story
    await story.ana.types("resolve")
    await story.ana.types("close")
    story.workspace.fault("conversations.archive", "503", times=6)
    await story.ana.click("Archive")
    await story.ben.types("reopen it fails again")
    await story.forward("5m")
    assert [room.archived for room in story.rooms] == [True, False]
    assert story.channel.has("Ben: Closed → Investigating: it fails again")
