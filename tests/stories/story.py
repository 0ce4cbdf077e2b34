"""The whole program in a test: the real app on a real database, the real local workspace over real sockets, time that is moved."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.app import App, built
from bot.domain.events import Event
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.flows import directory
from bot.ports import Viewer
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.web.server import serve
from bot.workspace import Workspace
from bot.workspace.room import Room
from storage.store import unwatched
from tests.dying import DiesAfter
from tests.fakes import FakeClock, FakeIds, seconds
from tests.postgres import retire
from tests.stories import alerts
from tests.stories.machine import Machine
from tests.stories.player import Player

CONFIG = Path(__file__).parent / "config"
TOKEN = "the-senders-token"
EVERYTHING = Viewer("bot", all=True)
PATIENCE, SOON = 20, 5_000_000
"""Real seconds for what happens at one moment; µs within which something must be due to be waited for."""
BUSY = ("slack ", "ingest", "http ")
"""How the names of the program's short tasks begin."""


class Story:
    """One incident room and its people. `forward` moves time; nothing here sleeps."""

    def __init__(self, folder: Path, url: str, workspace: Workspace, machine: Machine, clock: FakeClock) -> None:
        self.folder, self.url = folder, url
        self.workspace, self.machine, self.clock = workspace, machine, clock
        self.ids = FakeIds()
        self.app: App | None = None
        self.begun: Callable[[str], None] = unwatched
        self.lives: list[DiesAfter] = []
        self.lossy = False  # acks get lost: nothing waits for them
        self.public_url = self.language = ""  # where links lead; what people read
        self.unit = self.over_http = False  # `tocsin runner` starts programs; Slack calls it, no socket
        self.pulses = False  # its pulse beats when it begins, as in real life
        self._stack = AsyncExitStack()
        self._began: dict[str, Micros] = {}

    # the program

    async def start(self, watch: Callable[[str], None] = unwatched) -> None:
        """The program begins, connects, and reads the directory."""
        self._stack, self.begun = AsyncExitStack(), watch
        if not self.url.startswith("sqlite"):
            retire(self.url)
        try:
            app = await self._stack.enter_async_context(built(self.settings, self.clock, self.ids, watch))
            self.port = await self._stack.enter_async_context(serve(app.web, "127.0.0.1", 0))
            if self.over_http:
                self.workspace.install(manifest(url=f"http://127.0.0.1:{self.port}"))
            await app.slack.open(self._stack)
        except BaseException:
            await self._stack.aclose()
            raise
        self.app = app
        if self.pulses:
            await app.pulse.beat()
        self.clock.drive(self)
        await self.rest()

    async def stop(self) -> None:
        if self.app is not None:
            self.clock.release(self)
            self.app = None
            await self._stack.aclose()

    async def restart(self, watch: Callable[[str], None] = unwatched) -> None:
        await self.stop()
        await self.start(watch)

    @property
    def running(self) -> App:
        assert self.app is not None, "the program does not run"
        return self.app

    @property
    def settings(self) -> Settings:
        return Settings(
            database_url=self.url,
            http_host="127.0.0.1",
            http_port=0,
            config_dir=self.folder / "config",
            runner_dir=self.folder / "runner",
            runner="unit" if self.unit else "bot",
            slack_bot_token=SecretStr(self.workspace.bot_token),
            slack_app_token=SecretStr("" if self.over_http else self.workspace.app_token),
            slack_signing_secret=SecretStr(self.workspace.signing_secret),
            slack_api_url=self.workspace.api_url,
            alert_token=SecretStr(TOKEN),
            api_token=SecretStr(""),
            public_url=self.public_url,
            language=self.language,
        )

    def configure(self, file: str, *changes: tuple[str, str]) -> None:
        """Change a file of the config folder, before the start: each `old` becomes `new`."""
        path = self.folder / "config" / file
        for old, new in changes:
            text = path.read_text()
            assert old in text, f"{file} holds no {old!r}"
            path.write_text(text.replace(old, new))

    # time

    async def next_due(self) -> Micros | None:
        """For the clock: when the program has something to do next."""
        return await self.running.engine.next_due()

    async def tick(self, now: Micros) -> None:
        """For the clock: the program and the workspace go on until both rest."""
        before = None
        while before != (before := self._traces()):
            await self.running.engine.tick(now)
            async with asyncio.timeout(PATIENCE):
                while not self._quiet():
                    await asyncio.wait({self.workspace.state.change()}, timeout=0.002)

    def _traces(self) -> tuple[int, ...]:
        state = self.workspace.state
        return len(state.calls), len(state.journal), len(self.machine.restarts)

    def _quiet(self) -> bool:
        state = self.workspace.state
        busy = any(task.get_name().startswith(BUSY) for task in asyncio.all_tasks())
        waits = self.workspace.deliver.under_way and not self.lossy
        return not busy and not waits and all(call.status for call in state.calls)

    async def rest(self) -> None:
        """Let the program do what it can do now."""
        await self.clock.rest()

    async def forward(self, length: str | float) -> None:
        await self.clock.forward(length)

    async def settle(self) -> None:
        """Let time pass until nothing happens in the next seconds. A program that is looked at often has real time to end, too."""
        await self.rest()
        for looked in range(60):
            await asyncio.wait({self.workspace.state.change()}, timeout=0.05 * (looked > 20))
            due = await self.next_due()
            if due is None or due > self.clock.now() + SOON:
                return
            await self.forward(max(0, due - self.clock.now()) / 1_000_000)
        raise AssertionError(f"it does not come to rest: {await self.waits()}")

    async def waits(self) -> list[str]:
        """Keys of what is to happen outside soon."""
        soon = self.clock.now() + 40_000_000
        async with self.running.store.read() as reads:
            streams = ["org", *(f"inc:{number}" for number in range(1, len(self.rooms) + 2))]
            rows = [row for stream in streams for row in await reads.effects(stream)]
        waits = [row for row in rows if row["status"] in ("planned", "started") and row["not_before"] <= soon]
        return [row["key"] for row in waits if not row["kind"].startswith("clock.")]

    async def until(self, true: Callable[[], Any], within: str | float = "1m") -> None:
        """Let time pass, second by second, until it is true."""
        for _ in range(round(seconds(within))):
            if true():
                return
            await self.forward(1)
        assert true(), f"not within {within}; the channel says\n" + "\n".join(self.person("ana").sees(self.channel.id))

    # the outside

    async def post(self, body: Any, token: str = TOKEN, port: int = 0) -> tuple[int, dict[str, Any]]:
        """A request of an alert sender; status and answer. port: of another replica."""
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{port or self.port}/alerts/alertmanager"
        async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **data) as answer:
            return answer.status, await answer.json()

    async def alert(self, name: str = "DatabaseDown", status: str = "firing", **labels: str) -> str:
        """An alert comes in, 40 s after it began; what became of it."""
        now, key = self.clock.now(), repr((name, sorted(labels.items())))
        began = self._began.setdefault(key, now - alerts.BEGAN_BEFORE)
        if status == "resolved":
            del self._began[key]
        one = alerts.alert(name, status, now, began, labels)
        code, said = await self.post(alerts.request([one], f"{{}}:{{{name} {labels.get('service', '')}}}"))
        assert code == 200, said
        await self.settle()
        return str(said["items"][0]["decision"])

    async def clears(self, name: str = "DatabaseDown", **labels: str) -> str:
        return await self.alert(name, "resolved", **labels)

    def person(self, name: str) -> Player:
        return Player(self, self.workspace.person(name))

    @property
    def ana(self) -> Player:
        return self.person("ana")

    @property
    def ben(self) -> Player:
        return self.person("ben")

    @property
    def li(self) -> Player:
        return self.person("li")

    @property
    def channel(self) -> Room:
        """The channel of the newest incident."""
        return self.rooms[-1]

    @property
    def rooms(self) -> list[Room]:
        """All channels of incidents, in the order in which they were made."""
        state = self.workspace.state
        return [Room(state, each.id) for each in state.channels.values() if each.name.startswith("inc-")]

    # what is stored

    async def incident(self, number: int = 1) -> Incident:
        async with self.running.store.read() as reads:
            found = await reads.incident(number, EVERYTHING)
        assert found is not None
        return found

    async def timeline(self, number: int = 1) -> list[Event]:
        async with self.running.store.read() as reads:
            return list(await reads.timeline(number, EVERYTHING))

    async def kinds(self, number: int = 1) -> list[str]:
        """Names of the payloads of an incident's events."""
        return [type(event.payload).__name__ for event in await self.timeline(number)]

    async def learn(self) -> None:
        """The directory is read again (every 5 min in real life)."""
        await directory.fill(self.running.store, self.running.chat)
