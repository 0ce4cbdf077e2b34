"""What people hold back: the switch of all automation, the breaker that only a person closes, and [Stop]."""

import pytest

from bot.domain.events import AutomationSet
from tests.stories.story import Story
from tests.stories.test_restart import HUNG, asked, states
from tests.stories.test_two import program


async def test_off_is_off_for_all_until_somebody_says_otherwise(story: Story) -> None:
    """Also for what was asked before; the reason is written down; nobody goes further than policy.yaml."""
    await asked(story)
    assert "Automation is at *ask*" in await story.ana.types("automation")
    await story.ana.types("automation off")
    await story.ana.fills(reason="the gateways are being replaced")
    await story.ben.click("Approve")
    assert story.ana.reads("Not run: automation is off.")
    assert story.machine.restarts == []
    await story.restart()
    assert "Ana set it to off; policy.yaml allows ask." in await story.ben.types("automation")
    assert "policy.yaml says *ask*" in await story.ana.types("automation auto it is quiet")
    assert "Automation is at *ask*" in await story.ana.types("automation")
    await story.ana.types("run restart")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]
    async with story.running.store.read() as reads:
        [one, two] = await reads.of_organisation("automation_set")
    assert isinstance(one.payload, AutomationSet)
    assert isinstance(two.payload, AutomationSet)
    assert (one.actor, one.payload.reason, two.payload.before) == ("U0ANA", "the gateways are being replaced", "off")


async def test_everybody_hears_that_it_is_turned(story: Story) -> None:
    """Whoever turns it, wherever: in the announcement channel, and where a plan is walked; not where nothing changes."""
    await asked(story)
    mia = story.person("mia")
    await mia.types("automation off the gateways are being replaced", "general")
    said = "Mia set automation to *off*: the gateways are being replaced"
    assert story.ben.reads(said)
    assert story.ben.reads(said, "incidents")
    await mia.types("automation off still", "general")
    assert not story.ben.reads("still")
    await story.ben.types("automation ask they are back")
    assert story.ana.reads("Ben set automation to *ask*: they are back", "incidents")


async def test_dry_run_says_what_would_run(story: Story) -> None:
    """What only reads runs; the rest goes through all gates but the people's, and nothing is claimed."""
    await story.ana.types("automation dry-run let us see", "general")
    await story.alert("Hung", **HUNG)
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.ana.reads("and this would be run: `POST http://")
    assert [a.action for a in (await story.incident()).attempts] == ["look"]
    assert await states(story) == []
    assert story.machine.restarts == []


@pytest.mark.slow
async def test_what_failed_too_often_is_locked_until_a_person_allows_it(unbegun: Story) -> None:
    """Two failures within an hour; those of an hour ago no longer count."""
    story = unbegun
    story.configure(
        "policy.yaml", ("  mode: ask", "  mode: ask\n  breaker: {open_after: 2 failures in 1h, closes: by a person}")
    )
    story.configure("plans/restart.md", ("cooldown: 30m", "cooldown: 1m"), ("at_most: 3", "at_most: 9"))
    await story.start()
    story.machine.heals = False
    await asked(story)
    await _fails(story)
    for length in ("2h", "2m"):
        assert not story.ana.reads("none runs until a person says")
        await story.forward(length)
        await _once_more(story)
        await _fails(story)
    assert story.ana.reads("none runs until a person says")
    await story.forward("2h")
    await _once_more(story)
    assert story.ana.reads("it failed too often, so it is locked until a person allows it again")
    assert story.machine.restarts == ["gw-1"] * 3
    assert "is not locked" in await story.ana.types("automation allow failover it is fine")
    await story.ana.click("Allow it again …")
    await story.ana.fills(reason="the disk was replaced")
    assert "is not locked" in await story.ana.types("automation allow restart it is fine")
    await story.ana.types("run restart")
    assert story.ana.reads("[Approve] [Deny]")


async def _once_more(story: Story) -> None:
    """The plan is begun anew, and comes to its restart."""
    await story.ana.types("plan default start")
    await story.ana.types("plan restart start")
    await story.forward("30s")
    await story.ana.types("answer 1.2 no")


async def _fails(story: Story) -> None:
    """It is approved, runs, and does not help."""
    before = len(story.machine.restarts)
    await story.ben.click("Approve")
    await story.until(lambda: len(story.machine.restarts) > before)
    await story.forward("10s")


@pytest.mark.slow
async def test_stop_ends_what_runs_and_nothing_is_begun_for_it(unbegun: Story) -> None:
    """The group of the program is ended, the outcome is the true one, and it is neither tried again nor undone."""
    story = unbegun
    program(story, f"echo $$ >> {story.folder}/begun\nsleep 300 & wait")
    story.configure("plans/restart.md", ("rollback: none", "idempotent: true\n  retries: 3\n  rollback: none"))
    await story.start()
    await asked(story)
    assert "Tocsin runs nothing here now" in await story.ana.types("stop")
    yes = story.ben.keeps("Approve")
    await story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action)
    await story.until((story.folder / "begun").exists, "5m")
    await story.until(lambda: story.ana.reads("[Stop]"))
    stop = story.ana.keeps("Stop")
    await story.workspace.acts.click("U0ANA", stop.message, stop.block, stop.action)
    await story.until(lambda: story.ana.reads("was stopped"), "5m")
    await story.settle()
    [_, stopped] = (await story.incident()).attempts
    assert (stopped.state, stopped.stop_by) == ("stopped", "U0ANA")
    assert len((story.folder / "begun").read_text().split()) == 1
    assert story.ana.reads("[Run restart] [Done by hand]"), "people decide"
