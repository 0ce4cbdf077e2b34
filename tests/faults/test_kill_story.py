"""The program is killed at a dozen moments of one story, and the story ends as if nothing had been."""

import asyncio
from collections import Counter

import pytest

from tests.faults.scenes import Moment, Real, play, reap
from tests.faults.serving import Serving
from tests.stories.mortal import key


def calls(method: str, n: int) -> Moment:
    return lambda story: story.called(method) >= n


MOMENTS: list[Moment] = [
    calls("conversations.create", 1),  # F2: the channel is there, and perhaps nobody wrote it down
    calls("conversations.setPurpose", 1),
    calls("chat.postMessage", 1),
    calls("pins.add", 1),
    calls("conversations.invite", 1),
    lambda story: story.reads("[I have it]", where="@tocsin"),
    lambda story: "Ana commands" in story.room.topic,
    lambda story: story.reads("Approve", "ben", "@tocsin"),
    lambda story: (story.program.folder / "restarting").exists(),  # F3: the step runs
    lambda story: story.reads("Does it answer again"),
    lambda story: story.reads("Orders work"),
    lambda story: story.reads("Back to normal since"),
    calls("files.getUploadURLExternal", 1),
]
PROGRAM = """#!/bin/sh
echo "$1" >> {folder}/restarting
sleep 1
echo "$1" >> {folder}/restarted
"""


def with_a_program(program: Serving) -> None:
    """The restart is a program of this machine, and the check looks for what it leaves."""
    folder = program.folder
    place = folder / "programs"
    place.mkdir(mode=0o700)
    for name, text in {
        "restart": PROGRAM.format(folder=folder),
        "check": f"#!/bin/sh\ntest -s {folder}/restarted\n",
    }.items():
        (place / name).write_text(text)
        (place / name).chmod(0o700)
    plan = folder / "config" / "plans" / "restart.md"
    lines = plan.read_text().splitlines()
    for n, line in enumerate(lines):
        if "restart/${host}" in line:
            lines[n] = f'  run: ["{place}/restart", "${{host}}"]'
        elif "/healthz" in line:
            lines[n] = f'    run: ["{place}/check"]'
    plan.write_text("\n".join(lines) + "\n")


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killed_at_a_dozen_moments(serving: Serving) -> None:
    """One channel, one restart, nothing posted twice, and the numbers at the end."""
    with_a_program(serving)
    await serving.start()
    story = Real(serving)
    reaper = asyncio.ensure_future(reap(story, MOMENTS))  # noqa: TID251
    await play(story)
    await reaper
    assert serving.kills == len(MOMENTS)
    await story.seen(lambda: story.reads("is resolved"), 20)
    assert (serving.folder / "restarted").read_text() == "gw-1\n"
    assert [room.name for room in story.rooms] == ["inc-1-hung-on-gateway"]
    assert len(story.room.files) == 1
    assert twice(story) == []
    assert story.reads("*INC-1* is resolved")
    assert "· Resolved" in story.room.topic


def twice(story: Real) -> list[str]:
    """Keys of ours that stand in the channel more than once."""
    posts = story.workspace.state.messages[story.room.id].values()
    keys = Counter(key(message) for message in posts if message.by_app and key(message) and not message.deleted)
    return [name for name, n in keys.items() if n > 1]
