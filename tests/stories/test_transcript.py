"""What people write in an incident's channel is kept where tocsin.yaml wants it and the channel's purpose says so, and not else."""

import json

import pytest

from bot.cli.pack import TRANSCRIPT, packed
from bot.cli.pack_proof import proved
from bot.domain.transcript import KEPT, Line
from bot.ports import EVERYTHING
from bot.slack.views.said import transcript
from bot.text import PlainShow, render
from bot.workspace import Mishap
from storage.audit import rows
from tests.stories.story import Story
from tests.stories.test_pack import unpacked

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
NAME = "announce_channel: incidents"


async def kept(story: Story, number: int = 1) -> list[Line]:
    async with story.running.store.read() as reads:
        return await reads.transcript(number, EVERYTHING)


async def words(story: Story) -> list[str]:
    return [f"{line.by} {line.text}" for line in await kept(story)]


async def setting(story: Story, old: str, new: str) -> None:
    """Somebody changes tocsin.yaml, and it is looked at again."""
    story.configure("tocsin.yaml", (old, new))
    await story.running.folder.look()
    await story.settle()


async def test_what_is_kept_and_until_when(story: Story) -> None:
    said = KEPT.msgid
    await story.alert()
    await story.ana.types("ack")
    await story.ben.actor.join(story.channel.id)
    before = await story.ben.says("before anybody said that it is kept")
    assert (await kept(story), said in story.channel.channel.purpose.value) == ([], False)
    await setting(story, NAME, f"{NAME}\ntranscript: {{keep: true}}")
    assert said in story.channel.channel.purpose.value, "also of one that is open already"
    events = len(await story.timeline())
    story.workspace.plan(Mishap("twice", times=4))
    root = await story.ben.says("is it the disk?")
    answer = await story.ana.says("no, the network", thread=root)
    await story.ben.actor.edit(story.channel.id, root, "is it the disk of db-1?")
    slip = await story.ben.says("the password is hunter2")
    await story.ben.actor.delete(story.channel.id, slip)
    await story.ben.actor.delete(story.channel.id, root)
    await story.settle()
    assert before not in {line.ts for line in await kept(story)}
    assert await words(story) == ["U0BEN ", "U0ANA no, the network", "U0BEN "], "nothing of bots, each once"
    assert [(line.thread, line.gone) for line in await kept(story)] == [("", True), (root, False), ("", True)]
    assert len(await story.timeline()) == events, "the timeline is not flooded"
    await _packs(story)
    await setting(story, "transcript: {keep: true}", "transcript: {keep: false}")
    assert said not in story.channel.channel.purpose.value
    await story.ana.says("among ourselves")
    await story.ana.actor.delete(story.channel.id, answer)
    await story.settle()
    assert await words(story) == ["U0BEN ", "U0ANA ", "U0BEN "], "no new words, and old ones go when they are deleted"


async def _packs(story: Story) -> None:
    """An audit pack has it, and says that no chain proves it; people read it line by line."""
    lines = await kept(story)
    async with story.running.store.read() as reads:
        chains = {stream: await rows(reads, stream) for stream in ("inc:1", "org")}
    raw = packed(1, chains, (), "what happened", story.clock.now(), "1", lines=lines)
    assert [json.loads(one)["text"] for one in unpacked(raw)[TRANSCRIPT].splitlines()] == ["", "no, the network", ""]
    assert [one for one in proved(raw).wrong if TRANSCRIPT in one] == []
    assert [one for one in proved(raw).left if one.startswith(TRANSCRIPT)]
    shown = [render(one, PlainShow({"U0ANA": "Ana"})) for one in transcript(lines)]
    assert "Ana (answers 2033-01-03" in shown[1]
    assert "(deleted 2033-01-03" in shown[0]


async def test_a_private_one_is_not_kept_unless_that_is_said_too(unbegun: Story) -> None:
    story = unbegun
    story.configure("tocsin.yaml", (NAME, f"{NAME}\ntranscript: {{keep: true}}"))
    await story.start()
    await story.alert()
    await story.ana.types("ack")
    await story.ana.says("it is the network")
    await story.ana.types("private")
    await story.ana.click("Make it private")
    await story.settle()
    await story.ana.says("it is the customer Acme")
    assert KEPT.msgid not in story.channel.channel.purpose.value
    assert await words(story) == ["U0ANA it is the network"]
    await setting(story, "{keep: true}", "{keep: true, private: true}")
    assert KEPT.msgid in story.channel.channel.purpose.value
    await story.ana.says("it was the customer Acme")
    assert await words(story) == ["U0ANA it is the network", "U0ANA it was the customer Acme"]
    story.channel.channel.purpose.value = "The network"
    await setting(story, "{keep: true, private: true}", "{}")
    await setting(story, "transcript: {}", "transcript: {keep: true, private: true}")
    await story.ana.says("and nothing says that this is kept")
    assert story.channel.channel.purpose.value == "The network"
    assert len(await words(story)) == 2


async def test_the_purpose_of_what_is_over_is_true_too(story: Story) -> None:
    """Nothing new is said there; what is no longer so is taken back; and who opens it again is told what holds now."""
    await setting(story, NAME, f"{NAME}\ntranscript: {{keep: true}}")
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("resolve")
    await story.settle()
    assert KEPT.msgid in story.channel.channel.purpose.value
    await setting(story, "transcript: {keep: true}", "transcript: {}")
    assert KEPT.msgid not in story.channel.channel.purpose.value
    await setting(story, "transcript: {}", "transcript: {keep: true}")
    assert KEPT.msgid not in story.channel.channel.purpose.value
    await story.ana.types("reopen it is not over")
    await story.settle()
    assert KEPT.msgid in story.channel.channel.purpose.value
