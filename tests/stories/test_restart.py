"""The plan that heals by itself what people allow: asked, approved, run once, checked, or handed to people."""

import asyncio

import pytest

from bot.domain.facts import facts_of
from bot.domain.terms import Milestone
from tests.stories.story import Story

HUNG = {"service": "gateway"}


async def asked(story: Story, **labels: str) -> None:
    """A gateway hangs; Ana leads; the restart waits for somebody's yes."""
    assert await story.alert("Hung", **{**HUNG, **labels}) == "open"
    await story.ana.click("I have it", "@tocsin")
    await story.ben.actor.join(story.channel.id)
    await story.ana.click("No")
    assert story.ana.reads("[Approve] [Deny]")


async def states(story: Story) -> list[str]:
    return [approval.state for approval in (await story.incident()).approvals]


async def test_it_is_healed(story: Story) -> None:
    await asked(story)
    for line in (
        "POST http",
        "/restart/gw-1",
        "Then checks",
        "Cannot be undone: “Sessions are dropped.”",
        "14 threads",
    ):
        assert story.ben.reads(line), line
    assert story.ben.reads("[Approve]", "@tocsin")
    assert await story.ben.click("Approve") == "", "the card says it"
    assert story.machine.restarts == ["gw-1"]
    assert story.ana.reads("the check is good")
    await story.ana.click("Yes")
    incident = await story.incident()
    [_, restart] = incident.attempts
    assert (restart.state, restart.verified, restart.approvers) == ("ok", True, ("U0BEN",))
    assert incident.walk is not None
    assert incident.walk.outcome == "stopped"
    assert Milestone.MITIGATED in incident.marks


async def test_who_sees_no_effect_marks_nothing_and_nothing_was_healed(story: Story) -> None:
    """The check is good, and still no order can be placed: the question marks `mitigated` only by its good answer."""
    await asked(story)
    await story.ben.click("Approve")
    assert story.ana.reads("the check is good")
    await story.ana.click("No")
    incident = await story.incident()
    assert Milestone.MITIGATED not in incident.marks
    [*_, restart] = facts_of(incident).runs
    assert (restart.outcome, restart.lasted) == ("succeeded", False)


async def test_a_restart_that_does_not_help_is_handed_to_people(story: Story) -> None:
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]
    assert story.ana.reads("the check afterwards is not good")
    assert story.ana.reads("Say what you will do next")


LEVELS = ("schedules:", "escalations:\n  platform: [{call: platform, wait: 2m}, {call: U0MIA, wait: 5m}]\nschedules:")


async def mia_called(story: Story) -> bool:
    return any(page.person == "U0MIA" for page in (await story.incident()).pages)


async def test_nobody_answers_and_nothing_is_run(unbegun: Story) -> None:
    """Time that runs out is never a yes; asking again is a new question with a new code."""
    story = unbegun
    story.configure("oncall.yaml", LEVELS)
    await story.start()
    await asked(story)
    old = story.ben.keeps("Approve")
    await story.forward("7m40s")
    await story.settle()
    assert story.ana.reads("`restart` on `gw-1` still waits for a yes of Ana, Ben, Li")
    assert story.ben.reads("still waits for your yes or no", "@tocsin")
    assert not await mia_called(story)
    await story.forward("8m20s")
    await story.settle()
    assert story.ana.reads("unapproved. Nothing was run.")
    assert story.ana.reads("`gw-1` expired. Nothing was run. You can: `/tocsin ask 2.1`")
    assert await mia_called(story), "whoever leads was asked, so the next level on call is called"
    assert "expired" in await story.ben.clicks(old)
    await story.ana.click("Ask again")
    assert await states(story) == ["expired", "open"]
    assert "somebody else must approve it" in await story.ana.click("Approve")
    await story.forward("16m")
    await story.settle()
    assert story.ana.reads("nobody approved *restart* on `gw-1` in time, so nothing was run", "@tocsin"), "she leads"
    assert not story.ben.reads("in time, so nothing was run", "@tocsin"), "his question says so"
    await story.ana.types("ask 2.1")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]


@pytest.mark.slow
async def test_the_next_group_is_asked_when_the_first_is_silent(story: Story) -> None:
    await asked(story)
    early = story.ben.keeps("Approve")
    said = await story.li.clicks(early)
    assert "You are not among those who may approve it now" in said
    await story.forward("5m10s")
    await story.settle()
    assert story.li.reads("[Approve]", "@tocsin")
    assert story.ana.reads("may approve `restart` on `gw-1`, too.")
    await story.li.click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


async def test_no_is_no(story: Story) -> None:
    await asked(story)
    await story.ben.click("Deny")
    await story.ben.fills(reason="a deploy is running")
    assert story.ana.reads("Nothing was run. Reason: a deploy is running")
    assert not story.ana.reads("[Approve]")
    assert story.ana.reads("[Run restart] [Done by hand] [Skip]")
    assert story.machine.restarts == []


