"""Who may not say yes is refused, hears why, and is on the record."""

import pytest

from bot.domain.events import RefusedTo
from tests.stories.story import Story
from tests.stories.test_restart import HUNG, asked, states


async def audited(story: Story) -> list[tuple[str, str, str]]:
    """Who was refused what, and why, as the incident's own events say."""
    found = [(event.actor, event.payload) for event in await story.timeline()]
    return [(actor, said.verb, said.code) for actor, said in found if isinstance(said, RefusedTo)]


@pytest.mark.parametrize(
    ("who", "words"),
    [("stranger", "only people of this workspace"), ("mia", "You are not among those who may approve it now")],
)
async def test_who_may_not(story: Story, who: str, words: str) -> None:
    """F30, F31: also somebody whom a group names and who belongs to another company."""
    await asked(story)
    await story.forward("6m")
    card = story.ben.keeps("Approve")
    assert words in await story.person(who).clicks(card)
    assert (story.machine.restarts, await states(story)) == ([], ["open"])
    code = {"stranger": "stranger", "mia": "not_member"}[who]
    assert await audited(story) == [(story.person(who).actor.id, "approve", code)]


@pytest.mark.slow
async def test_an_account_that_was_deactivated_may_nothing(story: Story) -> None:
    await asked(story)
    await story.forward("6m")
    card = story.ben.keeps("Approve")
    story.workspace.change_person("gone", deleted=True)
    await story.settle()
    story.workspace.state.people["U0GONE"].deleted = False  # its session still lives for a moment
    assert "only people of this workspace" in await story.person("gone").clicks(card)
    assert story.machine.restarts == []


async def test_what_cannot_be_read_is_not_approved_by_its_code(unbegun: Story) -> None:
    story = unbegun
    long = "y" * 3_500
    changes = ("/restart/${host}", f"/restart/${{host}}?{long}"), ("/healthz", f"/healthz?{long}")
    story.configure("plans/restart.md", *changes)
    await story.start()
    assert await story.alert("Hung", **HUNG) == "open"
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.ana.reads("too long to be read here")
    [asked_now] = (await story.incident()).approvals
    assert "nobody can approve it" in await story.ben.types(f"approve INC-1 {asked_now.code}", "general")
    assert (story.machine.restarts, (await story.incident()).approvals) == ([], (asked_now,))


async def test_who_asked_for_it_and_a_wrong_code(story: Story) -> None:
    await asked(story)
    await story.ana.click("Deny")
    await story.ana.fills(reason="not yet")
    await story.ana.click("Run restart")
    assert "somebody else must approve it" in await story.ana.click("Approve")
    assert "Nothing here has the code" in await story.ben.types("approve 0000")
    assert await audited(story) == [("U0ANA", "approve", "starter"), ("U0BEN", "approve", "no_such_code")]
