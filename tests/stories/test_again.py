"""What failed is tried again as often as the plan says, under the same yes, and only what may be done twice."""

import pytest

from tests.stories.story import Story
from tests.stories.test_restart import asked, states

TWICE = ("timeout: 5s\n  verify", "timeout: 5s\n  idempotent: true\n  retries: 2\n  verify")


async def test_it_is_tried_again_until_it_helps(unbegun: Story) -> None:
    """The pause of the plan is no pause between the tries of one run; nobody is asked twice."""
    story = unbegun
    story.configure("plans/restart.md", TWICE)
    await story.start()
    story.machine.stubborn = 1
    await asked(story)
    assert story.ben.reads("If it fails, it is tried again, 3 times in all at most.")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("(try 2): done"), "2m")
    assert (story.machine.restarts, await states(story)) == (["gw-1", "gw-1"], ["given"])
    tries = [(a.retry, a.state, a.approvers) for a in (await story.incident()).attempts if a.changes]
    assert tries == [(0, "failed", ("U0BEN",)), (1, "ok", ("U0BEN",))]


@pytest.mark.slow
async def test_after_the_last_try_people_have_it(unbegun: Story) -> None:
    story = unbegun
    story.configure("plans/restart.md", TWICE)
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Say what you will do next"), "3m")
    assert story.machine.restarts == ["gw-1"] * 3
    async with story.running.store.begin() as tx:
        assert len(await tx.count_runs("failed:restart", 0)) == 1, "three tries are one recovery that failed"


@pytest.mark.slow
async def test_the_gates_are_asked_before_each_try(unbegun: Story) -> None:
    """`at_most: 2`: the third try is refused with the reason, and people have it."""
    story = unbegun
    story.configure("plans/restart.md", TWICE, ("at_most: 3 per 6h", "at_most: 2 per 6h"))
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Say what you will do next"), "3m")
    assert story.machine.restarts == ["gw-1"] * 2
    assert story.ana.reads("Not run: it ran 2 times in 6")


async def test_what_nobody_knows_of_needs_a_new_yes(unbegun: Story) -> None:
    """The connection broke off and the check says no: it may be done twice, so people are asked again at once, and whoever asked
    for it at first does not say yes to it now."""
    story = unbegun
    story.configure("plans/restart.md", TWICE)
    await story.start()
    story.machine.cuts, story.machine.heals = True, False
    await asked(story)
    await story.ana.types("run restart host=gw-2")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[Approve]"), "5m")
    await story.ana.click("Approve")
    assert (story.machine.restarts, await states(story)) == (["gw-2"], ["replaced", "given", "open"])
    assert story.ana.reads("It may be done twice, so it is tried again.")
    story.machine.cuts, story.machine.heals = False, True
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-2", "gw-2"]
    assert [a.state for a in (await story.incident()).attempts if a.changes] == ["failed", "ok"]


async def test_what_is_refused_with_other_values_leaves_the_question_that_waits(story: Story) -> None:
    await asked(story)
    await story.ben.types("run restart host=gw-9")
    assert story.ana.reads("`host` cannot be `gw-9`")
    assert story.ana.reads("Ana · waiting for the approval of `restart`"), "its step says so"
    assert not story.ana.reads("[Run restart]")
    await story.ben.click("Approve")
    assert (story.machine.restarts, await states(story)) == (["gw-1"], ["given"])


async def test_what_an_alert_opens_again_calls_people_as_at_first(story: Story) -> None:
    """Whoever had it then may sleep by now; and where nobody ever answered, too. An update is due anew."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.clears()
    await story.ana.types("resolve")
    await story.forward("20m")
    assert await story.alert() == "reopen"
    incident = await story.incident()
    calls = [page for page in incident.pages if page.at >= incident.begun_again]
    assert [page.person for page in calls] == ["U0ANA"], "the first on call, also if she had it before"
    assert incident.next_update_at is not None
    assert incident.next_update_at > story.clock.now()
    assert "[I have it] [I can't]" in story.ana.sees("@tocsin")[-1]
    await story.forward("3m")
    assert "U0BEN" in [page.person for page in (await story.incident()).pages if page.at >= incident.begun_again]
    await story.ana.click("I have it", "@tocsin")
    before = len((await story.incident()).pages)
    await story.forward("30m")
    assert len((await story.incident()).pages) == before, "she has it"


async def test_who_reopens_what_nobody_ever_had_calls_people(story: Story) -> None:
    await story.alert()
    await story.person("mia").actor.join(story.channel.id)
    await story.person("mia").types("decline false alarm it was the backup")
    await story.forward("5m")
    await story.person("mia").types("reopen it was none")
    incident = await story.incident()
    assert [page.person for page in incident.pages if page.at >= incident.begun_again] == ["U0ANA"]
