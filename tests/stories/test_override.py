"""Break-glass: who may, what it skips and what it does not, and who hears of it; `ask` and `runs` beside it."""

import pytest

from bot.workspace import CannotDo
from tests.stories.story import Story
from tests.stories.test_restart import asked, states
from tests.stories.test_stricter import filled_otherwise
from tests.stories.test_undone import written

GLASS = ("  mode: ask", '  mode: ask\n  break_glass: {who: [owners], needs: reason, tells: "#general"}')
SECOND = (GLASS[0], GLASS[1].replace("needs: reason", "needs: reason, need_second: true"))


async def waiting(story: Story, glass: tuple[str, str] = GLASS, **labels: str) -> Story:
    """The restart waits for a yes, and policy.yaml lets the owners override."""
    story.configure("policy.yaml", glass)
    await story.start()
    await asked(story, **labels)
    return story


async def test_it_runs_on_one_word_and_everybody_hears_of_it(unbegun: Story) -> None:
    """Ana may not approve what she asked for; as an owner she may override it, with a reason."""
    story = await waiting(unbegun)
    old = story.ben.keeps("Approve")
    said = await story.person("mia").types("override INC-1 the market opens", "general")
    assert "Only `owners` may override" in said
    assert story.machine.restarts == []
    await story.ana.types("override")
    await story.ana.fills(reason="the market opens in a minute")
    assert story.machine.restarts == ["gw-1"]
    assert await states(story) == ["overtaken"]
    await story.ben.clicks(old)
    assert story.machine.restarts == ["gw-1"]
    said = "Ana overrode the approvals of `restart` in step *2.1*: the market opens in a minute"
    assert story.ben.reads(said)
    assert story.ben.reads(f"*INC-1*: {said}", "general")
    assert "*restart* · `gw-1` · done" in await story.ben.types("runs")
    await story.ana.click("Yes")
    await story.ana.types("resolve")
    [draft] = story.channel.files
    assert "Without the approvals that policy asks for:" in draft["text"]
    assert "Look at the override of restart: the market opens in a minute" in draft["text"]


@pytest.mark.slow
async def test_the_pause_may_be_overridden_and_the_switch_may_not(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", GLASS)
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Say what you will do next"), "2m")
    await story.ana.types("plan default start")
    await story.ana.types("plan restart start")
    await story.forward("30s")
    await story.ana.types("answer 1.2 no")
    assert story.ana.reads("(pause is 30")
    assert story.ana.reads("or somebody of `owners` may override with a reason")
    await story.ana.types("automation off let me look")
    await story.ana.types("override 2.1 it cannot wait")
    assert story.machine.restarts == ["gw-1"]
    await story.ana.types("automation ask go on")
    await story.ana.types("override 2.1 it cannot wait")
    assert story.machine.restarts == ["gw-1", "gw-1"]


@pytest.mark.slow
async def test_a_second_person_where_policy_wants_one(unbegun: Story) -> None:
    """Two are needed (a forged environment); one yes and one override do."""
    story = await waiting(unbegun, SECOND, env="test")
    assert "wants a second person" in await story.ana.types("override nobody else answers")
    await story.ben.click("Approve")
    assert story.machine.restarts == []
    await story.ana.types("override nobody else answers")
    assert story.machine.restarts == ["gw-1"]


async def test_nobody_may_where_policy_names_nobody(story: Story) -> None:
    """And `ask` is a new question only where none is open."""
    await asked(story)
    assert "Nobody may override here" in await story.ana.types("override the market opens")
    assert "It is asked already, and waits: code" in await story.ana.types("ask 2.1")
    await story.forward("16m")
    await story.settle()
    await story.ana.types("ask")
    assert await states(story) == ["expired", "open"]
    assert "No step that waits has an action" in await story.ana.types("ask 1.1")
    assert story.machine.restarts == []


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_form_means_the_question_that_it_was_opened_for(unbegun: Story) -> None:
    """Another action waits by the time it is sent: nothing runs, and that one is not denied."""
    story = await waiting(unbegun)
    await story.ana.types("override")
    await story.ben.types("deny")
    await story.ana.types("run restart host=gw-2")
    assert await states(story) == ["replaced", "open"]
    with pytest.raises(CannotDo, match="is another action by now"):
        await story.ana.fills(reason="the market opens")
    with pytest.raises(CannotDo, match="Another question was asked in its place"):
        await story.ben.fills(reason="not that one")
    assert await states(story) == ["replaced", "open"]
    assert story.machine.restarts == []
    assert "No action waits here that could be run" in await story.ana.types("override 1.1")


async def test_a_no_stops_until_it_is_asked_for_again(unbegun: Story) -> None:
    """Break-glass skips the approvals and the pause, and nobody's no."""
    story = await waiting(unbegun)
    await story.ben.types("deny a deploy is running")
    said = await story.ana.types("override the market opens")
    assert "Not run: Ben said no to it. You can: ask again with `/tocsin ask 2.1`" in said
    await story.ana.types("ask 2.1")
    await story.ana.types("override the market opens")
    assert story.machine.restarts == ["gw-1"]


@pytest.mark.slow
async def test_a_second_persons_yes_counts_while_they_may_give_one(unbegun: Story) -> None:
    story = await waiting(unbegun, SECOND, env="test")
    await story.ben.click("Approve")
    await story.stop()
    story.configure("policy.yaml", ("owners: [U0ANA, U0BEN]", "owners: [U0ANA, U0LI]"))
    await story.start()
    assert "wants a second person" in await story.ana.types("override nobody else answers")
    assert story.machine.restarts == []


async def test_what_ran_on_one_word_was_not_approved(unbegun: Story) -> None:
    """And it is told so, wherever it is told."""
    story = await waiting(unbegun)
    await story.ana.types("override the market opens")
    for said in (await story.ana.types("runs"), story.ana.sees(), await story.ana.types("timeline")):
        assert "approved by" not in said
    assert "on the word of Ana, without its approvals" in await story.ana.types("runs")
    assert story.ana.reads("No longer asked: Ana overrode the approvals")


async def test_only_what_the_card_shows_is_overridden(unbegun: Story) -> None:
    """A playbook, an inventory, a newer version: what would run now is another text."""
    story = await waiting(unbegun)
    await filled_otherwise(story)
    assert "no longer what the card shows" in await story.ana.types("override the market opens")
    assert story.machine.restarts == []


@pytest.mark.slow
async def test_ones_own_yes_is_no_second_person(unbegun: Story) -> None:
    """But it is one to somebody else's override."""
    story = await waiting(unbegun, SECOND, env="test")
    await story.ana.click("Approve")
    assert "wants a second person" in await story.ana.types("override i said yes myself")
    assert story.machine.restarts == []
    await story.ben.types("override nobody else answers")
    assert story.machine.restarts == ["gw-1"]


async def test_nobody_guesses_what_is_overridden(unbegun: Story) -> None:
    """The restart waits, and so does what would undo the step before it."""
    written(unbegun)
    story = await waiting(unbegun)
    await story.ben.click("Approve")
    await story.ana.types("rollback 2.1")
    assert "several actions wait (2.2, 2.1)" in await story.ana.types("override undo it now")
    assert "approved, not overridden" in await story.ana.types("override 2.1 undo it now")
    assert story.machine.restarts == ["drain-gw-1"]
    await story.ana.types("override 2.2 it cannot wait")
    assert story.machine.restarts == ["drain-gw-1", "gw-1"]
    assert (await states(story))[-1] == "open"
