"""What the gates look at beside the plan: what runs elsewhere now, and how far automation has proved itself."""

import pytest

from tests.stories.story import Story
from tests.stories.test_restart import HUNG, asked, states

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)

RULE = ("  rules:\n", "  rules:\n    - {when: ['env=\"production\"', 'severity=\"sev2\"'], auto: true}\n")
FLOOR = """  mode: auto
  pause_when_open_incidents: 3
  floor:
    - {when: ['env="production"'], need: 1, auto_allowed_for: ["severity:sev2"], auto_after_verified_runs: 1}
"""


async def hangs(story: Story, **labels: str) -> int:
    """Another gateway hangs, in an incident of its own; the number of it. The plan comes to its restart."""
    number = len(story.rooms) + 1
    assert await story.alert("Hung", **labels) == "open"
    await story.ana.actor.join(story.channel.id)
    await story.ana.click("No")
    return number


async def refused(story: Story, number: int) -> str:
    walk = (await story.incident(number)).walk
    assert walk is not None
    assert walk.current is not None
    return walk.current.refused


async def test_what_runs_elsewhere_holds_its_place_and_counts_for_how_many_are_touched(unbegun: Story) -> None:
    """Nobody knows yet what became of gw-1: nothing is done to it a second time, and to no other machine either."""
    story = unbegun
    story.configure("plans/restart.md", ("cooldown: 30m", "cooldown: 1s"))
    await story.start()
    story.machine.cuts, story.machine.heals = True, False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    assert await refused(story, await hangs(story, service="other")) == "lock_unsure"
    assert story.ana.reads("nobody knows yet what became of what `INC-1` runs on `gw-1`")
    assert await refused(story, await hangs(story, service="third", instance="gw-2")) == "blast"
    await story.ana.types("resolve", story.rooms[0].name)
    assert await refused(story, await hangs(story, service="fourth", instance="gw-3")) == "blast", "nobody knows it yet"
    assert story.machine.restarts == ["gw-1"]
    await story.ana.types("outcome INC-1 not", "general")
    assert "Asked." in await story.ana.types("ask")


async def test_what_is_being_checked_is_not_over(unbegun: Story) -> None:
    story = unbegun
    story.configure("plans/restart.md", ("    wait: 1s\n    attempts: 2", "    wait: 60s\n    attempts: 20"))
    await story.start()
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.machine.restarts)
    assert await refused(story, await hangs(story, service="third", instance="gw-2")) == "blast"
    assert story.ana.reads("Others: gw-1 (INC-1).")


async def test_what_was_typed_is_asked_even_where_automation_is_trusted(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", ("  mode: ask\n", FLOOR.replace("runs: 1", "runs: 0")))
    story.configure("plans/restart.md", RULE)
    await story.start()
    number = await hangs(story, service="gateway", instance="")
    assert await refused(story, number) == "empty"
    await story.person("mia").actor.join(story.channel.id)
    await story.person("mia").types("run restart host=gw-3")
    assert await states(story) == ["open"]
    assert story.ana.reads("A person gave a value that the alert did not, so others are asked.")
    assert story.machine.restarts == []
    assert "It is asked already" in await story.person("mia").types("run restart host=gw-3")
    assert "`restart` takes no `foo`. It takes: " in await story.person("mia").types("run restart foo=1")
    await story.ana.types("resolve")
    for line in ("run restart host=gw-3", "ask"):
        assert "say `reopen` and why" in await story.person("mia").types(line)


async def test_what_proved_itself_runs_alone_until_it_storms_or_does_not_last(unbegun: Story) -> None:
    """Asked first; then by itself; with many incidents open asked again; and asked again once it did not last."""
    story = unbegun
    story.configure("policy.yaml", ("  mode: ask\n", FLOOR))
    story.configure("plans/restart.md", RULE, ("at_most: 3", "at_most: 9"))
    await story.start()
    await asked(story)
    assert story.ana.reads("It has not proved itself often enough to run without a person.")
    await story.ben.click("Approve")
    story.machine.healthy = False
    second = await hangs(story, service="other", instance="gw-2")
    assert (story.machine.restarts, await states(story)) == (["gw-1", "gw-2"], ["given"])
    assert (await story.incident(second)).attempts[-1].approvers == ()
    await hangs(story, service="third", instance="gw-3")
    assert story.ana.reads("Many incidents are open, so automation asks first.")
    await story.clears("Hung", **HUNG)
    await story.forward("5m")
    await story.alert("Hung", **HUNG)
    await story.clears("Hung", service="other", instance="gw-2")
    await story.alert("Hung", service="other", instance="gw-2")
    await story.ana.types("resolve")
    await story.ana.types("resolve", story.rooms[second - 1].name)
    await hangs(story, service="fourth", instance="gw-3")
    assert story.ana.reads("It has not proved itself often enough to run without a person.")
    assert story.machine.restarts == ["gw-1", "gw-2"]


async def test_what_failed_by_itself_earns_no_trust_by_a_good_check(unbegun: Story) -> None:
    """The check decides whether the step is done; but the next one is asked again, and people read how it ended."""
    story = unbegun
    story.configure("policy.yaml", ("  mode: ask\n", FLOOR))
    story.configure("plans/restart.md", RULE)
    await story.start()
    story.machine.fails = "gw-1"
    await asked(story)
    await story.ben.click("Approve")
    assert story.ana.reads("although it ended with 500: the check is good")
    assert story.ana.reads("it cannot be done")
    await story.ana.types("runs")
    assert story.ana.reads("done, although it ended with 500")
    await story.ana.types("summary")
    assert story.ana.reads("restart on gw-1 → done and checked, although it ended with 500")
    story.machine.healthy = False
    await hangs(story, service="other", instance="gw-2")
    assert story.machine.restarts == ["gw-1"]
    assert [one.state for one in (await story.incident(2)).approvals] == ["open"]


async def test_what_is_only_tried_makes_no_storm(unbegun: Story) -> None:
    """Two tests and a drill are open beside it: it runs by itself all the same."""
    story = unbegun
    story.configure("policy.yaml", ("  mode: ask\n", FLOOR.replace("runs: 1", "runs: 0")))
    story.configure("plans/restart.md", RULE)
    await story.start()
    for line in ("test", "test", "declare The standby is tried sev3"):
        await story.ana.types(line, "general")
    await story.ana.types("kind drill we practise the failover")
    await hangs(story, service="gateway")
    assert story.machine.restarts == ["gw-1"]
