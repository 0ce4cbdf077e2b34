"""A plan goes back a step; and its owner hears, once, how it went."""

import pytest

from bot.domain.events import PlanReported, StepAssigned
from bot.domain.run_facts import plan_of
from tests.runbooks.git import Repository
from tests.stories.story import Story

EDITED = "https://git.example/edit/{path}#{line}"
OWNED = ("{id: database-second", "{id: team-database, kind: static, people: [li]}\n  - {id: database-second")


async def test_back_and_not_mine(story: Story) -> None:
    """Both times of a step are facts."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ben.click("Done")  # 1.1
    await story.forward("30s")
    await story.ben.types("done 1.3 no answer")
    await story.forward("30s")
    await story.ben.types("back")
    assert "Why does the plan go back?" in story.ben.form
    await story.ben.fills(reason="that was the wrong host")
    assert "Ben went back to step *1.3*: that was the wrong host" in await story.ana.types("timeline")
    incident = await story.incident()
    assert incident.walk is not None
    times = [(s.step, s.state) for s in plan_of(incident.walk).steps if s.step != "1.2"]
    assert times == [("1.1", "done"), ("1.3", "done"), ("1.4", "left"), ("1.3", "open")]
    await story.ben.click("Not mine")
    await story.ben.fills(person="U0LI")
    given = [event.payload for event in await story.timeline() if isinstance(event.payload, StepAssigned)]
    assert (given[-1].person, given[-1].why) == ("U0LI", "not_mine")
    assert "was not done before" in await story.ana.types("back 3.1 why")


@pytest.mark.parametrize("done", [False, True])
async def test_the_owner_hears_of_a_false_alarm_for_which_something_was_done(unbegun: Story, done: bool) -> None:
    """Once nobody can take that back any more; not where nobody did anything."""
    story = unbegun
    story.configure("oncall.yaml", OWNED)
    await story.start()
    await story.alert()
    await story.ana.types("ack")
    if done:
        await story.ben.types("done 1.1")
    await story.ana.types("decline false alarm")
    assert not story.li.reads("Your plan", "@tocsin")
    await story.forward("6m")
    await story.settle()
    assert story.li.reads("Your plan *Fail over the orders database* was used in INC-1", "@tocsin") is done


async def test_the_owner_hears_once_how_it_went(unbegun: Story) -> None:
    story = unbegun
    story.configure("oncall.yaml", OWNED)
    story.configure("policy.yaml", ("  mode: ask", f"  mode: ask\n  plans: {{edit: '{EDITED}'}}"))
    Repository(story.folder / "config" / "plans", remote=False).commit()
    await story.start()
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.forward("5m")
    await story.ben.click("Done")  # 1.1, within 2 min
    await story.forward("6m")
    await story.ben.types("skip 1.3 no access to the host")
    await story.ana.types("plan restart start")
    await story.ana.types("resolve")
    assert not story.li.reads("Your plan", "@tocsin"), "not before the incident is closed"
    await story.ana.types("close")
    lines = story.li.sees("@tocsin")[-1].splitlines()
    line = 1 + (story.folder / "config/plans/failover.md").read_text().splitlines().index(
        "- [ ] Look at the primary, and paste what you see. *(Database lead, within 3 min, evidence)*"
    )
    assert "Your plan *Fail over the orders database* was used in INC-1: 2 steps were walked." in lines[0]
    assert any("*1.1* took 5" in one and "(target 2" in one for one in lines)
    assert any("*Assess* took 11" in one and "(target 10" in one for one in lines)
    told = f"*1.3* skipped: “no access to the host” — `failover.md:{line}` [Edit line {line}]"
    assert any(told in one for one in lines), lines
    reported = [event.payload for event in await story.timeline() if isinstance(event.payload, PlanReported)]
    assert [(one.run, one.person) for one in reported] == [(1, "U0LI"), (2, "")]
    assert reported[0].edit == "https://git.example/edit/failover.md#{line}"
    assert "nobody is known as its owner" in await story.ana.types("timeline")
    await story.ana.types("reopen it is back")
    await story.ana.types("resolve")
    await story.ana.types("close")
    assert sum("Your plan" in one for one in story.li.sees("@tocsin")) == 1


async def test_what_was_ticked_and_skipped_was_not_confirmed(unbegun: Story) -> None:
    """The one who is there ticks it, and goes past the second person who is missing: both are on the record."""
    story = unbegun
    story.configure("oncall.yaml", OWNED)
    await story.start()
    await story.alert()
    for words in ("done 1.1", "done 1.3 no answer", "answer 1.4 yes", "done 2.1", "skip 2.1 nobody is here"):
        await story.ben.types(words)
    said = "Ben skipped step *2.1*, ticked by Ben and not confirmed: nobody is here"
    assert said in await story.ana.types("timeline")
    assert story.ana.reads("*2.1* Fence the old primary — ticked by Ben, not confirmed — skipped by Ben")
    await story.ana.types("resolve")
    assert "| ticked by Ben, not confirmed, skipped |" in story.channel.files[0]["text"]
    await story.ana.types("close")
    assert story.li.reads("*2.1* ticked by Ben, not confirmed, skipped: “nobody is here”", "@tocsin")


async def test_of_the_built_in_plan_that_nobody_owns_nobody_is_told(story: Story) -> None:
    """Every incident without a plan would say so at its end."""
    await story.ana.types("declare The lunch is cold sev4", "general")
    for line in ("resolve", "close"):
        await story.ana.types(line)
    await story.settle()
    assert "PlanReported" not in await story.kinds()
    assert not story.ana.reads("Nobody was told how the plan")
