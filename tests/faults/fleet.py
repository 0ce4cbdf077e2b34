"""Real bots on one database and one Slack: one on SQLite, or several replicas on PostgreSQL, each with a folder of its own."""

import asyncio
import random  # noqa: TID251  # one seed, one order of kills
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bot.clock import RandomIds, SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Workspace
from bot.workspace.things import Entry
from tests.faults.process import Bot, until
from tests.faults.scene import PEOPLE, Journal, slack, write_config

MENDING = "SELECT 1 FROM effect WHERE kind = 'mend' AND status IN ('planned', 'started') LIMIT 1"


@dataclass
class Fleet:
    """bots: all of them; kills, stops: how often one was killed, or stopped for a while; cut: kills in the middle of a call;
    lives: how often Slack was called before each kill, since the one before."""

    url: str
    workspace: Workspace
    bots: list[Bot]
    journal: Journal
    kills: int = 0
    stops: int = 0
    cut: int = 0
    lives: list[int] = field(default_factory=list)
    _up: list[bool] = field(default_factory=list)

    def ports(self) -> list[int]:
        """Where senders may try, in this order."""
        return [bot.port for bot in self.bots if bot.starts and bot.alive]

    async def start(self) -> None:
        for bot in self.bots:
            await bot.start(connected=False)

    async def kill_one(self, chance: random.Random) -> None:
        """kill -9 of any of them; returns when it is there again."""
        bot = chance.choice(self.bots)
        bot.kill()
        await self._again(bot)

    async def kill_in_a_call(self, chance: random.Random) -> None:
        """The same at the moment at which Slack has done what one of them asked for, and that one has not heard of it."""
        bot, killed = chance.choice(self.bots), asyncio.Event()

        def tell(entry: Entry) -> None:
            if entry.kind == "message" and not killed.is_set():
                bot.kill()
                killed.set()

        self.journal.told = tell
        await until(killed.is_set, what="a call of Slack")
        self.cut += 1
        await self._again(bot)

    async def _again(self, bot: Bot) -> None:
        self.kills += 1
        self.lives.append(len(self.workspace.state.calls) - sum(self.lives))
        await bot.start(connected=False)

    async def stop_one(self, chance: random.Random, seconds: float) -> None:
        """SIGSTOP of any of them, and SIGCONT after so many seconds."""
        bot = chance.choice(self.bots)
        bot.signal(signal.SIGSTOP)
        self.stops += 1
        await SystemClock().sleep(seconds)
        bot.signal(signal.SIGCONT)

    def mending(self) -> bool:
        """Whether somebody still has to look after a call that went out late."""
        if not self.stops:
            return False
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(MENDING).fetchone() is not None

    async def end(self) -> None:
        """SIGTERM of all; exit code 0 each."""
        assert await asyncio.gather(*(bot.stop() for bot in self.bots)) == [0] * len(self.bots)


@asynccontextmanager
async def fleet(folder: Path, url: str) -> AsyncIterator[Fleet]:
    """Not yet begun; nothing is left behind. Two replicas where the database can be shared."""
    async with Workspace(manifest(), PEOPLE, SystemClock(), RandomIds()) as workspace:
        bots = []
        for name in ("one",) if url.startswith("sqlite") else ("one", "two"):
            write_config(folder / name, storm=1000)
            bots.append(Bot(folder / name, {**slack(workspace), "TOCSIN_DATABASE_URL": url}))
        workspace.state.journal = journal = Journal()
        made = Fleet(url, workspace, bots, journal)
        try:
            yield made
        finally:
            for bot in bots:
                bot.end()
