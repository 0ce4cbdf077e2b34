"""The main story by the machine's clock, with people who try again what got no answer."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.clock import SystemClock
from bot.workspace import CannotDo, Workspace
from bot.workspace.room import Room
from tests.faults.serving import Serving
from tests.stories import alerts

PATIENCE = 60
"""Real seconds for a scene, its kills included."""


@dataclass
class Real:
    """The people and what they see."""

    program: Serving
    began: int = field(default_factory=lambda: SystemClock().now() - alerts.BEGAN_BEFORE)

    @property
    def workspace(self) -> Workspace:
        assert self.program.workspace is not None
        return self.program.workspace

    @property
    def rooms(self) -> list[Room]:
        state = self.workspace.state
        return [Room(state, each.id) for each in state.channels.values() if each.name.startswith("inc-")]

    @property
    def room(self) -> Room:
        return self.rooms[0]

    def reads(self, words: str, who: str = "ana", where: str = "") -> bool:
        if not where and not self.rooms:
            return False
        return any(words in line for line in self.workspace.person(who).sees(where or self.room.id))

    def called(self, method: str) -> int:
        return len(self.workspace.calls(method))

    async def alert(self, status: str) -> None:
        now = SystemClock().now()
        one = alerts.alert("Hung", status, now, self.began, {"service": "gateway"})
        async with aiohttp.ClientSession() as session:
            await self.program.post(session, alerts.request([one], "{}:{Hung gateway}"))

    async def click(self, who: str, words: str, where: str = "") -> None:
        await self.workspace.person(who).click(words, where or self.room.id)

    async def types(self, who: str, line: str) -> None:
        await self.workspace.person(who).command(f"/tocsin {line}", self.room.id)

    async def reach(self, goal: Callable[[], bool], act: Callable[[], Awaitable[Any]]) -> None:
        """Do it, and again if nobody answered, until the goal is to be seen."""
        async with asyncio.timeout(PATIENCE):
            while not goal():
                with suppress(CannotDo):
                    await act()
                await self.seen(goal, 3.0)

    async def seen(self, goal: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not goal():
                    await asyncio.wait({self.workspace.state.change()}, timeout=0.05)
        except TimeoutError:
            return False
        return True


Moment = Callable[[Real], bool]


async def reap(story: Real, moments: list[Moment]) -> None:
    """Kill the program at each of the moments, in their order, and begin it again."""
    for moment in moments:
        await story.seen(lambda moment=moment: moment(story), PATIENCE)  # type: ignore[misc]
        await story.program.kill()
        await story.program.start()


async def play(story: Real) -> None:
    """From the alert to the file with the numbers."""
    restarted = story.program.folder / "restarted"
    scenes: list[tuple[Callable[[], bool], Callable[[], Awaitable[Any]]]] = [
        (lambda: story.reads("[I have it]", where="@tocsin"), lambda: story.alert("firing")),
        (lambda: "Ana commands" in story.room.topic, lambda: story.click("ana", "I have it", "@tocsin")),
        (lambda: story.reads("[Approve]"), lambda: story.click("ana", "No")),
        (lambda: restarted.exists(), lambda: story.click("ben", "Approve", "@tocsin")),
        (lambda: story.reads("Does it answer again"), lambda: settle(story)),
        (lambda: story.reads("Restart the order gateway, done"), lambda: story.click("ana", "Yes")),
        (lambda: story.reads("Orders work"), lambda: story.types("ana", "update Orders work --next 20m")),
        (lambda: story.reads("Back to normal since"), lambda: story.alert("resolved")),
        (lambda: bool(story.room.files), lambda: story.click("ana", "Yes")),
    ]
    for goal, act in scenes:
        await story.reach(goal, act)


async def settle(story: Real) -> None:
    """Nobody can know whether it was done: somebody looks, and says so."""
    if story.reads("[It was done]"):
        await story.click("ana", "It was done")
