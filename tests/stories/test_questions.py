"""The five questions: on the next working morning, after a restart too, with guesses; and the answers."""

import pytest

from bot.domain.facts import facts_of
from bot.domain.terms import Milestone, Status
from bot.workspace import CannotDo
from tests.fakes import NINE
from tests.stories.story import Story

ASKED = "Only people know this of *INC-1*"


async def resolved(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("resolve")


async def test_they_come_in_the_morning_and_are_answered_once(story: Story) -> None:
    await resolved(story)
    assert "One of the" not in (said := await story.ana.types("close"))
    assert "4 of the five questions are not answered." in said
    await story.forward("24h")
    assert not story.ana.reads(ASKED), "09:00 of the next day"
    await story.restart()
    await story.forward("1h1m")
    await story.settle()
    assert story.ana.reads(ASKED)
    assert story.ana.reads("How was it noticed? Probably: An alert told us")
    assert story.ana.reads(ASKED, "@tocsin"), "who commanded"
    assert not story.ben.reads(ASKED, "@tocsin")
    await story.ana.click("Answer")
    with pytest.raises(CannotDo, match="I cannot read"):
        await story.ana.fills(began="before lunch")
    await story.ana.fills(began="2033-01-03 08:50", noticed="customer", standby="none", impact="some")
    incident = await story.incident()
    assert incident.mark(Milestone.STARTED) == NINE - 600_000_000
    assert facts_of(incident).found == "people_despite_signal"
    assert story.ana.reads("✓ How was it noticed? A customer told us")
    assert story.ana.reads("• What was the cause?")
    await story.ben.actor.join(story.channel.id)
    await story.ben.types("questions")
    await story.ben.fills(causes="CHG.config", words="a time-out was set to 3 ms")
    assert story.ana.reads("✓ The five questions of *INC-1* are answered.")
    assert "What was the cause? Configuration (a time-out was set to 3 ms)" in await story.ben.types("timeline")
    assert (await story.kinds()).count("QuestionsAsked") == 1


async def test_nobody_is_asked_of_what_goes_on_or_was_a_test(story: Story) -> None:
    await resolved(story)
    assert "is not over yet" not in await story.ana.types("questions")
    await story.ana.actor.close()
    await story.ana.types("reopen it fails again")
    assert "is not over yet" in await story.ana.types("questions")
    await story.ana.types("test", "general")
    await story.ana.types("resolve INC-2", "general")
    await story.forward("26h")
    await story.settle()
    assert "QuestionsAsked" not in await story.kinds(1) + await story.kinds(2)
    await story.ana.types("resolve INC-1", "general")
    assert (await story.incident(1)).status is Status.RESOLVED
    await story.forward("49h")
    await story.settle()
    assert (await story.kinds(1)).count("QuestionsAsked") == 1


async def test_in_another_channel_they_come_when_it_is_over_again(story: Story) -> None:
    """Reopened after its channel was put away: nobody can answer them while it goes on, and nobody is asked twice."""
    await resolved(story)
    await story.forward("26h")
    await story.settle()
    old = story.channel.id
    for line in ("close", "archive"):
        await story.ana.types(line)
    await story.settle()
    await story.ana.types("INC-1 reopen it fails again", "general")
    await story.settle()
    assert story.channel.id != old
    assert not story.channel.has(ASKED)
    await story.ana.types("resolve")
    await story.settle()
    assert story.channel.has(ASKED)
    await story.ana.click("Answer")
    await story.ana.fills(noticed="customer")
    assert story.ana.reads("✓ How was it noticed? A customer told us")
    await story.forward("26h")
    await story.settle()
    assert (await story.kinds()).count("QuestionsAsked") == 1
    assert sum(post.text_has(ASKED) for post in story.channel.posts) == 1
