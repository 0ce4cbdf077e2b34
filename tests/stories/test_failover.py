"""The plan that people walk: who has a step, what it needs, who stands in, and what is written down of it."""

import pytest

from bot.flows import review
from tests.stories.story import Story
from tests.stories.ways import WAYS


@WAYS
async def test_the_whole_story(story: Story) -> None:
    """From the alert to the numbers; every word of a person is on the timeline."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ben.click("Done")  # 1.1
    assert story.ben.reads("meanwhile: the plan goes on")
    await story.forward("1m")
    await story.ben.click("Done")  # 1.3 asks for evidence
    assert "What did you see?" in story.ben.form
    await story.ben.fills(evidence="no answer from two networks")
    await story.ben.click("Yes")  # 1.4
    await story.forward("1m")
    await story.ben.click("Done")  # 2.1, to be confirmed by the commander
    assert story.ana.reads("Somebody else has to confirm it")
    await story.ana.click("Confirm")
    await story.ben.types("skip 2.2 no caches here")
    await story.ben.click("Done")  # 2.3
    await story.ana.click("Confirm")
    await story.ana.types("done 1.2")
    await story.ana.types("done 3.1 writes work")
    incident = await story.incident()
    assert incident.walk is not None
    assert (incident.walk.outcome, [v.state for v in incident.walk.visits]) == (
        "finished",
        ["done", "done", "done", "done", "done", "skipped", "done", "done"],
    )
    assert {"diagnosed", "fix_started", "mitigated", "recovered"} <= {str(mark) for mark in incident.marks}
    assert await story.clears() == "resolve"
    await story.ana.click("Yes")
    assert story.ana.reads("*INC-1* is resolved")
    [draft] = story.channel.files
    assert "no answer from two networks" in draft["text"]
    assert len(story.rooms) == 1


async def test_the_standby_takes_over_when_nobody_answers(story: Story) -> None:
    """`Takes over after 5 min`: Ben says nothing, so Li is asked and has the step, and Ben may take it back."""
    await story.alert()
    assert story.ben.reads("database lead", "@tocsin")
    await story.forward("4m50s")
    assert not story.li.reads("standby", "@tocsin")
    await story.forward("20s")
    await story.settle()
    assert story.li.reads("You are the standby: database lead does not answer.", "@tocsin")
    assert (await story.incident()).walk.visits[0].person == "U0LI"  # type: ignore[union-attr]
    await story.li.click("I have it", "@tocsin")
    assert (await story.incident()).holder("database lead") == "U0LI"
    await story.ben.types("role database lead")
    assert (await story.incident()).holder("database lead") == "U0BEN"
    held = [(one.value, one.end is not None) for one in (await story.incident()).roles["database lead"]]
    assert held == [("U0LI", True), ("U0BEN", False)]


async def test_who_leads_hears_that_neither_has_answered(story: Story) -> None:
    """Once; either may still take it."""
    await story.alert()
    await story.ana.types("ack")
    await story.forward("5m10s")
    assert not story.ana.reads("did not answer in time")
    await story.forward("5m10s")
    assert story.ana.reads("Nobody is database lead: Ben, Li did not answer in time. `/tocsin role database lead @…`")
    await story.forward("30m")
    assert (await story.kinds()).count("RoleUnanswered") == 1
    await story.li.click("I have it", "@tocsin")
    assert (await story.incident()).holder("database lead") == "U0LI"


@pytest.mark.slow
async def test_whoever_answers_in_time_keeps_the_role(story: Story) -> None:
    await story.alert()
    await story.ben.click("I have it", "@tocsin")
    await story.forward("10m")
    assert not story.li.reads("standby", "@tocsin")


async def test_alone_with_a_reason_is_written_down(story: Story) -> None:
    """`confirmed by` without a second person: a reason, and the review shows it."""
    await story.alert()
    await at_the_fence(story)
    assert "alone" in await story.ben.click("Confirm")
    await story.ben.click("Alone, because …")
    await story.ben.fills(why="nobody answers at 3 a.m.")
    fence = (await story.incident()).walk.visit("2.1")  # type: ignore[union-attr]
    assert fence is not None
    assert (fence.state, fence.alone) == ("done", True)


@pytest.mark.slow
async def test_always_means_that_nobody_goes_on_alone(story: Story) -> None:
    await story.alert()
    await at_the_fence(story)
    await story.ben.types("confirm 2.1 alone, because nobody answers")
    await story.ben.types("skip 2.2 no caches")
    await story.ben.types("done 2.3")
    said = await story.ben.types("confirm 2.3 alone, because nobody answers")
    assert "This plan allows no exception" in said
    await story.ana.types("confirm 2.3")
    assert (await story.incident()).walk.visit("2.3").state == "done"  # type: ignore[union-attr]


async def at_the_fence(story: Story) -> None:
    """Ben alone brings the plan to the step that somebody else must confirm, and ticks it."""
    await story.ben.types("done 1.1")
    await story.ben.types("done 1.3 no answer")
    await story.ben.types("answer 1.4 yes")
    await story.ben.types("done 2.1")


async def test_two_people_who_say_done_tick_one_step(story: Story) -> None:
    """Within a second: the second is asked whether the next step was meant as well."""
    await story.alert()
    await story.ben.types("role database lead")
    await story.ana.types("ack")
    await story.forward("30s")
    room = story.channel.id
    await story.ben.actor.command("/tocsin done", room)
    await story.ana.actor.command("/tocsin done", room)
    await story.settle()
    assert story.ana.reads("Step 1.1 was ticked by Ben")
    assert story.ana.reads("[Yes, 1.3]")
    walk = (await story.incident()).walk
    assert walk is not None
    assert [visit.step for visit in walk.visits if visit.state == "done"] == ["1.1"]
    assert "/tocsin done 1.3 …" in await story.ana.types(f"done {'too long for a button ' * 90}")
    assert await story.ana.click("Yes, 1.3") == ""
    await story.ana.fills(evidence="no answer from two networks")  # this step needs it, so the button asks
    assert (await story.incident()).walk.visit("1.3").state == "done"  # type: ignore[union-attr]


@pytest.mark.slow
async def test_not_mine_gives_the_step_away_and_help_calls_the_standby(story: Story) -> None:
    await story.alert()
    await story.ben.click("Not mine")
    await story.ben.fills(person="U0MIA")
    assert (await story.incident()).walk.visits[0].person == "U0MIA"  # type: ignore[union-attr]
    assert story.person("mia").reads("this step is yours", "@tocsin")
    await story.person("mia").click("Help", "@tocsin")
    assert story.li.reads('Say "I have the database"', "@tocsin")
    assert story.li.reads("Mia asks for your help", "@tocsin")
    assert "li" in story.channel.members
    assert (await story.incident()).walk.visits[0].person == "U0MIA"  # type: ignore[union-attr]
    await story.li.click("I take it", "@tocsin")
    assert (await story.incident()).walk.visits[0].person == "U0LI"  # type: ignore[union-attr]


@pytest.mark.slow
async def test_a_late_step_is_said_once(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.forward("3m")
    await story.settle()
    assert story.ana.reads("late since")
    assert (await story.kinds()).count("StepOverdue") == 1


@pytest.mark.slow
async def test_the_plan_may_branch_be_left_for_another_and_go_on(story: Story) -> None:
    await story.alert()
    await story.ben.types("done 1.1")
    await story.ben.types("done 1.3 it answers")
    await story.ben.click("No, it answers")
    assert story.ana.reads("Say that the service is back")
    said = await story.ana.types("plan default")
    assert "is at step 3.1. It would be left there" in said
    assert len((await story.incident()).walks) == 1, "it is asked first"
    assert "1.1" in await story.ana.click("Take up The first ten minutes")
    incident = await story.incident()
    assert [(walk.plan, walk.outcome) for walk in incident.walks] == [("failover", "replaced"), ("default", "")]
    told = await story.ana.types("timeline")
    assert "The plan *Fail over the orders database* was chosen, since it fits the alert." in told
    assert "The plan *Fail over the orders database* was left at step 3.1 (`plan failover` goes on with it)." in told
    assert "Ana chose the plan *The first ten minutes*." in told
    assert "(left at step 3.1)" in await story.ben.types("plan")
    assert "was left at step 3.1, " in await story.ben.types("plan failover")
    assert "Say that the service is back" in await story.ben.click("Go on at 3.1")
    assert "Say that the service is back" in await story.ben.types("plan")
    assert [walk.run for walk in (await story.incident()).walks] == [2, 1]
    await story.ben.types("done 3.1")
    async with story.running.store.read() as reads:
        draft = await review.draft(story.running.desk, reads, await story.incident())
    assert "Fail over the orders database — under way" in draft, "1.2 waits still"
    assert "The first ten minutes — left at step 1.1" in draft


async def test_a_button_of_a_plan_that_was_replaced_ticks_nothing(story: Story) -> None:
    """F31: the old card's 1.1 is not the new plan's 1.1."""
    await story.alert()
    old = story.ben.keeps("Done")
    await story.ana.types("plan default")
    assert story.ana.reads("*1.1* — left: the plan went on elsewhere")
    assert "belongs to a plan that has been replaced" in await story.ben.clicks(old)
    assert all(visit.state == "open" for visit in (await story.incident()).walks[-1].visits)


@pytest.mark.slow
@pytest.mark.parametrize("sign", ["ack", "done 1.1"])
async def test_who_does_a_roles_work_has_answered_and_keeps_it(story: Story, sign: str) -> None:
    """Ben was asked to be database lead; he never touches that button, and nobody takes the steps from him."""
    await story.alert()
    await story.ana.types("ack")
    await story.ben.types(sign)
    assert (await story.incident()).holder("database lead") == "U0BEN"
    await story.forward("6m")
    await story.settle()
    assert (await story.incident()).holder("database lead") == "U0BEN"
    assert "StepAssigned" not in await story.kinds()
