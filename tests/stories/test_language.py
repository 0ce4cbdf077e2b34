"""The language is the reader's: after a switch, what was opened before is drawn in the new one, before anything happens in it."""

import asyncio

import pytest

from bot.flows.retelling import retell
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


async def chinese(story: Story) -> None:
    """An incident in which an approval is open, a step waits, and somebody was called."""
    story.language = "zh-CN"
    await story.start()
    assert await story.alert("Hung", service="gateway", instance="gw-1") == "open"
    assert story.ana.reads("您来指挥吗？", "@tocsin")
    await story.ana.click("我来接手", "@tocsin")
    await story.ben.actor.join(story.channel.id)
    await story.ana.click("No")  # the plan's own words
    assert story.ben.reads("[批准] [拒绝]")


def posts(story: Story) -> set[str]:
    """What people were told; that a topic has changed, Slack says itself."""
    every = [post for room in story.workspace.state.messages.values() for post in room.values()]
    return {post.ts for post in every if not post.only_for and "set the channel topic" not in post.text}


async def test_an_old_incident_follows_the_language(unbegun: Story) -> None:
    """Card, announcement and topic, the open step, the approval with its buttons, also where it is asked by direct message."""
    story = unbegun
    await chinese(story)
    before = posts(story)
    story.language = "en"
    await story.restart()
    await story.settle()
    assert posts(story) == before, "nothing is posted anew"
    assert story.ben.reads("[Approve] [Deny]")
    assert story.ben.reads("[Approve] [Deny]", "@tocsin")
    assert story.ana.reads("Ana · waiting for the approval of `restart`")
    assert story.ana.reads("SEV2 · Investigating", "incidents")
    assert "Investigating" in story.channel.topic
    old = [line for line in story.ana.sees() if "[批准]" in line or "[跳过]" in line or "截至" in line]
    assert not old
    drawn = len(story.workspace.calls("chat.update"))
    await story.restart()
    await story.settle()
    assert len(story.workspace.calls("chat.update")) == drawn, "once"


async def test_the_built_in_plan_in_another_language_is_no_newer_one(unbegun: Story) -> None:
    story = unbegun
    await story.start()
    await story.ana.types("declare Orders are down sev2", "general")
    walk = (await story.incident()).walk
    assert walk is not None
    assert walk.plan == "default"
    before = posts(story)
    story.language = "zh-CN"
    await story.restart()
    await story.settle()
    assert story.running.desk.plans.entries["default"].plan.sha != walk.sha, "it was read in the other language"
    assert posts(story) == before
    assert "PlanRevised" not in await story.kinds()


async def test_questions_that_wait_follow_it_after_the_end(unbegun: Story) -> None:
    story = unbegun
    story.language = "zh-CN"
    await story.start()
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("resolve")
    await story.forward("26h")
    assert story.ana.reads("只有人知道")
    story.language = "en"
    await story.restart()
    await story.settle()
    assert story.ana.reads("Only people know this of *INC-1*")
    assert not story.ana.reads("只有人知道")


async def test_two_replicas_tell_it_once(unbegun: Story) -> None:
    story = unbegun
    await chinese(story)
    drawn = len(story.workspace.calls("chat.update"))
    store = story.running.store
    await asyncio.gather(retell(store, "en"), retell(store, "en"))
    await story.settle()
    async with store.read() as reads:
        made = [row for row in await reads.effects("inc:1") if row["key"].endswith("@en:1") and row["kind"] == "show"]
    assert 4 < len(story.workspace.calls("chat.update")) - drawn <= len(made)
