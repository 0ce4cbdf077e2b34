"""F1: kill -9 at random moments under load. What was acknowledged is stored, and no incident is opened twice."""

import asyncio
import os
import random  # noqa: TID251
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.load import PER_GROUP, Sender
from tests.faults.scene import Scene, scene

PACE = 100.0
"""New alerts a second."""
SOAK = float(os.environ.get("SOAK", "1"))


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    await under_load(tmp_path / "scene", kills=6, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2, 2 + max(1, round(SOAK))))
async def test_what_was_acknowledged_survives_many_kills(tmp_path: Path, seed: int) -> None:
    """SOAK=10 makes 200 kills of it."""
    await under_load(tmp_path / "scene", kills=20, seed=seed)


async def under_load(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    async with scene(folder, storm=1000) as here:
        await here.bot.start(connected=False)
        stop, sender = asyncio.Event(), Sender(here, PACE)
        sending = asyncio.create_task(sender.run(stop))  # noqa: TID251
        for _ in range(kills):
            await here.pause(chance.uniform(0.05, 1.5))
            here.bot.kill()
            await here.bot.start(connected=False)
        await here.pause(0.5)
        stop.set()
        await sending
        assert await here.bot.stop() == 0
        check(here, sender)
        await here.database.incident(1)


def check(here: Scene, sender: Sender) -> None:
    stored = dict(here.database.rows("SELECT fingerprint, group_key FROM alert"))
    assert sender.acked.keys() <= stored.keys(), "acknowledged and lost"
    assert len(sender.acked) > 100
    groups = dict(here.database.rows("SELECT group_key, incident FROM alert_group"))
    wrong = {one: n for one, n in sender.acked.items() if groups[stored[one]] != n}
    assert wrong == {}, "the answer named another incident than the one that has it"
    opened = Counter(stream for (stream,) in here.database.rows("SELECT stream FROM event WHERE kind = 'opened'"))
    assert (set(opened.values()), len(opened)) == ({1}, len(groups)), "an incident for each group, and one only"
    assert len(groups) >= len(sender.acked) // PER_GROUP
    assert len({room.name.split("-")[1] for room in here.rooms}) == len(here.rooms), "a channel was made twice"
