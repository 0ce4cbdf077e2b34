"""A scene: the local workspace in this process, the real bot beside it, programs that count, and people who do not give up."""

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import RandomIds, SystemClock
from bot.slack.manifest import manifest
from bot.workspace import CannotDo, Person, Workspace
from bot.workspace.room import Room
from bot.workspace.things import Entry
from tests.faults.database import Database
from tests.faults.process import PATIENCE, Bot, until
from tests.stories import alerts

CONFIG = Path(__file__).parent / "config"
TOKEN = f"the-senders-token-{RandomIds().new()}"
"""Of this run alone: a bot of another run, that was given the port of one that was killed, must not answer for it."""
RESULT = 8.0
"""Seconds after which people try again although they were answered."""
PEOPLE = (Person("U0ANA", "ana", "Ana Silva"), Person("U0BEN", "ben", "Ben Okafor"))
LOOK = "sleep 0.3\necho 14 threads wait for one lock"
RESTART = """echo "$RUN_ID" >> {folder}/runs
sleep 0.4
while [ -e {folder}/before ]; do sleep 0.1; done
echo ended >> {folder}/ends
while [ -e {folder}/after ]; do sleep 0.1; done
"""
CHECK = "test -s {folder}/ends -a ! -e {folder}/sick"
UNDO = """echo "$RUN_ID" >> {folder}/undone
while [ -e {folder}/undoing ]; do sleep 0.1; done
"""

FREE = "test -s {folder}/undone"

PROGRAMS = (("look", LOOK), ("restart", RESTART), ("check", CHECK), ("undo", UNDO), ("free", FREE))


class Journal(list[Entry]):
    """The workspace's journal, which also tells each change at once: before the bot hears the answer to its call."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Callable[[Entry], None] = lambda entry: None

    def append(self, entry: Entry) -> None:
        super().append(entry)
        self.told(entry)


class Scene:
    """Everything that a test of the real process plays on."""

    def __init__(self, folder: Path, workspace: Workspace, bot: Bot) -> None:
        self.folder, self.workspace, self.bot = folder, workspace, bot
        self.database = Database(bot.database)
        self.journal = Journal()
        workspace.state.journal = self.journal
        self.began = SystemClock().now() - alerts.BEGAN_BEFORE

    # the outside

    def hold(self, when: str) -> None:
        """From now on, until it is let go: the restart hangs `before` or `after` the service answers again, its check fails as the
        service is `sick`, what undoes it hangs while `undoing`."""
        (self.folder / when).touch()

    def let_go(self, when: str) -> None:
        (self.folder / when).unlink()

    def runs(self) -> list[str]:
        """The attempts that really began to restart the service, in order."""
        return self._noted("runs")

    def undone(self) -> list[str]:
        """The attempts that really began to undo the restart, in order."""
        return self._noted("undone")

    def _noted(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().split() if path.exists() else []

    async def post(self, body: Any) -> dict[str, Any]:
        """What an alert sender does: send it again until somebody has answered for it."""
        while True:
            try:
                return await self.post_once(body)
            except (OSError, aiohttp.ClientError, TimeoutError):
                await self.pause()

    async def post_once(self, body: Any) -> dict[str, Any]:
        """OSError, ClientError: it got no answer, or none that says that it was stored."""
        url = f"http://127.0.0.1:{self.bot.port}/alerts/alertmanager"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as session,
            session.post(url, json=body, headers=headers) as answer,
        ):
            answer.raise_for_status()
            said: dict[str, Any] = await answer.json()
            return said

    async def alert(self, name: str, status: str = "firing", **labels: str) -> dict[str, Any]:
        one = alerts.alert(name, status, SystemClock().now(), self.began, labels)
        return await self.post(alerts.request([one], f"{{}}:{{{name}}}"))

    # people

    async def pause(self, seconds: float = 0.1) -> None:
        await SystemClock().sleep(seconds)

    async def insist(self, act: Callable[[], Awaitable[Any]], seen: Callable[[], Any], what: str) -> None:
        """A person does it, and does it again when nothing comes of it: no answer, or no result within some seconds."""
        clock = SystemClock()
        patience = clock.monotonic() + PATIENCE
        while not seen():
            assert clock.monotonic() < patience, f"{what}: nothing came of it; ana sees\n{self.sees('ana')}"
            try:
                await act()
            except CannotDo:
                await self.pause()
                continue
            with suppress(AssertionError):
                await until(seen, RESULT)

    async def click(self, person: str, words: str, where: str, seen: Callable[[], Any]) -> None:
        actor = self.workspace.person(person)
        await self.insist(lambda: actor.click(words, where), seen, f"{person} clicks [{words}]")

    async def command(self, person: str, line: str, seen: Callable[[], Any]) -> None:
        actor = self.workspace.person(person)
        await self.insist(lambda: actor.command(f"/tocsin {line}", self.room.id), seen, line)

    def sees(self, person: str, where: str = "") -> list[str]:
        return self.workspace.person(person).sees(where or self.room.id)

    def reads(self, words: str, where: str = "") -> bool:
        """Whether Ana sees these words."""
        return any(words in line for line in self.sees("ana", where))

    # Slack

    @property
    def rooms(self) -> list[Room]:
        """All channels of incidents."""
        state = self.workspace.state
        return [Room(state, each.id) for each in state.channels.values() if each.name.startswith("inc-")]

    @property
    def room(self) -> Room:
        return self.rooms[-1]

    def posted(self) -> list[tuple[str, str]]:
        """(key, text) of every message of the bot that carries a key, in all channels, oldest first."""
        state = self.workspace.state
        found = [m for room in state.messages.values() for m in room.values() if m.metadata and not m.deleted]
        return [(m.metadata["event_payload"]["key"], m.text) for m in found if m.metadata is not None]

    def sent(self, key: str) -> list[str]:
        """The texts that were posted under a key, as they were posted: an answered message is changed in place."""
        calls = [call.args for call in self.workspace.calls("chat.postMessage") if call.ok]
        return [
            str(args["text"]) for args in calls if json.dumps(key) in json.dumps(args["metadata"]).replace("\\", "")
        ]

    def called(self, method: str) -> int:
        """How often a method was carried out."""
        return sum(call.ok for call in self.workspace.calls(method))


@asynccontextmanager
async def scene(folder: Path, storm: int = 5) -> AsyncIterator[Scene]:
    """The workspace is open, the bot not yet begun. Nothing is left behind. storm: channels per 10 min before it is one."""
    write_config(folder, storm)
    async with Workspace(manifest(), PEOPLE, SystemClock(), RandomIds()) as workspace:
        workspace.add_channel("general", *(person.id for person in PEOPLE))
        bot = Bot(folder, slack(workspace))
        made = Scene(folder, workspace, bot)
        try:
            yield made
        finally:
            made.database.close()
            bot.end()


def slack(workspace: Workspace) -> dict[str, str]:
    """The settings that lead the bot to the workspace."""
    return {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "TOCSIN_ALERT_TOKEN": TOKEN,
    }


def write_config(folder: Path, storm: int) -> None:
    """Configuration, plans and programs of the scene, with its own places filled in."""
    programs = folder / "programs"
    programs.mkdir(mode=0o755, parents=True)
    for name, body in PROGRAMS:
        (programs / name).write_text("#!/bin/sh\n" + body.replace("{folder}", str(folder)) + "\n")
        (programs / name).chmod(0o755)
    shutil.copytree(CONFIG, folder / "config")
    for path in (folder / "config").rglob("*.*"):
        path.write_text(path.read_text().replace("@PROGRAMS@", str(programs)).replace("@STORM@", str(storm)))
