"""F24 for Slack over HTTP, on the whole program: forged, recorded and sent again, recorded and sent again too late."""

from urllib.parse import urlencode

import aiohttp
import pytest

from bot.workspace.caller import signed
from tests.stories.story import Story


@pytest.fixture
def way() -> str:
    return "http"


def note(story: Story, words: str) -> bytes:
    """A command as Slack sends it, with an id of its own."""
    state = story.workspace.state
    fields = {
        "command": "/tocsin",
        "text": f"note {words}",
        "user_id": "U0ANA",
        "channel_id": story.channel.id,
        "trigger_id": state.new_trigger("U0ANA"),
    }
    return urlencode(fields).encode()


async def post(story: Story, body: bytes, headers: dict[str, str]) -> int:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    url = f"http://127.0.0.1:{story.port}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=sent) as answer:
        await story.settle()
        return answer.status


async def test_what_was_recorded_is_done_once_and_what_was_forged_never(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    secret, now = story.workspace.signing_secret, story.workspace.state.seconds()
    body = note(story, "only once")
    headers = signed(secret, body, now)
    assert [await post(story, body, headers) for _ in range(3)] == [200] * 3
    assert (await story.kinds()).count("Noted") == 1
    forged = note(story, "of somebody else")
    assert await post(story, forged, headers) == 401
    assert await post(story, forged, signed("another-secret", forged, now)) == 401
    await story.forward("5m1s")
    assert await post(story, body, headers) == 401
    assert (await story.kinds()).count("Noted") == 1
