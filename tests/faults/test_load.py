"""F1, F35: bots are killed or stopped at random moments under load, on both databases, and senders send again.

What was acknowledged is stored, no incident and no channel is made twice, and what was sent twice says so.
"""

import asyncio
import os
import random  # noqa: TID251
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.clock import RandomIds, SystemClock
from bot.workspace import Workspace
from bot.workspace.screens import message_text
from bot.workspace.things import Called
from storage.audit import broken
from storage.opening import open_store
from storage.rebuild import differing
from storage.session import Session
from storage.sql import Sql
from tests.faults.fleet import Fleet, fleet
from tests.faults.load import PER_GROUP, Sender
from tests.faults.process import until
from tests.faults.story import AGAIN, ANSWERED, DM
from tests.postgres import Fresh

SLOW, FAST = 30.0, 100.0
"""New alerts a second: in every whole test, and in the soak."""
SOAK = max(1, round(float(os.environ.get("SOAK", "1"))))
ALERTS = Sql("SELECT fingerprint, group_key FROM alert")
GROUPS = Sql("SELECT group_key, incident FROM alert_group")
OPENED = Sql("SELECT stream FROM event WHERE kind = 'opened'")
DATABASE = "I could not write to my database"
LOOKED_AFTER = 300.0
"""Seconds: it comes behind all that waits in the same lanes, which is much after a minute under load."""
BOTH = pytest.mark.parametrize("new_database", ["sqlite", "postgresql"], indirect=True)
SHARED = pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
Trouble = Callable[[Fleet, random.Random], Awaitable[None]]


@pytest.mark.slow
@pytest.mark.timeout(600)
@BOTH
async def test_what_was_acknowledged_survives_kills(tmp_path: Path, new_database: Fresh) -> None:
    await under_load(tmp_path, new_database, seed=1, times=3, trouble=killed, pace=SLOW)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@BOTH
@pytest.mark.parametrize("seed", range(2, 2 + SOAK))
async def test_what_was_acknowledged_survives_many_kills(tmp_path: Path, new_database: Fresh, seed: int) -> None:
    """SOAK=10 makes 200 kills on each database of it."""
    await under_load(tmp_path, new_database, seed, times=20, trouble=killed, pace=FAST)


@pytest.mark.slow
@pytest.mark.timeout(240)
@SHARED
async def test_a_replica_that_was_stopped_changes_nothing(tmp_path: Path, new_database: Fresh) -> None:
    """It wakes up when its lanes have gone on elsewhere."""
    await under_load(tmp_path, new_database, seed=1, times=1, trouble=stopped(15.0), pace=SLOW)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@SHARED
@pytest.mark.parametrize("seed", range(2, 2 + SOAK))
async def test_a_replica_that_was_stopped_for_a_minute_changes_nothing(
    tmp_path: Path, new_database: Fresh, seed: int
) -> None:
    await under_load(tmp_path, new_database, seed, times=2, trouble=stopped(60.0), pace=FAST)


async def killed(bots: Fleet, chance: random.Random) -> None:
    """Every second one in a call: those that come at any moment mostly come before Slack is connected again."""
    if bots.kills % 2:
        await SystemClock().sleep(chance.uniform(0.05, 2.5))
        await bots.kill_one(chance)
    else:
        await bots.kill_in_a_call(chance)


def stopped(seconds: float) -> Trouble:
    async def trouble(bots: Fleet, chance: random.Random) -> None:
        await SystemClock().sleep(chance.uniform(1.0, 5.0))
        await bots.stop_one(chance, seconds)

    return trouble


async def under_load(folder: Path, new_database: Fresh, seed: int, times: int, trouble: Trouble, pace: float) -> None:
    chance = random.Random(seed)
    async with fleet(folder, new_database(folder)) as bots:
        await bots.start()
        stop, sender = asyncio.Event(), Sender(bots.ports, pace)
        sending = asyncio.create_task(sender.run(stop))  # noqa: TID251
        for _ in range(times):
            await trouble(bots, chance)
        await SystemClock().sleep(3.0)
        stop.set()
        await sending
        await until(lambda: not bots.mending(), LOOKED_AFTER, "the look after what went out late")
        await bots.end()
        await check(bots.url, bots.workspace, sender)
        check_messages(bots)


async def check(url: str, workspace: Workspace, sender: Sender) -> None:
    """Of the alerts and incidents."""
    store = await open_store(url, SystemClock(), RandomIds(), write=False)
    try:
        async with store.read() as reads:
            assert await broken(reads) == []
            assert await differing(reads) == []
            await _stored(reads, sender)
    finally:
        await store.close()
    made = Counter(room.name.split("-")[1] for room in workspace.state.channels.values() if room.name[:4] == "inc-")
    assert set(made.values()) <= {1}, "a channel was made twice"


async def _stored(reads: Session, sender: Sender) -> None:
    stored = {row["fingerprint"]: row["group_key"] for row in await reads.rows(ALERTS)}
    assert sender.acked.keys() <= stored.keys(), "acknowledged and lost"
    assert len(sender.acked) > 100
    groups = {row["group_key"]: row["incident"] for row in await reads.rows(GROUPS)}
    wrong = {one: n for one, n in sender.acked.items() if groups[stored[one]] != n}
    assert wrong == {}, "the answer named another incident than the one that has it"
    opened = Counter(row["stream"] for row in await reads.rows(OPENED))
    assert (set(opened.values()), len(opened)) == ({1}, len(groups)), "an incident for each group, and one only"
    assert len(groups) >= len(sender.acked) // PER_GROUP


def check_messages(bots: Fleet) -> None:
    """Of the posts: at most one more for each kill, and for the call that a stopped replica had begun; all marked."""
    state = bots.workspace.state
    posts: dict[str, list[Called]] = {}
    for call in bots.workspace.calls("chat.postMessage"):
        if call.ok and "metadata" in call.args:
            posts.setdefault(call.args["metadata"]["event_payload"]["key"], []).append(call)
    assert posts, "nothing was said"
    called = sum(n > 0 for n in bots.lives)
    assert (bots.cut >= bots.kills / 2, called >= bots.kills / 3) == (True, True), (
        f"Slack was called too seldom: {bots.lives}"
    )
    told = [message_text(state, post) for room in state.messages.values() for post in room.values()]
    assert not [text for text in told if DATABASE in text], "it was a bot that did not run, and never the database"
    twice = {key: [call.answer or {} for call in calls] for key, calls in posts.items() if len(calls) > 1}
    for key, sent in twice.items():
        texts = [message_text(state, state.messages[post["channel"]][post["ts"]]) for post in sent]
        marks = (AGAIN, ANSWERED) if key.split(":")[2] in DM else (AGAIN,)
        assert sum(not any(mark in text for mark in marks) for text in texts) <= 1, (key, texts)
        assert key.split(":")[2] in DM or bots.stops, f"{key} was posted twice: {texts}"
    assert sum(len(sent) - 1 for sent in twice.values()) <= bots.kills + bots.stops, twice
