"""Everything of one run: Slack, the machine, the database file, the lives of the program one after the other."""

import asyncio
import atexit
import json
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from bot import config
from bot.app import App, assembled
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.errors import ChatError, StoreAway
from bot.flows import directory
from bot.flows.desk import Desk
from bot.secrets import Masker
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.workspace.acts import Acts
from bot.workspace.deliver import Deliver
from bot.workspace.machine import Background
from bot.workspace.manifest import read_manifest
from bot.workspace.state import State
from runbooks import catalogue, executors
from runbooks.catalogue import Catalogue
from runbooks.directory import Directory
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.faults.simulator.life import Life, LivingClock
from tests.faults.simulator.machine import HOST, Machine, StormyHttp
from tests.faults.simulator.slack import Door, StormyClient
from tests.faults.simulator.store import StormyDatabase
from tests.faults.simulator.virtual import Numbered, VirtualClock
from tests.faults.simulator.weather import Chance, Weather
from tests.stories.conftest import PEOPLE, write_config

MEND = Path(__file__).parent / "mend.md"
AGAIN = 15.0
"""Seconds between two tries of a life to reach Slack."""
BEAT = 30.0
"""Seconds between two sweeps: the engine's own beat goes by the machine's clock."""


@cache
def ground() -> tuple[Path, Organisation, Catalogue]:
    """An empty, migrated database, the stories' rules and their plans: read once for all runs."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-runs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_config(folder, HOST)
    _more(folder / "config")
    upgrade(f"sqlite:///{folder / 'tocsin.db'}")
    organisation, _ = config.load(folder / "config")
    return folder / "tocsin.db", organisation, catalogue.load(folder / "config" / "plans", executors.keys())


def _more(config_dir: Path) -> None:
    """Beside the stories' plans: one whose actions are tried again and undone."""
    mend = MEND.read_text().replace("@HOST@", HOST)
    (config_dir / "plans" / MEND.name).write_text(mend)
    routes = config_dir / "routes.yaml"
    routes.write_text(routes.read_text().replace("DatabaseDown|Hung", "Broken|DatabaseDown|Hung"))


@cache
def plans_read() -> dict[str, Plan]:
    """Plans by the hash of their text, read already: reading takes longer than anything else."""
    return {plan.sha: plan for plan in ground()[2].plans}


class MortalDirectory(Directory):
    """The runner directory as one life sees it: the dead write nothing."""

    life: Life

    def folder(self, attempt: str) -> Path:
        self.life.alive()
        return super().folder(attempt)


class World:
    """One run. trace: what happened, for people; wrong: what must never happen; peaceful: nobody dies any more."""

    def __init__(self, folder: Path, chance: Chance) -> None:
        self.folder, self.chance = folder, chance
        self.clock = VirtualClock()
        self.weather = Weather.of(chance)
        self.trace: list[str] = []
        self.wrong: list[str] = []
        self.machine = Machine(heals=chance.random() < 0.7)
        self.background = Background()
        self.state = State(read_manifest(manifest()), PEOPLE, self.clock, Numbered(1 << 60, chance.random))
        self.door = Door(self.weather, self.clock, self.background)
        self.deliver = Deliver(self.state, self.clock, self.background, self.door)
        self.acts = Acts(self.state, self.deliver)
        self.state.tell = self.deliver.tell
        self.lives: list[Life] = []
        self.stop = asyncio.Event()
        self.peaceful = False
        self.app: App | None = None
        self.runner = folder / "runner"
        self._turn = asyncio.Lock()
        self._databases: list[StormyDatabase] = []
        shutil.copy(ground()[0], folder / "tocsin.db")

    def said(self, line: str) -> None:
        self.trace.append(f"{self.clock.monotonic():9.2f}  {line}")

    @property
    def life(self) -> Life:
        return self.lives[-1]

    # the program

    def begin(self) -> None:
        """A new life, on the same database and runner directory. stop: ends its engine as a signal would."""
        life, self.stop = Life(len(self.lives) + 1, self.said), asyncio.Event()
        self.lives.append(life)
        self.app = self._built(life)
        self.door.life, self.door.edge = life, self.app.edge
        life.tasks.start(self._lives(life, self.app), "life")
        self.said(f"bot {life.number} begins")

    def _built(self, life: Life) -> App:
        _, organisation, plans = ground()
        clock = LivingClock(life, self.clock)
        ids = Numbered(len(self.lives) << 40, self.chance.random)
        database = StormyDatabase(self.folder / "tocsin.db", life, self.weather, self._turn, self.wrong)
        self._databases.append(database)
        store = SqlStore(database, clock, ids)
        masker = Masker([])
        runner = MortalDirectory(self.runner, ids, masker)
        runner.life = life
        http = StormyHttp(self.machine, life, self.weather, clock)
        tools = executors.Tools(runner, http, life.tasks, masker)
        able = executors.load(tools)
        desk = Desk(store, clock, ids, organisation, plans, able, runner.id, _read=plans_read())
        client = StormyClient(self.state, life, self.weather, clock)
        return assembled(self._settings(), desk, store, client, tools, ())

    def _settings(self) -> Settings:
        return Settings(
            database_url=f"sqlite:///{self.folder / 'tocsin.db'}",
            config_dir=self.folder,
            runner_dir=self.runner,
            alert_token=SecretStr(""),
            slack_bot_token=SecretStr(""),
            slack_app_token=SecretStr(""),
            public_url="",
            language="",
        )

    async def _lives(self, life: Life, app: App) -> None:
        """What `serve` does, without sockets."""
        life.tasks.start(app.engine.run(self.stop), "engine")
        life.tasks.start(self._beats(life, app), "beat")
        app.chat.team = self.state.team
        life.tasks.start(app.slack.keep_directory(), "directory")
        while not await self._filled(app):
            await app.clock.sleep(AGAIN)

    async def _filled(self, app: App) -> bool:
        try:
            await directory.fill(app.store, app.chat)
        except (ChatError, StoreAway):
            return False
        return True

    async def _beats(self, life: Life, app: App) -> None:
        """The pulse beats where it has something to tell: a beat every five seconds would be most of a run."""
        while True:
            await app.clock.sleep(BEAT)
            try:
                await app.engine.tick(app.clock.now())
                if app.pulse.doubts:
                    await app.pulse.beat()
            except StoreAway:
                self.said(f"bot {life.number} could not look: its database is away")

    async def slack_goes(self) -> None:
        """Slack is away for a while."""
        self.weather.away = True
        seconds = self.chance.expovariate(1 / 120)
        self.said(f"Slack is away for {seconds:.0f} s")
        self.background.start(self._back(seconds), "Slack is away")

    async def _back(self, seconds: float) -> None:
        await self.clock.sleep(seconds)
        self.weather.away = False

    async def bury(self) -> None:
        """The present life is over: nothing of it goes on, and its claims are those of a process that is gone."""
        life, database = self.life, self._databases[-1]
        await life.end()
        await database.close()
        self.app = None
        self.door.life = self.door.edge = None
        for claim in self.runner.glob("attempts/*/claim"):
            said = json.loads(claim.read_text())
            if said.get("pid") == os.getpid():
                claim.write_text(json.dumps({**said, "start": "another"}))

    async def close(self) -> None:
        for life in self.lives:
            await life.end()
        for database in self._databases:
            await database.close()
        await self.background.stop()
