"""An experiment is taken back while what it does is not settled: nothing leads away from the way back, and it begins by itself."""

from tests.stories.story import Story
from tests.stories.test_experiment import BACK, PAGE, REHEARSAL, begun

SEE = "- [ ] See that it is as it was. *(evidence)*\n"


async def in_doubt(story: Story, also: str = SEE) -> None:
    """What broke something was cut off, and nobody knows whether it did."""
    story.machine.cut_at = "gw-9"
    story.machine.heals = False
    await begun(story, REHEARSAL, page=PAGE.replace(SEE, BACK + also))
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")


async def stands_at(story: Story) -> tuple[str, list[tuple[str, str]]]:
    """The step that holds up the next one, and all visits."""
    walk = (await story.incident()).walks[-1]
    return walk.current.step if walk.current else walk.outcome, [(v.step, v.state) for v in walk.visits]


async def test_what_nobody_knew_of_leads_nowhere_once_it_is_taken_back(unbegun: Story) -> None:
    story = unbegun
    await in_doubt(story)
    await story.ana.types("drill stop orders fail on gw-2")
    assert story.ana.reads("nobody knows yet what became of what `INC-1` runs on `gw-9`")
    assert await stands_at(story) == ("3.1", [("1.1", "done"), ("2.1", "unknown"), ("3.1", "open")])
    assert "The plan has gone on without step 2.1" in await story.ana.click("Run again: new approval")
    await story.ana.click("It was done")
    assert story.ana.reads("*2.1* Restart it — left: the plan went on elsewhere")
    assert await stands_at(story) == ("3.1", [("1.1", "done"), ("2.1", "left"), ("3.1", "waiting")]), "asked by itself"
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-9", "back-gw-9"]


async def test_what_is_settled_last_ends_the_plan(unbegun: Story) -> None:
    """People took it back by hand before anybody said what became of the first."""
    story = unbegun
    await in_doubt(story)
    await story.ana.types("drill stop orders fail on gw-2")
    await story.ana.types("done 3.1 by hand")
    await story.ana.types("done 3.2 as it was")
    assert (await stands_at(story))[0] == "2.1", "somebody still has to say it"
    await story.ana.types("outcome not")
    assert (await stands_at(story))[0] == "finished"
    assert story.machine.restarts == ["gw-9"]


async def test_what_still_runs_is_ended_and_the_way_back_waits_for_no_more(unbegun: Story) -> None:
    """Something real comes while the program that breaks something runs: it gets its end at once, not when its time is over."""
    story = unbegun
    place, mark = story.folder / "programs", story.folder / "begun"
    place.mkdir(mode=0o700)
    (place / "hold").write_text(f"#!/bin/sh\necho $$ >> {mark}\nsleep 300 & wait\n")
    (place / "hold").chmod(0o700)
    http = 'http: {method: POST, url: "http://@HOST@/restart/${host}", expect: 200}\n  changes: true\n  timeout: 5s'
    held = f'run: ["{place}/hold", "${{host}}"]\n  changes: true\n  timeout: 10m'
    await begun(story, REHEARSAL, page=PAGE.replace(http, held).replace(SEE, BACK + SEE))
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    drill = story.channel.id
    yes = story.ben.keeps("Approve")
    await story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action)
    await story.until(mark.exists, "5m")
    await story.alert("DatabaseDown")
    await story.until(lambda: story.ana.reads("was stopped", drill), "5m")
    await story.settle()
    walk = (await story.incident(1)).walks[-1]
    assert [(v.step, v.state) for v in walk.visits] == [("1.1", "done"), ("2.1", "left"), ("3.1", "waiting")]
    await story.ben.clicks(story.ben.keeps("Approve", drill))
    await story.settle()
    assert story.machine.restarts == ["back-gw-9"]
    assert len(mark.read_text().split()) == 1


async def test_no_pause_and_no_rate_is_in_the_way_of_the_way_back(unbegun: Story) -> None:
    """The plan may act once in six hours, and had its turn when it broke something."""
    story = unbegun
    page = PAGE.replace(SEE, BACK + SEE).replace("at_most: 3 per 6h", "at_most: 1 per 6h")
    await begun(story, REHEARSAL, page=page)
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Wait for ten minutes"))
    await story.ana.types("drill stop orders fail on gw-2")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-9", "back-gw-9"]


async def test_what_could_not_be_broken_is_not_broken_on_the_way_back(unbegun: Story) -> None:
    """Nobody answers at the address: the plan goes to its way back, and nothing there offers to break it after all."""
    story = unbegun
    page = PAGE.replace("@HOST@/restart", "127.0.0.1:9/restart").replace(SEE, BACK + SEE)
    await begun(story, REHEARSAL, ('http_hosts: ["', 'http_hosts: ["127.0.0.1:9", "'), page=page)
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("*3.1* Take it back"), "5m")
    assert not story.ana.reads("[Ask again]")
    assert "No step that waits has an action" in await story.ana.types("run break")
    assert (await stands_at(story))[0] == "3.1"


async def test_who_ends_it_ends_it_on_its_way_back(unbegun: Story) -> None:
    """Whatever would end the incident would leave broken what the experiment broke, and nobody would be told of it any more."""
    story = unbegun
    await begun(story, REHEARSAL, page=PAGE.replace(SEE, BACK + SEE))
    await story.ana.types("ack")
    await story.ana.types("done 1.1 order 4711")
    await story.ben.actor.join(story.channel.id)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Wait for ten minutes"))
    await story.alert("Slow", severity="warning")
    drill, other = story.rooms[0].id, story.rooms[1].id
    await story.ana.actor.join(other)
    await story.ana.types("kind drill it is part of it", other)
    for line in ("resolve", "decline mistake", "plan default start"):
        assert "it is taken back first (`drill stop`)" in await story.ana.types(line, drill), line
    assert "it is taken back first (`drill stop`)" in await story.ana.types("merge INC-1", other)
    await story.ana.types("drill stop it was enough", drill)
    assert "is being taken back: end its last steps first" in await story.ana.types("resolve", drill)
    await story.ben.click("Approve", drill)
    await story.ana.types("done 3.2 as it was", drill)
    assert "is resolved" in await story.ana.types("resolve", drill)
