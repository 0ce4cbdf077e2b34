"""Alerts go on joining while people answer a question: what was asked is what runs."""

from dataclasses import replace

import pytest

from tests.stories.story import Story

HUNG = {"service": "gateway"}
SECOND = {**HUNG, "instance": "gw-2"}


async def asked(story: Story, **labels: str) -> None:
    """The gateway on gw-1 hangs; the restart waits for Ben's yes; then something else joins the incident."""
    await story.alert("Hung", **HUNG)
    await story.ana.click("I have it", "@tocsin")
    await story.ben.actor.join(story.channel.id)
    await story.ana.click("No")
    assert story.ben.reads("/restart/gw-1")
    await story.forward("10s")
    assert await story.alert("Hung", **labels) == "attach"


@pytest.mark.parametrize("labels", [SECOND, {**SECOND, "env": ""}], ids=["another machine", "no environment"])
async def test_the_question_stays_what_it_was(story: Story, labels: dict[str, str]) -> None:
    """Neither its target moves nor who may answer it, nor how many must."""
    await asked(story, **labels)
    assert story.ben.reads("/restart/gw-1")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]
    assert story.ana.reads("the check is good")


async def test_the_alert_that_asked_may_be_over(story: Story) -> None:
    await asked(story, **SECOND)
    await story.clears("Hung", **HUNG)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_a_new_question_is_about_what_fires_now(story: Story) -> None:
    await asked(story, **SECOND)
    await story.ben.click("Deny")
    await story.ben.fills(reason="not this one")
    await story.clears("Hung", **HUNG)
    await story.ana.click("Run restart")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-2"]


async def test_what_was_asked_may_be_forbidden_meanwhile(story: Story) -> None:
    """The gates are asked again for the same values: a machine that is no longer in the inventory is left alone."""
    await asked(story, **SECOND)
    organisation = story.running.desk.organisation
    automation = organisation.policy.automation
    [gateways] = automation.inventory
    left = replace(automation, inventory=(replace(gateways, hosts=("gw-2", "gw-3")),))
    story.running.desk.organisation = replace(organisation, policy=replace(organisation.policy, automation=left))
    assert "not in the entry `gateways` of the inventory" in await story.ben.click("Approve")
    await story.ben.types("deny feed handler is down")
    [asked_for] = (await story.incident()).approvals
    assert (asked_for.state, asked_for.ended_by) == ("denied", "U0BEN"), "a no is always possible"
    assert story.ana.reads("feed handler is down")
    assert story.machine.restarts == []
