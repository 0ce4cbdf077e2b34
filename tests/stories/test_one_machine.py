"""What happens on one machine, in two incidents: what was not done is no pause, and nobody acts beside somebody else."""

from tests.stories.story import Story
from tests.stories.test_restart import asked


async def unsure(story: Story) -> None:
    """Nobody knows whether gw-1 was restarted."""
    story.machine.cuts, story.machine.heals = True, False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    assert story.machine.restarts == ["gw-1"]


async def elsewhere(story: Story, name: str) -> None:
    """Another incident, with the same machine; Ana leads, and its action is wanted."""
    assert await story.alert(name, service="orders", instance="gw-1") == "open"
    await story.ana.click("I have it", "@tocsin")
    await story.ana.types("answer INC-2 1.2 no")


async def test_what_was_not_done_is_no_pause_elsewhere(story: Story) -> None:
    await unsure(story)
    await story.ana.types("outcome INC-1 2.1 not")
    await elsewhere(story, "Hung")
    assert [approval.state for approval in (await story.incident(2)).approvals] == ["open"], story.ana.sees()


async def test_two_plans_do_not_act_on_one_machine_at_once(unbegun: Story) -> None:
    """Each has a place of its own for its runs, and both mean the same machine."""
    story = unbegun
    folder = story.folder / "config" / "plans"
    text = (folder / "restart.md").read_text()
    text = text.replace("id: restart\nowner", "id: kick\nowner").replace('alertname="Hung"', 'alertname="Slow"')
    (folder / "kick.md").write_text(text.replace('key: "${host}"', 'key: "kick ${host}"'))
    await story.start()
    await unsure(story)
    await elsewhere(story, "Slow")
    assert (await story.incident(2)).approvals == ()
    assert story.ana.reads("what `INC-1` runs on `gw-1`"), story.ana.sees()
    await story.ana.types("outcome INC-1 2.1 not")
    await story.ana.types("ask INC-2 2.1")
    assert [approval.state for approval in (await story.incident(2)).approvals] == ["open"]
