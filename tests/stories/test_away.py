"""Slack cannot be reached for three quarters of an hour: nothing is given up, and afterwards everything is there, in order."""

from collections import Counter

import pytest

from bot.workspace.gate import Fault
from tests.stories import alerts
from tests.stories.mortal import key, ours
from tests.stories.story import EVERYTHING, Story


def away(story: Story) -> None:
    """No call is answered; what people type still comes in, so that there is something to say."""
    story.workspace.gate.faults = [Fault("503", times=1_000_000)]


def back(story: Story) -> None:
    story.workspace.gate.faults = []


async def stored(story: Story) -> Counter[str]:
    """Status → how many effects of Slack."""
    async with story.running.store.read() as reads:
        rows = [row for stream in ("org", "inc:1", "inc:2") for row in await reads.effects(stream)]
    return Counter(row["status"] for row in rows if not row["kind"].startswith("clock."))


def posted(story: Story) -> list[str]:
    return [call.args["text"] for call in story.workspace.calls("chat.postMessage") if call.ok]


@pytest.mark.slow
async def test_three_quarters_of_an_hour(story: Story) -> None:
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ben.click("Done")
    before = posted(story)
    away(story)
    for n in range(3):
        await story.ana.types(f"note number {n}")
        await story.forward("5m")
    await story.alert("Other", service="gateway")
    await story.ana.types("status identified the primary is read-only")
    await story.forward("30m")
    assert posted(story) == before
    assert (await stored(story))["failed"] == 0
    assert len(story.rooms) == 1
    tries = Counter(call.method for call in story.workspace.state.calls if call.status == 503)
    assert tries["conversations.create"] <= 40, "about once a minute"
    back(story)
    await story.forward("2m")
    await story.settle()
    left = await stored(story)
    assert {status for status in left if left[status]} <= {"done", "folded", "expired"}, left
    lines = [text for text in posted(story)[len(before) :] if text.startswith("Ana")]
    notes = [f"Ana noted: number {n}" for n in range(3)]
    assert lines == [*notes, "Ana: Investigating → Identified: the primary is read-only"]
    assert [room.name for room in story.rooms] == ["inc-1-databasedown-on-orders", "inc-2-other-on-gateway"]
    keys = Counter((message.channel, key(message)) for message in ours(story) if key(message))
    assert not [name for name, n in keys.items() if n > 1]


@pytest.mark.slow
async def test_a_thousand_alerts_meanwhile(story: Story) -> None:
    """F6: all incidents are kept, and when Slack is back each is shown once, as it stands then."""
    away(story)
    now = story.clock.now()
    for part in range(10):
        names = [(f"Down{n % 20}", {"service": f"service-{n % 20}", "shard": str(n)}) for n in range(part, 1000, 10)]
        some = [alerts.alert(name, "firing", now, now, labels) for name, labels in names]
        code, said = await story.post(alerts.request(some, f"{{}}:{{part {part}}}"))
        assert (code, len(said["items"])) == (200, 100)
        await story.forward("3m")
    assert story.rooms == []
    back(story)
    await story.forward("5m")
    await story.settle()
    async with story.running.store.read() as reads:
        incidents = await reads.incidents(EVERYTHING)
    assert len(story.rooms) == len(incidents)
    assert sum(incident.alerts.total for incident in incidents) == 1000
    posts = [message for message in ours(story) if key(message)]
    keys = Counter((message.channel, key(message)) for message in posts)
    assert not [name for name, n in keys.items() if n > 1]
    shown = Counter(key(message).split(":")[2] for message in posts)
    assert shown == dict.fromkeys(("card", "announcement", "context", "step"), len(incidents))


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_an_end_that_was_taken_back_before_anybody_could_read_it_is_not_told(story: Story) -> None:
    """Neither it, nor its numbers and its draft, nor that it was a mistake; what was read before is told of."""
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("sev 1 nobody can trade")
    away(story)
    await story.ana.types("undo")
    await story.forward("1m")
    await story.ana.types("resolve")
    await story.ana.types("undo")
    assert (await story.incident()).status.open
    await story.forward("5m")
    before = posted(story)
    back(story)
    await story.forward("2m")
    await story.settle()
    late = posted(story)[len(before) :]
    assert sum("it is SEV2 again" in text for text in late) == 1, "that it is a SEV1 was read"
    assert not [text for text in late if "took back" in text and "SEV2" not in text]
    assert not [text for text in late if "resolved" in text]
    assert not story.workspace.state.files
