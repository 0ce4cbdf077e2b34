"""F13: the machine's clock is set forward or back while an incident is open. F16: everything that was ever sent is sent again."""

import json
from typing import Any

import pytest

from bot.domain.events import ClockSet
from tests.stories import alerts
from tests.stories.story import EVERYTHING, Story

pytestmark = pytest.mark.slow
HOUR, DAY = 3600, 86_400


def shown(story: Story) -> int:
    """Messages of the bot in all rooms, but those that answer one person, and the brief of a morning that has come."""
    posts = [post for room in story.workspace.state.messages.values() for post in room.values()]
    return sum(post.by_app and post.only_for is None and "Good morning" not in post.text for post in posts)


async def seqs(story: Story) -> list[int]:
    return [event.seq for event in await story.timeline()]


@pytest.mark.parametrize("step", [-HOUR, DAY])
async def test_a_clock_that_is_set(story: Story, step: float) -> None:
    """Nobody is late because of it, whether or not a timer comes before it is noticed; what was left of the time counts on; the
    order is that of what happened; nothing stands still."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ana.types("update We look --next 20m")
    before, kinds = shown(story), await story.kinds()
    await story.running.pulse.beat()
    story.clock.jump(step)
    await story.rest()
    await story.running.pulse.beat()  # it comes every five seconds
    await story.settle()
    await story.forward("1m")
    await story.settle()
    assert shown(story) == before, story.ana.sees()
    assert await story.kinds() == [*kinds, "ClockSet"]
    async with story.running.store.read() as reads:
        [known] = await reads.of_organisation("clock_set")
    assert known.payload == ClockSet(round(step * 1_000_000))
    await story.forward("20m")
    assert (await story.kinds()).count("UpdateMissed") == 1
    assert await seqs(story) == sorted(await seqs(story))
    await story.ben.types("note after the step")
    assert story.ana.reads("after the step")
    assert (await story.timeline())[-1].kind == "noted"
    assert await story.alert(shard="2") in ("attach", "open", "symptom")
    await story.clears(shard="2")
    await story.ana.types("resolve")
    assert not (await story.incident()).status.open


async def test_all_that_was_sent_is_sent_again(story: Story) -> None:
    """A day of webhooks, twice: no event, no state, no message more."""
    sent: list[Any] = []

    async def post(name: str, status: str, began: int, **labels: str) -> None:
        one = alerts.alert(name, status, story.clock.now(), began, labels)
        body = alerts.request([one], f"{{}}:{{{name}}}")
        sent.append(json.loads(json.dumps(body)))
        assert (await story.post(body))[0] == 200
        await story.settle()

    for hour in range(8):
        began = story.clock.now()
        await post("DatabaseDown", "firing", began, shard=str(hour % 3))
        await story.forward("10m")
        await post("DatabaseDown", "firing", began, shard=str(hour % 3))
        await story.forward("50m")
        await post("DatabaseDown", "resolved", began, shard=str(hour % 3))
        await story.forward("2h")
    before = await everything(story)
    for body in sent:
        code, said = await story.post(body)
        assert code == 200
        assert said["items"][0]["decision"] in ("repeat", "record_only"), said
    await story.settle()
    assert await everything(story) == before


async def everything(story: Story) -> tuple[Any, ...]:
    async with story.running.store.read() as reads:
        incidents = [str(incident) for incident in await reads.incidents(EVERYTHING, open_only=False)]
    timelines = [[str(event) for event in await story.timeline(n + 1)] for n in range(len(incidents))]
    posts = len(story.workspace.calls("chat.postMessage"))
    return incidents, timelines, posts, shown(story)
