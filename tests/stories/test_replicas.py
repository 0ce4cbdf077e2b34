"""Two replicas on one database and one Slack, which gives each payload to one of them: whichever gets it, it is done once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.slack.manifest import manifest
from tests.postgres import Fresh
from tests.stories.conftest import opened, write_config
from tests.stories.machine import Machine
from tests.stories.mortal import surfaces, unmarked_repeats
from tests.stories.story import Story

pytestmark = pytest.mark.slow
HUNG = {"service": "gateway"}


@dataclass
class Pair:
    """one, other: the replicas; people act through `one`, whoever hears them."""

    one: Story
    other: Story

    def heard(self) -> list[int]:
        """How many payloads each of the open sockets got."""
        return [socket.sent for socket in self.one.workspace.link.sockets]

    def turn(self) -> None:
        """The next payload goes to the one that would have had to wait for it."""
        self.one.workspace.link._turn += 1


@pytest.fixture
async def pair(tmp_path: Path, machine: Machine, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    (tmp_path / "one").mkdir()
    async with opened(tmp_path / "one", machine, Fresh("postgresql", request)) as one:
        write_config(tmp_path / "other", machine.host)
        other = Story(tmp_path / "other", one.url, one.workspace, machine, one.clock)
        other.ids.skip()
        await one.start()
        await other.start()
        yield Pair(one, other)
        await other.stop()


async def approved_by_hand(pair: Pair) -> None:
    """A gateway hangs; Ana leads; the restart waits for somebody's yes. Each click goes to the other replica."""
    story = pair.one
    assert await pair.other.alert("Hung", **HUNG) == "open"
    await story.ana.click("I have it", "@tocsin")
    await story.ben.actor.join(story.channel.id)
    await story.ana.click("No")
    assert story.ana.reads("[Approve] [Deny]")


@pytest.mark.parametrize("first", [0, 1])
async def test_a_story_that_both_hear(pair: Pair, first: int) -> None:
    """Every click once, every post once, whichever replica got which."""
    story = pair.one
    for _ in range(first):
        pair.turn()
    await approved_by_hand(pair)
    await story.ben.click("Approve")
    await story.ana.click("Yes")
    await pair.other.clears("Hung", **HUNG)
    await story.ana.click("Yes")
    assert all(pair.heard()), pair.heard()
    assert story.machine.restarts == ["gw-1"]
    assert (await story.kinds()).count("ApprovalGiven") == 1
    assert surfaces(story)["card"] == 1
    assert unmarked_repeats(story) == []
    assert len(story.channel.files) == 1


async def test_a_double_click_that_both_hear(pair: Pair) -> None:
    story = pair.one
    await approved_by_hand(pair)
    card = story.ben.keeps("Approve")
    before = pair.heard()
    click = story.workspace.acts.click
    await asyncio.gather(*(click(who, card.message, card.block, card.action) for who in ("U0BEN", "U0BEN")))
    await story.settle()
    assert [now > was for now, was in zip(pair.heard(), before)] == [True, True]
    assert story.machine.restarts == ["gw-1"]
    assert (await story.kinds()).count("ApprovalGiven") == 1


async def test_one_event_that_both_hear_at_once(pair: Pair) -> None:
    """Slack delivers in two envelopes, or again to the other because the first was slow: one note."""
    story = pair.one
    await story.alert()
    await story.ana.types("ack")
    story.workspace.link.twice = True
    await story.ana.mentions("note only once")
    assert (await story.kinds()).count("Noted") == 1
    story.workspace.link.twice, story.workspace.link.drop_acks = False, True
    pair.one.lossy = pair.other.lossy = True
    await story.ana.actor.say(story.channel.id, "@tocsin note nobody hears that it is noted")
    await story.forward("7m")
    story.workspace.link.drop_acks = False
    assert (await story.kinds()).count("Noted") == 2


async def test_who_is_left_hears_everything(pair: Pair) -> None:
    story = pair.one
    await story.alert()
    await pair.other.stop()
    await story.workspace.until(lambda: len(story.workspace.link.sockets) == 1)
    for words in ("first", "second"):
        assert "on the timeline" in await story.ana.types(f"note {words}")


async def test_over_http_whoever_is_called_does_it(pair: Pair) -> None:
    """A load balancer gives the click to one, and the next to the other."""
    for story in (pair.one, pair.other):
        await story.stop()
        story.over_http = True
        await story.start()
    story = pair.one
    await approved_by_hand(pair)
    card = story.ben.keeps("Approve")
    for each in (pair.one, pair.other):
        story.workspace.install(manifest(url=f"http://127.0.0.1:{each.port}"))
        await story.ben.clicks(card)
    assert story.machine.restarts == ["gw-1"]
