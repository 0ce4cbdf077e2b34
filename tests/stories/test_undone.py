"""What the bot did is undone as the plan says: the last first, not further than the first that fails, never in doubt."""

import pytest

from tests.stories.story import Story
from tests.stories.test_restart import asked, states

DRAIN = """- [ ] Drain it.

  ```yaml action
  id: drain
  http: {method: POST, url: "http://HOST/restart/drain-${host}", expect: 200}
  changes: true
  timeout: 5s
  verify:
    http: {method: GET, url: "http://HOST/threads", expect: 200}
    timeout: 5s
  rollback:
    http: {method: POST, url: "http://HOST/restart/fill-${host}", expect: 200}
    timeout: 2m
  ```

- [ ] Restart it on"""
BACK = """rollback:
    http: {method: POST, url: "http://HOST/restart/back-${host}", expect: 200}
    timeout: 2m
  on_failure: rollback"""
ONCE = "rollback: none\n  rollback_reason: Sessions are dropped."


def written(story: Story, back: str = BACK) -> None:
    """A plan of two actions that can be undone; the second one's failure asks for it."""
    host = story.machine.host
    changes = (("- [ ] Restart it on", DRAIN.replace("HOST", host)), (ONCE, back.replace("HOST", host)))
    story.configure("plans/restart.md", *changes)


async def failing(story: Story, back: str = BACK) -> None:
    """Drained, and the restart that was approved does not help."""
    written(story, back)
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1"]
    assert story.ben.reads("With rollback: if it or a later step fails, this is run: `POST http")
    await story.ben.click("Approve")


async def test_what_was_done_is_undone_the_last_first(unbegun: Story) -> None:
    """One approval covers an action and its rollback; people have it afterwards."""
    story = unbegun
    await failing(story)
    await story.until(lambda: story.ana.reads("Say what you will do next"), "2m")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "back-gw-1", "fill-gw-1"]
    assert await states(story) == ["given", "given"]
    attempts = (await story.incident()).attempts
    assert [(a.action, bool(a.undoes), a.undone_at is not None) for a in attempts if a.changes] == [
        ("drain", False, True),
        ("restart", False, True),
        ("restart", True, False),
        ("drain", True, False),
    ]
    assert story.ana.reads("↩ Undone")
    assert "was undone" in await story.ana.types("timeline")


@pytest.mark.slow
async def test_it_stops_at_the_first_that_cannot_be_undone(unbegun: Story) -> None:
    """Who said yes is called, and nothing before it is touched."""
    story = unbegun
    story.machine.fails = "back-"
    await failing(story)
    await story.until(lambda: story.ana.reads("Say what you will do next"), "2m")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "back-gw-1"]
    assert story.ana.reads("could not be undone. Nothing more is undone by itself")
    await story.settle()
    assert story.ben.reads("failed. Nothing more is undone by itself: you decide.", "@tocsin")


@pytest.mark.slow
async def test_nothing_is_undone_by_itself_when_nobody_knows(unbegun: Story) -> None:
    """UNKNOWN, and a person says that it was not done: nothing is undone but what people ask for, with a yes of its own."""
    story = unbegun
    written(story)
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    story.machine.cuts = True
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    assert "First it must be known" in await story.ana.types("rollback")
    await story.ana.click("It was not")
    story.machine.cuts = False
    await story.settle()
    assert story.machine.restarts == ["drain-gw-1", "gw-1"]
    await story.ana.types("rollback 2.1")
    assert story.ana.reads("the undoing of *drain*")
    assert story.machine.restarts == ["drain-gw-1", "gw-1"]
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "fill-gw-1"]


async def test_a_way_back_that_no_card_promised_needs_a_yes_of_its_own(unbegun: Story) -> None:
    """`on_failure: stop`: the card offers it; asked again while it waits, it is not asked twice; after it, it is undone."""
    story = unbegun
    written(story, BACK.replace("\n  on_failure: rollback", ""))
    await story.start()
    story.machine.heals = False
    await asked(story)
    assert story.ben.reads("Can be undone, with a yes of its own: `POST http")
    await story.ben.click("Approve")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[Undo it]"), "2m")
    await story.ana.click("Undo it")
    assert story.machine.restarts == ["drain-gw-1", "gw-1"]
    assert "is being undone already, or waits for a yes" in await story.ana.types("rollback 2.2")
    assert "somebody else must approve it" in await story.ana.click("Approve")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "back-gw-1"]
    assert "did nothing in step 2.2" in await story.ana.types("rollback 2.2")


@pytest.mark.slow
async def test_a_no_to_undoing_leaves_it_to_people(unbegun: Story) -> None:
    story = unbegun
    written(story, BACK.replace("\n  on_failure: rollback", ""))
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    await story.ana.types("rollback 2.1")
    await story.ben.click("Deny")
    await story.ben.fills(reason="it drains well")
    assert (story.machine.restarts, (await states(story))[-1]) == (["drain-gw-1"], "denied")


@pytest.mark.slow
async def test_an_undoing_of_which_nobody_knows_stops_it(unbegun: Story) -> None:
    """Who said yes is called; and when people have said what became of it, the rest is theirs as well."""
    story = unbegun
    story.machine.cut_at = "back-"
    await failing(story)
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    await story.settle()
    assert story.ben.reads("nobody knows what became of the undoing of *restart*", "@tocsin")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "back-gw-1"]
    await story.ana.click("It was done")
    await story.settle()
    assert story.ana.reads("↩ Undone")
    assert story.ana.reads("Say what you will do next")
    assert story.machine.restarts == ["drain-gw-1", "gw-1", "back-gw-1"]


async def test_what_another_plan_did_can_be_undone(unbegun: Story) -> None:
    """Another plan was begun since, and the same one anew: it stands there as done, and has its way back."""
    story = unbegun
    written(story)
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1"]
    await story.ana.types("plan default start")
    await story.ana.types("rollback 2.1")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1", "fill-gw-1"], story.ana.sees()
    assert "that is not undone yet" in await story.ana.types("rollback 2.1")


async def test_a_refusal_to_undo_it_is_told_of_the_plan_that_did_it(unbegun: Story) -> None:
    """The same plan is walked anew, and stands at a step of that number: of that one nothing was refused."""
    story = unbegun
    written(story)
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    await story.ana.types("plan default start")
    await story.ana.types("plan restart start")
    await story.ana.click("No")
    await story.ana.types("rollback 2.1")
    assert "Asked. What becomes of it" in await story.ana.types("ask 2.1"), "the other question is of another walk"
    await story.ben.click("Deny")
    await story.ben.fills(reason="it is drained")
    await story.ana.types("automation off we look at it")
    await story.ana.types("rollback 2.1")
    first, *_, now = (await story.incident()).walks
    assert [(v.step, v.refused) for v in now.visits if v.refused] == [("2.1", "cooldown")]
    assert [(v.step, v.refused) for v in first.visits if v.refused] == [], "that is done"
    assert (await story.kinds()).count("ActionRefused") == 3
    assert story.machine.restarts == ["drain-gw-1"]
