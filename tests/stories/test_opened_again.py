"""What the plan of an incident had come to when it ended: while it is over nothing goes on, and afterwards all of it does."""

import pytest

from tests.stories.story import Story
from tests.stories.test_restart import HUNG, asked, states


async def stands(story: Story) -> list[tuple[str, str]]:
    return [(visit.step, visit.state) for visit in (await story.incident()).walks[-1].visits[2:]]


async def test_a_step_offers_nothing_while_it_is_over(story: Story) -> None:
    await story.alert("Hung", **HUNG)
    await story.ana.click("I have it", "@tocsin")
    await story.ana.types("resolve")
    assert not story.ana.reads("[No] [Yes] [Skip]")
    await story.ana.types("reopen it is back")
    assert story.ana.reads("[No] [Yes] [Skip]")


async def test_a_step_offers_nothing_while_it_is_folded_into_another(story: Story) -> None:
    await story.alert("Hung", **HUNG)
    await story.ana.click("I have it", "@tocsin")
    room = story.channel.id
    await story.alert("DatabaseDown")
    await story.ana.types("merge INC-1")
    await story.ana.click("Fold INC-1 in")
    assert not story.ana.reads("[No] [Yes] [Skip]", room)
    await story.ana.types("split INC-1")
    assert story.ana.reads("[No] [Yes] [Skip]", room)


async def test_what_nobody_had_answered_is_asked_anew(story: Story) -> None:
    await asked(story)
    await story.ana.types("resolve")
    assert (await states(story), await stands(story)) == (["overtaken"], [("2.1", "open")])
    await story.ana.types("reopen it is back")
    assert (await states(story), await stands(story)) == (["overtaken", "open"], [("2.1", "waiting")])
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_what_was_denied_stays_denied(story: Story) -> None:
    await asked(story)
    await story.ben.click("Deny")
    await story.ben.fills(reason="a deploy is running")
    await story.ana.types("resolve")
    await story.ana.types("reopen it is back")
    assert (await states(story), await stands(story)) == (["denied"], [("2.1", "open")])
    assert story.ana.reads("[Run restart] [Done by hand] [Skip]")


async def test_what_becomes_known_meanwhile_leads_on_afterwards(story: Story) -> None:
    """No step begins in what is over, and nothing is run again there."""
    await asked(story)
    story.machine.cuts, story.machine.heals = True, False
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    await story.ana.types("resolve")
    assert "To go on with it, say" in await story.ana.click("Run again: new approval")
    await story.ana.click("It was done")
    assert await stands(story) == [("2.1", "open")]
    assert not story.ana.reads("*2.2*")
    assert not story.ana.reads("Tocsin can do this")
    await story.ana.types("reopen it is back")
    assert await stands(story) == [("2.1", "done"), ("2.2", "open")]
    assert story.machine.restarts == ["gw-1"]


async def test_an_end_by_mistake_leaves_no_trace(story: Story) -> None:
    """Taken back within two minutes: who was asked is asked still, and what became known meanwhile leads on."""
    await asked(story)
    await story.ana.types("resolve")
    await story.ana.types("undo")
    assert (await states(story), await stands(story)) == (["open"], [("2.1", "waiting")])
    assert story.ana.reads("waiting for the approval of `restart`")
    story.machine.cuts, story.machine.heals = True, False
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    await story.ana.types("resolve")
    await story.ana.click("It was done")
    await story.ana.types("undo")
    assert await stands(story) == [("2.1", "done"), ("2.2", "open")]
    assert story.ana.reads("[Yes] [No] [Skip]")


@pytest.mark.parametrize("how", ["reopen", "undo", "split"])
async def test_the_time_that_it_was_over_does_not_count_for_its_steps(unbegun: Story, how: str) -> None:
    """Two of the step's five minutes were over; so it is late three minutes after it is open again, and not before."""
    story = unbegun
    await story.start()
    await asked(story)
    story.machine.cuts, story.machine.heals = False, True
    await story.ben.click("Approve")
    due = (await story.incident()).walks[-1].visits[-1].due_at
    room = story.channel.id
    if how == "split":
        await story.alert("DatabaseDown")
        await story.ana.types("merge INC-1")
        await story.ana.click("Fold INC-1 in")
    else:
        await story.ana.types("resolve", room)
    before = (await story.incident()).statuses[-1].start
    await story.forward("100s" if how == "undo" else "10m")
    await story.ana.types({"reopen": "reopen it is back", "undo": "undo", "split": "split INC-1"}[how], room)
    again = await story.incident()
    gone = story.clock.now() - before
    visit = again.walks[-1].visits[-1]
    assert (visit.step, visit.overdue) == ("2.2", False)
    assert due is not None
    assert visit.due_at is not None
    assert due + gone - 10_000_000 <= visit.due_at <= due + gone
    await story.until(lambda: story.ana.reads("late since", room), "6m")
