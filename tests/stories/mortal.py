"""The main story as a list of scenes that may be played again: what people do when they got no answer."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.workspace import CannotDo
from bot.workspace.things import Message
from tests.dying import Died, DiesAfter
from tests.stories.story import Story

LABELS = {"service": "gateway"}
MOST_TRIES = 6
VARYING = ("line", "attempt", "approval")
"""What was said while nobody could say it is said together; what was never started is shown, too, and tried anew; what nobody
knows of, since the program died in the call, is asked for once more."""


@dataclass(frozen=True)
class Scene:
    """goal: what is to be seen in Slack when it has happened; act: what somebody does for it."""

    goal: Callable[[Story], bool]
    act: Callable[[Story], Awaitable[Any]]


def reads(words: str, person: str = "ana", where: str = "") -> Callable[[Story], bool]:
    return lambda story: bool(story.rooms) and story.person(person).reads(words, where)


async def _settle_unknown(story: Story) -> None:
    """Approve; and if nobody can know whether it was done, somebody looks and says so."""
    if story.ben.reads("[Approve]", "@tocsin") and not story.ana.reads("It was done"):
        await story.ben.click("Approve", "@tocsin")
    if story.ana.reads("[It was done]"):
        await story.ana.click("It was done" if story.machine.restarts else "Run again: new approval")


SCENES = (
    Scene(lambda story: story.ana.reads("[I have it]", "@tocsin"), lambda story: story.alert("Hung", **LABELS)),
    Scene(lambda story: "Ana commands" in story.channel.topic, lambda story: story.ana.click("I have it", "@tocsin")),
    Scene(reads("Restart it on this one machine"), lambda story: story.ana.click("No")),
    Scene(reads("Does it answer again"), _settle_unknown),
    Scene(reads("Restart the order gateway, done"), lambda story: story.ana.click("Yes")),
    Scene(reads("Orders work again"), lambda story: story.ana.types("update Orders work again --next 20m")),
    Scene(reads("Back to normal since"), lambda story: story.clears("Hung", **LABELS)),
    Scene(lambda story: bool(story.channel.files), lambda story: story.ana.click("Yes")),
)


async def play(story: Story, watch: DiesAfter, *later: DiesAfter, scenes: Sequence[Scene] = SCENES) -> None:
    """All scenes, whatever happens between them. At a death the program begins again, and people repeat what got no answer.

    later: what the second life dies of, and so on; the last life is not watched.
    """
    story.lives = [watch, *later]
    await living(story, story.start(story.lives[0]))
    for scene in scenes:
        for _ in range(MOST_TRIES):
            if story.app is not None and scene.goal(story):
                break
            await living(story, scene.act(story))
        assert scene.goal(story), f"not reached: {story.ana.sees()}"
    await living(story, story.settle())


async def living(story: Story, act: Any) -> None:
    """Do it, unless the program dies of it; then it is started anew."""
    task = asyncio.ensure_future(act)  # noqa: TID251
    while not task.done() and not dead(story):
        await asyncio.wait({task}, timeout=0.005)
    if dead(story):
        await story.stop()
        bury(story.folder / "runner" / "attempts")
        await story.clock.forward("4s")  # whoever waits for an answer sees that none comes
        await asyncio.wait({task})
    failed = None if task.cancelled() else task.exception()
    if failed is not None and not isinstance(failed, (Died, CannotDo, aiohttp.ClientError)):
        raise failed
    if story.app is None:
        await living(story, again(story))


def dead(story: Story) -> bool:
    return isinstance(story.begun, DiesAfter) and story.begun.dead


async def again(story: Story) -> None:
    """The next life."""
    story.lives = story.lives[1:]
    await story.start(*story.lives[:1])
    await story.settle()


def bury(attempts: Path) -> None:
    """This process lives on, the program in it does not: its claims are those of a process that is gone."""
    for claim in attempts.glob("*/claim"):
        said = json.loads(claim.read_text())
        if said.get("pid") == os.getpid():
            claim.write_text(json.dumps({**said, "start": "another"}))


async def signature(story: Story) -> dict[str, Any]:
    """What must be the same at the end, wherever the program died."""
    incident = await story.incident()
    assert incident.walk is not None
    return {
        "status": incident.status.value,
        "roles": {role: incident.holder(role) for role in incident.roles},
        "steps": [(visit.step, visit.state, visit.answer) for visit in incident.walk.visits],
        "plan": incident.walk.outcome,
        "marks": sorted(str(mark) for mark in incident.marks),
        "channels": sorted(room.name for room in story.rooms),
        "members": sorted(story.channel.members),
        "pins": len(story.channel.pinned),
        "files": len(story.channel.files),
        "updates": (await story.kinds()).count("UpdateSent"),
        "pages": (await story.kinds()).count("PageSent"),
        "attempts": {attempt.action: attempt.state for attempt in incident.attempts},
        "questions": {approval.state for approval in incident.approvals},
        "questions without a card": len(incident.approvals) - surfaces(story)["approval"],
        "posts": {surface: n for surface, n in surfaces(story).items() if surface not in VARYING},
        "open": sorted(await story.waits()),
    }


def surfaces(story: Story) -> Counter[str]:
    """How many messages of each kind stand in the incident's channel; none may stand there twice."""
    keys = [key(message) for message in ours(story) if message.channel == story.channel.id and key(message)]
    twice = [name for name, n in Counter(keys).items() if n > 1]
    assert not twice, f"posted twice: {twice}"
    return Counter(name.split(":")[2] for name in keys)


def unmarked_repeats(story: Story) -> list[str]:
    """Direct messages that were sent twice and did not say so (later, when it is answered, such a message says that)."""
    channels = story.workspace.state.channels
    posts = [call for call in story.workspace.calls("chat.postMessage") if call.args["channel"] in channels]
    sent = [call for call in posts if channels[call.args["channel"]].kind == "dm"]
    firsts = Counter(str(call.args.get("metadata", "")) for call in sent if "(sent again)" not in str(call.args))
    return [name for name, n in firsts.items() if name and n > 1]


def ours(story: Story) -> list[Message]:
    every = [message for room in story.workspace.state.messages.values() for message in room.values()]
    return [message for message in every if message.by_app and message.only_for is None and not message.deleted]


def key(message: Message) -> str:
    return str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))
