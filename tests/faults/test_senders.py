"""Alert senders that are late, wrong, cut short or not allowed, through the whole program."""

from pathlib import Path

import orjson
import pytest

from bot.errors import StartError
from tests.stories import alerts
from tests.stories.story import TOKEN, Story

CAPTURED = Path(__file__).parents[1] / "integrations/alerts/alertmanager/truncated_max_alerts_2_of_5_firing.json"


async def test_resolved_before_firing(story: Story) -> None:
    """F17: the late firing of the same beginning opens nothing; a newer beginning does."""
    now = story.clock.now()
    for status, began, rooms in (("resolved", now, 0), ("firing", now, 0), ("firing", now + 5_000_000, 1)):
        one = alerts.alert("DatabaseDown", status, now, began, {})
        code, _ = await story.post(alerts.request([one], "g"))
        await story.settle()
        assert (code, len(story.rooms)) == (200, rooms)
    late = alerts.alert("DatabaseDown", "firing", now, now, {})
    await story.post(alerts.request([late], "g"))
    await story.settle()
    assert len(story.rooms) == 1


async def test_a_lying_status_on_top_ends_nothing(story: Story) -> None:
    """F18: Alertmanager's own cut request; its alerts may end, but those that were left out may not have."""
    body = orjson.loads(CAPTURED.read_bytes())
    code, _ = await story.post(body)
    await story.settle()
    assert (code, len(story.rooms)) == (200, 1)
    for one in body["alerts"]:
        one["status"], one["endsAt"] = "resolved", "2026-11-21T22:30:00Z"
    await story.post({**body, "status": "resolved"})
    await story.settle()
    assert (await story.incident()).status.open
    assert not story.channel.has("Back to normal since")


UNREADABLE = {
    "nothing": b"",
    "cut": b'{"version": "4", "alerts": [',
    "types": b'{"version": "4", "alerts": 7}',
    "nan": b'{"version": "4", "alerts": [{"status": "firing", "labels": {"a": 1}, "startsAt": NaN}]}',
    "twice": b'{"version": "4", "version": "4", "alerts": []}',
    "deep": b"[" * 10_000 + b"]" * 10_000,
    "surrogate": b'{"version": "4", "groupKey": "\\ud800", "alerts": [{"status": "firing", "labels": {"a": "\\ud800"}}]}',
    "nul": b'{"version": "4", "groupKey": "a\\u0000b", "alerts": [{"status": "odd", "labels": {}}]}',
    "utf-16": b"\xff\xfe",
    "version": b'{"version": "3", "alerts": []}',
}


async def test_what_cannot_be_read_is_refused_and_kept(story: Story) -> None:
    """F21: 400 with the reason; the program goes on."""
    for name, body in UNREADABLE.items():
        code, said = await story.post(body)
        assert (name, code, bool(said["error"])) == (name, 400, True)
    assert list((story.folder / "runner" / "quarantine").iterdir())
    assert await story.alert() == "open"


async def test_who_has_no_token_leaves_no_trace(story: Story) -> None:
    """F24, for the bearer token."""
    now = story.clock.now()
    body = alerts.request([alerts.alert("DatabaseDown", "firing", now, now, {})], "g")
    for token in ("", "wrong", TOKEN + "x", TOKEN[:-1], TOKEN.upper()):
        code, said = await story.post(body, token)
        assert (token, code, TOKEN in str(said)) == (token, 401, False)
    await story.settle()
    assert story.rooms == []


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_damaged_database_is_not_begun_anew(unbegun: Story) -> None:
    """F12: one clear line; the file stays as it is."""
    path = unbegun.folder / "tocsin.db"
    rubbish = b"SQLite format 3\x00" + b"rubbish" * 2_000
    path.write_bytes(rubbish)
    with pytest.raises(StartError, match="is damaged"):
        await unbegun.start()
    assert path.read_bytes() == rubbish
    path.write_bytes(b"")
    with pytest.raises(StartError, match="is an empty file"):
        await unbegun.start()
