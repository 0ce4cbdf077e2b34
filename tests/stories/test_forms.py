"""A form that is open while others go on."""

import pytest

from bot.domain.terms import Status
from bot.workspace import CannotDo
from tests.stories.story import Story

ONCE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


@ONCE
async def test_a_form_means_the_step_for_which_it_was_opened(story: Story) -> None:
    """Somebody ticks it while the form is open: nothing else is given away, and nothing that was just said is asked anew."""
    await story.alert()
    await story.ana.types("ack")
    await story.ben.types("take database lead")
    await story.forward("30s")
    for verb, fields, said in (
        ("assign", {"person": "U0LI"}, "done 1.1"),
        ("back", {"reason": "we missed something"}, "done 1.3 https://x.example/1"),
        ("skip", {"reason": "no time"}, "answer 1.4 yes"),
    ):
        await story.ana.types(verb)
        await story.ben.types(said)
        before = await story.kinds()
        with pytest.raises(CannotDo, match="by Ben"):
            await story.ana.fills(**fields)
        await story.ana.actor.close()
        assert await story.kinds() == before, verb
        await story.forward("25s")
    await story.ben.types("done 2.1 fenced")
    await story.ana.types("confirm 2.1")
    assert "[Yes, 2.2] [No]" in await story.ana.types("done")
    assert "Nothing was done." in await story.ana.click("No")


@ONCE
async def test_an_update_that_was_written_for_how_it_stood_before(story: Story) -> None:
    """Somebody resolves while it is written: it is asked about, and goes out at a click; too long for a button, it stays."""
    await story.alert()
    await story.ana.types("ack")
    await story.li.actor.join(story.channel.id)
    for word in ("update", "decline"):
        await (story.ana if word == "update" else story.li).types(word)
    await story.ben.types("resolve")
    await story.forward("5m")
    with pytest.raises(CannotDo, match="Copy your words, and open it anew"):
        await story.ana.fills(doing="We fail over. " * 120)
    await story.ana.fills(doing="We fail over.")
    assert (await story.kinds()).count("UpdateSent") == 0
    assert story.ana.reads("Not sent yet: something changed since you opened the form.")
    assert story.ana.reads("Ben resolved INC-1")
    assert story.ana.reads("Your update: We fail over.")
    await story.ana.click("Send it all the same")
    assert (await story.kinds()).count("UpdateSent") == 1
    await story.li.fills(why="false_alarm")
    assert story.li.reads("Ben ended it")
    assert (await story.incident()).status is Status.RESOLVED


@ONCE
async def test_an_optional_step_is_left_out_without_a_reason(story: Story) -> None:
    """And no other."""
    await story.alert()
    await story.ana.types("ack")
    await story.ben.types("take database lead")
    await story.ben.types("skip 1.1")
    with pytest.raises(CannotDo, match=r"Say why step 1\.1 is left out"):
        await story.ben.fills()
    await story.ben.actor.close()
    for line in ("done 1.1", "done 1.3 https://x.example/1", "answer 1.4 yes", "done 2.1 fenced"):
        await story.ben.types(line)
    await story.ana.types("confirm 2.1")
    await story.forward("1m")
    await story.ben.types("skip 2.2")
    await story.ben.fills()
    walk = (await story.incident()).walk
    assert walk is not None
    assert [visit.state for visit in walk.visits if visit.step == "2.2"] == ["skipped"]
