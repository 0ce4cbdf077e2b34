"""F7: Slack delivers an event again and again, or the first time only when it comes again."""

import pytest

from bot.workspace.caller import Caller
from bot.workspace.link import Link
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("way", ["socket", "http"])


def slack(story: Story) -> Link | Caller:
    """The way by which Slack delivers."""
    return story.workspace.caller if story.over_http else story.workspace.link


async def test_the_same_event_four_times(story: Story) -> None:
    """No ack is heard: four deliveries of one event id, one note."""
    await story.alert()
    await story.ana.types("ack")
    slack(story).drop_acks = story.lossy = True
    await story.ana.actor.say(story.channel.id, "@tocsin note only once")
    await story.forward("7m")
    slack(story).drop_acks = False
    assert (await story.kinds()).count("Noted") == 1
    assert not story.ana.reads("This was done already"), "she did it once"


async def test_one_message_in_eleven_events(story: Story) -> None:
    """Eleven event ids for one message: one note."""
    await story.alert()
    await story.ana.types("ack")
    state = story.workspace.state
    ts = state.next_ts()
    mention = {
        "type": "app_mention",
        "user": "U0ANA",
        "text": f"<@{state.bot_user}> note only once",
        "ts": ts,
        "channel": story.channel.id,
    }
    for _ in range(11):
        story.workspace.deliver.tell(dict(mention))
    await story.settle()
    assert (await story.kinds()).count("Noted") == 1


async def test_a_retry_of_what_was_never_seen_is_done(story: Story) -> None:
    """The first delivery is lost on its way; the second is the first for us."""
    await story.alert()
    await story.ana.types("ack")
    slack(story).mute = story.lossy = True
    await story.ana.actor.say(story.channel.id, "@tocsin note it came at last")
    await story.rest()
    slack(story).mute = False
    assert "Noted" not in await story.kinds()
    await story.forward("2m")
    assert (await story.kinds()).count("Noted") == 1
