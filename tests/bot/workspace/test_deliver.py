"""Which events reach the app, when, and how often."""

from typing import Any

import pytest

from bot.workspace import Workspace
from bot.workspace.deliver import Ack, Deliver
from bot.workspace.machine import Background
from bot.workspace.things import Json
from tests.fakes import FakeClock


class Postbox:
    """A way that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[Json, int, str]] = []
        self.outcome: Any = "ok"

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        self.sent.append((payload, attempt, reason))
        return Ack(self.outcome)

    @property
    def events(self) -> list[str]:
        return [":".join(filter(None, (p["event"]["type"], p["event"].get("subtype")))) for p, _, _ in self.sent]


@pytest.fixture
async def post(ws: Workspace, clock: FakeClock) -> Any:
    box = Postbox()
    ws.deliver = Deliver(ws.state, clock, Background(), box)
    ws.state.tell = ws.deliver.tell
    return box


async def test_what_happens_where_the_app_is(ws: Workspace, post: Postbox) -> None:
    ana = ws.person("ana")
    ts = await ana.say("general", "hello @parrot")
    await ana.react("general", ts, "eyes")
    await ana.edit("general", ts, "bye")
    await ana.delete("general", ts)
    await ws.person("ben").leave("general")
    ws.change_person("li", deleted=True)
    await ana.archive("general")
    await ws.quiet()
    assert post.events == [
        "message",
        "app_mention",
        "reaction_added",
        "message:message_changed",
        "message:message_deleted",
        "message:channel_leave",
        "user_change",
        "message:channel_archive",
        "channel_archive",
    ]
    changed, deleted = (post.sent[n][0]["event"] for n in (3, 4))
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == (f"hello <@{ws.state.bot_user}>", "bye")
    assert deleted["deleted_ts"] == ts
    assert "channel_type" not in post.sent[1][0]["event"]


async def test_what_happens_elsewhere_is_not_told(ws: Workspace, post: Postbox) -> None:
    ana = ws.person("ana")
    ws.add_channel("lobby", "ana", "ben")
    ws.add_channel("secret", "ana", "ben", private=True)
    for name in ("lobby", "secret"):
        await ana.react(name, await ana.say(name, "hello @parrot"), "eyes")
    await ws.quiet()
    assert set(post.events) == {"member_joined_channel"}
    assert {payload["event"]["channel"] for payload, _, _ in post.sent} == {ws.channel("lobby").id}
    await ana.say("@parrot", "in private, @parrot")
    await ws.quiet()
    assert post.events[-1] == "message"
    assert post.sent[-1][0]["event"]["channel_type"] == "im"


async def test_four_deliveries_of_one_event(ws: Workspace, post: Postbox, clock: FakeClock) -> None:
    post.outcome = "timeout"
    await ws.person("ana").say("general", "hello")
    await ws.quiet()
    times = []
    for length in ("0s", "59s", "1s", "299s", "1s", "1h"):
        await clock.forward(length)
        times.append(len(post.sent))
    assert times == [2, 2, 3, 3, 4, 4]
    assert [(attempt, reason) for _, attempt, reason in post.sent] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({payload["event_id"] for payload, _, _ in post.sent}) == 1
    post.outcome, post.sent[:] = "away", []
    await ws.person("ana").say("general", "hello")
    await clock.forward("1s")
    assert post.sent[1][1:] == (1, "connection_failed")


async def test_events_keep_their_order(ws: Workspace, post: Postbox) -> None:
    for n in range(20):
        await ws.person("ana").say("general", str(n))
    await ws.quiet()
    assert [payload["event"]["text"] for payload, _, _ in post.sent] == [str(n) for n in range(20)]
