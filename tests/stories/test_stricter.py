"""What is asked for grows while a question is open: the stricter of then and now holds, and the card says it."""

from dataclasses import replace

import pytest

from bot.domain.policy import Mode
from runbooks import executors
from runbooks.parse import accepted
from tests.stories import alerts
from tests.stories.story import Story
from tests.stories.test_again import TWICE as AGAIN
from tests.stories.test_restart import HUNG, asked, states
from tests.stories.test_undone import written

TWO = ("  mode: ask\n", "  mode: ask\n  floor:\n    - {when: ['severity=~\"sev1|sev2\"'], need: 2}\n")


async def test_the_severity_rises(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", TWO)
    await story.start()
    await asked(story, severity="warning")
    assert story.ben.reads("needs 1 of")
    old = story.ben.keeps("Approve")
    await story.ana.types("sev 2 it is worse")
    assert "1 more must say it" in await story.ben.clicks(old)
    assert story.machine.restarts == []
    assert story.ana.reads("needs 2 of")
    await story.ana.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_whom_a_higher_severity_calls_for_is_asked(unbegun: Story) -> None:
    """Another group must say yes by now: its people are asked as soon as it is known that theirs is missing."""
    story = unbegun
    story.configure("policy.yaml", ("  managers:", "  bosses: [U0MIA]\n  managers:"))
    story.configure("policy.yaml", (TWO[0], TWO[1].replace("need: 2", "need: 1, from: [bosses]")))
    await story.start()
    await asked(story, severity="warning")
    old = story.ben.keeps("Approve")
    await story.ana.types("sev 2 it is worse")
    mia = story.person("mia")
    assert not mia.reads("[Approve]", "@tocsin")
    assert "It takes a yes of bosses, too" in await story.ben.clicks(old)
    assert story.ana.reads("Mia may approve `restart` on `gw-1`, too.")
    assert story.machine.restarts == []
    await mia.click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


async def test_who_was_to_be_asked_later_is_asked_where_only_they_may(unbegun: Story) -> None:
    """The plan asks the owners first; by now it takes a yes of the managers, its second group."""
    story = unbegun
    story.configure("policy.yaml", (TWO[0], TWO[1].replace("need: 2", "need: 1, from: [managers]")))
    await story.start()
    await asked(story, severity="warning")
    await story.ana.types("sev 2 it is worse")
    assert "It takes a yes of managers" in await story.ben.click("Approve")
    assert story.machine.restarts == []
    await story.person("li").click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


async def test_a_yes_of_somebody_who_has_gone_does_not_count(unbegun: Story) -> None:
    """Who is left is told how many are missing, and others are asked."""
    story = unbegun
    story.configure("policy.yaml", (TWO[0], TWO[1]))
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    story.workspace.change_person("ben", deleted=True)
    await story.settle()
    assert "1 more must say it" in await story.ana.click("Approve")
    assert story.machine.restarts == []
    await story.person("li").click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


@pytest.mark.slow
async def test_the_severity_rises_between_two_tries(unbegun: Story) -> None:
    """One yes was enough for the first try, and is not for the second."""
    story = unbegun
    story.configure("policy.yaml", TWO)
    story.configure("plans/restart.md", AGAIN)
    await story.start()
    story.machine.heals = False
    await asked(story, severity="warning")
    await story.ben.actor.click("Approve", story.channel.id)
    await story.ana.types("sev 2 it is worse")
    await story.until(lambda: story.ana.reads("Not run: more people must say yes by now"), "2m")
    assert story.machine.restarts == ["gw-1"]


@pytest.mark.slow
async def test_the_severity_rises_before_it_is_undone(unbegun: Story) -> None:
    """The yes covered the way back; more are needed by now, so they are asked."""
    story = unbegun
    story.configure("policy.yaml", TWO)
    written(story)
    await story.start()
    story.machine.heals = False
    await asked(story, severity="warning")
    await story.ben.click("Approve")
    await story.ben.actor.click("Approve", story.channel.id)
    await story.ana.types("sev 2 it is worse")
    await story.until(lambda: story.ana.reads("needs 2 of"), "2m")
    assert (story.machine.restarts, (await states(story))[-1]) == (["drain-gw-1", "gw-1"], "open")


async def test_whose_the_target_is_says_the_inventory_and_not_the_alert(unbegun: Story) -> None:
    """A rule for tier 1 asks for two; an alert that names another service, or none, makes it no easier."""
    story = unbegun
    story.configure("policy.yaml", (", service: gateway}", "}"))
    await story.start()
    await asked(story)
    assert story.ben.reads("The inventory does not say whose target it is")
    assert story.ben.reads("needs 2 of")


async def test_the_policy_changes_between_two_lives(story: Story) -> None:
    await asked(story)
    await story.stop()
    story.configure("policy.yaml", TWO)
    await story.start()
    await story.ben.click("Approve")
    assert (story.machine.restarts, await states(story)) == ([], ["open"])
    await story.ana.click("Approve")
    assert (story.machine.restarts, await states(story)) == (["gw-1"], ["given"])


async def test_the_question_of_another_incident_is_another_question(story: Story) -> None:
    """The same plan for the same target: what one incident's alert says of it decides nothing in the other."""
    await asked(story, env="")
    assert story.ben.reads("The alert names no environment")
    await story.alert("Hung", service="orders")
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    [one], [other] = [(await story.incident(number)).approvals for number in (1, 2)]
    assert (one.step, one.target) == (other.step, other.target)
    assert one.digest != other.digest
    assert [await envs(story, each.digest) for each in (one, other)] == [[""], ["production"]]


async def test_one_of_many_alerts_names_no_environment(story: Story) -> None:
    """It stands behind sixty newer ones; none of them may hide it."""
    assert await story.alert("Hung", **{**HUNG, "env": ""}) == "open"
    await story.forward("1s")
    now = story.clock.now()
    newer = [alerts.alert("Hung", "firing", now, now, {**HUNG, "pod": f"p{n}"}) for n in range(60)]
    await story.post(alerts.request(newer, "{}:{Hung gateway}"))
    await story.settle()
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.ana.reads("The alert names no environment")
    [question] = (await story.incident()).approvals
    assert await envs(story, question.digest) == ["", "production"]


async def test_to_ask_again_while_it_is_asked_changes_nothing(story: Story) -> None:
    """Another alert has joined meanwhile: what the open question was asked with stays."""
    await asked(story, env="")
    [question] = (await story.incident()).approvals
    assert await story.alert("Hung", **HUNG, instance="gw-2") == "attach"
    assert "It is asked already" in await story.ana.types("run restart host=gw-1")
    assert await envs(story, question.digest) == [""]


async def test_what_was_stored_with_the_question_is_what_was_asked(story: Story) -> None:
    """A newer version fills an action in otherwise, or a row was changed: what runs is what the card showed, or nothing."""
    await asked(story)
    await filled_otherwise(story)
    assert "no longer what was approved" in await story.ben.click("Approve")
    assert story.machine.restarts == []


async def test_the_gates_are_asked_once_more_before_it_runs(story: Story) -> None:
    """Automation was switched off while the question was open."""
    await asked(story)
    organisation = story.running.desk.organisation
    off = replace(organisation.policy.automation, mode=Mode.OFF)
    story.running.desk.organisation = replace(organisation, policy=replace(organisation.policy, automation=off))
    assert "Approved, but not run" in await story.ben.click("Approve")
    assert story.machine.restarts == []


async def filled_otherwise(story: Story) -> None:
    """What would run now is another text than the card's."""
    [question] = (await story.incident()).approvals
    async with story.running.store.begin() as tx:
        row = await tx.attempt(question.digest)
        assert row is not None
        await tx.save([replace(row, order={**row.order, "values": {"host": "gw-2"}})])


async def envs(story: Story, digest: str) -> list[str]:
    """What the alerts said when a question was asked."""
    async with story.running.store.begin() as tx:
        row = await tx.attempt(digest)
    assert row is not None
    return list(row.order["told"]["envs"])


@pytest.mark.parametrize("words", ["done 2.1 by hand", "skip no need", "plan default start", "resolve"])
async def test_a_question_that_is_overtaken_offers_nothing(story: Story, words: str) -> None:
    """Somebody did it by hand, or took another way: card and direct messages say so, and an old click is told who it was."""
    await asked(story)
    old = story.ben.keeps("Approve")
    await story.forward("30s")
    await story.ana.types(words)
    assert not story.ben.reads("[Approve]")
    assert not story.ben.reads("[Approve]", "@tocsin")
    assert story.ben.reads("No longer asked: Ana went on")
    assert story.ben.reads("No longer asked: Ana went on", "@tocsin")
    said = await story.ben.clicks(old)
    assert "Ana went on" in said or "resolved" in said
    assert story.machine.restarts == []


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_pinned_text_that_newer_rules_do_not_take_is_walked_by_people(story: Story) -> None:
    """As after an upgrade of Tocsin: the plan goes on, and none of its actions runs."""
    desk = story.running.desk
    entry = desk.plans.entries["restart"]
    text = entry.text.replace("attempts: 2", "attempts: 99")
    older = replace(entry, plan=accepted(text, entry.plan.path, executors.keys()), text=text, stale=True)
    desk.plans = replace(desk.plans, entries={**desk.plans.entries, "restart": older})
    await story.alert("Hung", **HUNG)
    await story.ana.click("I have it", "@tocsin")
    assert story.ana.reads("Not run: the rules of this version find an error in the plan (`restart.md:")
    assert ((await story.incident()).attempts, await states(story)) == ((), [])


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_the_switch_speaks_before_what_is_wrong_with_a_value(story: Story) -> None:
    await story.ana.types("automation off let us see", "general")
    await story.alert("Hung", **HUNG, instance="elsewhere")
    await story.ana.click("I have it", "@tocsin")
    await story.forward("30s")
    await story.ana.click("Done by hand")
    await story.ana.click("No")
    walk = (await story.incident()).walk
    assert walk is not None
    assert walk.current is not None
    assert (walk.current.step, walk.current.refused) == ("2.1", "off")
