"""Slack's own limits are on: what is urgent, and what many people read, comes soon all the same."""

from tests.stories import alerts
from tests.stories.story import Story


async def test_four_incidents_at_once_are_announced_within_seconds(story: Story) -> None:
    """A first post waits for no update of anything else: only for the second that a channel needs between two posts."""
    await story.alert("Before", service="orders")  # the first of all makes the channel for announcements, too
    await story.forward("2m")
    story.workspace.gate.limits = True
    now = story.clock.now()
    for n in range(4):
        one = alerts.alert(f"Down{n}", "firing", now, now, {"service": f"service-{n}"})
        await story.post(alerts.request([one], f"{{}}:{{Down{n}}}"))
    await story.forward("10s")
    rooms = {room.id: "card" for room in story.rooms} | {story.workspace.channel("incidents").id: "announced"}
    posts = [
        call for call in story.workspace.calls("chat.postMessage") if call.args["channel"] in rooms and call.at >= now
    ]
    assert not [call for call in posts if not call.ok], "Slack never had to say 429"
    announced = [(call.at - now) / 1e6 for call in posts if rooms[call.args["channel"]] == "announced"]
    assert len(announced) == 4
    assert max(announced) <= 4.0
