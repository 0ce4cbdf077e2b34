"""Kills the bot at chosen moments of a scene and starts it again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tests.faults.moments import Moment
from tests.faults.scene import Scene

LOOK = 0.002
"""Seconds between two looks: some moments are short."""


class Killer:
    """left: the moments that have not come yet; each kills once. kills: how many have."""

    def __init__(self, scene: Scene, moments: Mapping[str, Moment]) -> None:
        self._scene, self.left = scene, dict(moments)
        self._dead = False
        self.kills = 0
        scene.journal.told = lambda entry: self._look()

    def _look(self) -> None:
        """Also called by the workspace while it carries a call out: the bot dies before it hears the answer."""
        if self._dead:
            return
        for name, true in self.left.items():
            if true(self._scene):
                self._scene.bot.kill()
                self._dead = True
                self.kills += 1
                del self.left[name]
                return

    async def run(self) -> None:
        """Look all the time; who was killed is started again at once."""
        while self.left or self._dead:
            self._look()
            if self._dead:
                await self._scene.bot.start()
                self._dead = False
            await asyncio.sleep(LOOK)  # noqa: TID251


@asynccontextmanager
async def killing(scene: Scene, moments: Mapping[str, Moment]) -> AsyncIterator[Killer]:
    """The bot is killed at these moments while the block runs, and begins again each time."""
    killer = Killer(scene, moments)
    running = asyncio.create_task(killer.run())  # noqa: TID251
    try:
        yield killer
    finally:
        scene.journal.told = lambda entry: None
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
