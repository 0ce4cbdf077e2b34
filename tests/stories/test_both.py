"""One behaviour on both databases: the same story leaves the same behind, in the database and in Slack, word by word.

On PostgreSQL the engine is the real one (bot/work/postgres.Replica): its jobs, locks, fences and take-overs are procrastinate's and
ours. Only its worker is begun anew at each tick and ends when no job waits, so that a test can move the time; what listens and
what beats by the machine's clock runs in tests/bot/work/test_postgres_replicas.py and tests/faults/test_replicas.py.
"""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.workspace.screens import message_text
from tests.dying import DiesAfter
from tests.postgres import Fresh
from tests.stories.conftest import opened
from tests.stories.machine import Machine
from tests.stories.mortal import play
from tests.stories.story import EVERYTHING, Story

_CHANCE = re.compile(
    r"\b([0-9a-f]{32}|[0-9a-f]{64}|C0\w{9}|1988\d{6,12}|\d\d:\d\d(:\d\d)?|\d+(\.\d+)?[ \u00a0](s|min))\b"
)


@pytest.mark.slow
async def test_both_databases_leave_the_same_behind(
    tmp_path: Path, machine: Machine, request: pytest.FixtureRequest
) -> None:
    found: list[dict[str, Any]] = []
    for sort in ("sqlite", "postgresql"):
        machine.healthy = False
        async with opened(tmp_path / sort, machine, Fresh(sort, request)) as story:
            await play(story, DiesAfter(10**9))
            await story.forward("2h")
            await story.settle()
            found.append(named({**await stored(story), **shown(story)}))
    one, other = found
    assert sorted(one) == sorted(other)
    for what, is_so in one.items():
        assert is_so == other[what], what


async def stored(story: Story) -> dict[str, Any]:
    """Events, the state and the facts that follow, effects: what the database holds of the incident."""
    async with story.running.store.read() as reads:
        timeline = list(await reads.timeline(1, EVERYTHING))
        state = await reads.incident(1, EVERYTHING)
        numbers = await reads.facts(EVERYTHING)
        effects = await reads.effects("inc:1")
    assert state is not None
    ended = [row for row in effects if row["status"] != "folded"]  # how many renderings become one is a matter of time
    return {
        "events": [(e.kind, e.actor, str(e.payload)) for e in timeline],
        "state": {field.name: str(getattr(state, field.name)) for field in fields(state)},
        "facts": [str(dict(row)) for row in numbers],
        "effects": list({(row["kind"], row["status"], row["again"]) for row in ended}),
    }


def shown(story: Story) -> dict[str, Any]:
    """All rooms as people see them."""
    state = story.workspace.state
    rooms: dict[str, Any] = {}
    for channel in state.channels.values():
        said = [(m.user, message_text(state, m)) for m in state.messages[channel.id].values()]
        name = channel.name if channel.name.startswith("inc-") else " and ".join(sorted(channel.members))
        rooms[name] = {"topic": channel.topic.value, "pins": len(channel.pins), "said": said}
    return rooms


def named(found: dict[str, Any]) -> dict[str, Any]:
    """Without ids, moments and lengths: which lane asks for chance first is not promised, and work on a machine takes real time."""
    told: dict[str, Any] = _sorted(json.loads(_CHANCE.sub("…", json.dumps(found, ensure_ascii=False))))
    return told


def _sorted(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _sorted(inner) for name, inner in found.items()}
    return sorted(found) if isinstance(found, list) else found