@pytest.mark.slow
async def test_no_may_come_from_a_direct_message(story: Story) -> None:
    """Who is asked and is not in the channel is told there, too."""
    await asked(story)
    await story.ben.actor.leave(story.channel.id)
    await story.ben.click("Deny", "@tocsin")
    await story.ben.fills(reason="a deploy is running")
    assert story.ben.reads("Denied. Nothing was run.", "@tocsin")


@pytest.mark.parametrize(
    ("env", "why"), [("test", "names another environment than the inventory"), ("", "names no environment")]
)
async def test_a_forged_or_missing_environment_makes_it_stricter(story: Story, env: str, why: str) -> None:
    """F39: two people instead of one, and the card says why."""
    await asked(story, env=env)
    assert story.ana.reads(f"The alert {why}, so all rules that may apply hold.")
    assert "1 more must say it" in await story.ben.click("Approve")
    assert "You said yes already" in await story.ben.click("Approve")
    assert story.machine.restarts == []
    await story.ana.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_two_yes_at_once_run_it_once(story: Story) -> None:
    """F31: exactly one decision wins, and the other is told who was quicker."""
    await asked(story)
    card = story.ben.keeps("Approve")
    click = story.workspace.acts.click
    await asyncio.gather(*(click(who, card.message, card.block, card.action) for who in ("U0ANA", "U0BEN")))
    await story.settle()
    assert story.machine.restarts == ["gw-1"]
    told = [story.ana.reads("was approved by Ben"), story.ben.reads("was approved by Ana")]
    assert sorted(told) == [False, True]


@pytest.mark.slow
async def test_yes_and_no_at_once_are_one_decision(story: Story) -> None:
    await asked(story)
    await story.ana.click("Deny")
    yes = story.ben.keeps("Approve")
    await asyncio.gather(
        story.ana.actor.fill(reason="wait").submit(),
        story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action),
        return_exceptions=True,  # a form says in itself that somebody was quicker
    )
    await story.settle()
    assert (await states(story), story.machine.restarts) in ((["given"], ["gw-1"]), (["denied"], []))


async def test_a_double_click_runs_it_once(story: Story) -> None:
    await asked(story)
    card = story.ben.keeps("Approve")
    await asyncio.gather(story.ben.clicks(card), story.ben.clicks(card))
    assert story.machine.restarts == ["gw-1"]


async def test_an_old_card_decides_nothing(story: Story) -> None:
    await asked(story)
    old = story.ben.keeps("Approve")
    await story.ben.click("Approve")
    assert "*restart* was approved by Ben" in await story.ana.clicks(old)
    await story.ana.click("Yes")
    await story.ana.types("resolve")
    assert "reopen" in await story.ana.clicks(old)
    assert story.machine.restarts == ["gw-1"]


async def test_a_question_of_another_incident_is_not_answered_here(story: Story) -> None:
    await asked(story)
    card = story.ben.keeps("Approve")
    await story.alert("DatabaseDown", service="orders")
    assert len(story.rooms) == 2
    assert "This question does not belong to INC-2" in await story.ben.clicks(card.forged(i=2))
    assert "does not belong" in await story.ben.clicks(card.forged(digest="f" * 64))
    assert (story.machine.restarts, await states(story)) == ([], ["open"])


@pytest.mark.slow
async def test_a_typed_approval_needs_the_code_on_the_card(story: Story) -> None:
    await asked(story)
    assert "approve 7f3a" in await story.ben.types("approve")
    assert "Nothing here has the code" in await story.ben.types("approve 0000")
    [question] = (await story.incident()).approvals
    await story.ben.types(f"approve {question.code}")
    assert story.machine.restarts == ["gw-1"]


@pytest.mark.slow
async def test_the_same_target_is_left_alone_for_a_while(story: Story) -> None:
    """The pause of the plan: a second restart within 30 min is refused with the reason."""
    story.machine.heals = False
    await asked(story)
    await story.ben.click("Approve")
    await story.ana.types("resolve")
    await story.clears("Hung", **HUNG)
    story.machine.restarts.clear()
    await story.forward("10m")
    await story.alert("Hung", service="orders")
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.ana.reads("10\xa0min ago (pause is 30\xa0min)")
    assert story.machine.restarts == []


async def test_nobody_knows_whether_it_was_done_and_one_says(story: Story) -> None:
    """The connection broke off, and the check does not help: people say what happened, the second one is told who was first."""
    story.machine.cuts, story.machine.heals = True, False
    await asked(story)
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("[It was done]"), "5m")
    old = story.ben.keeps("It was not")
    await story.ana.click("It was done")
    assert "Ana has said already that *restart* was done" in await story.ben.clicks(old)
    assert story.machine.restarts == ["gw-1"]
