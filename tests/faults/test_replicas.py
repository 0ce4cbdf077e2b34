"""Real replicas on one PostgreSQL and one Slack: one dies, one is older, one's schema has moved on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from bot.clock import RandomIds, SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Workspace
from bot.workspace.room import Room
from storage.migrations import HEAD
from tests.faults.process import Bot, until
from tests.faults.scene import PEOPLE, TOKEN, slack, write_config
from tests.postgres import Fresh
from tests.stories import alerts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.parametrize("new_database", ["postgresql"], indirect=True),
]
TAKE_OVER = 15.0
"""Seconds within which the lanes of who died go on elsewhere: as promised. About 12 are needed; without heartbeats, a minute."""
AHEAD = "import time\nshown = time.time_ns\ntime.time_ns = lambda: shown() + 86_400 * 10**9\n"
"""What makes the clock of a Python process show another day."""
NOTICED = 30.0
"""Seconds within which a process learns that it has to stand back: two beats, and what a busy machine adds."""


class Replicas:
    """Bots on one database and one Slack."""

    def __init__(self, url: str, workspace: Workspace, folder: Path) -> None:
        self.url, self.workspace = url, workspace
        self.bots = [self._made(folder / name) for name in ("one", "two")]

    def _made(self, folder: Path) -> Bot:
        write_config(folder, storm=5)
        return Bot(folder, {**slack(self.workspace), "TOCSIN_DATABASE_URL": self.url})

    @property
    def rooms(self) -> list[Room]:
        state = self.workspace.state
        return [Room(state, each.id) for each in state.channels.values() if each.name.startswith("inc-")]

    def sql(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    async def post(self, bot: Bot, name: str, **labels: str) -> tuple[int, Any]:
        """An alert; status and answer."""
        now = SystemClock().now()
        body = alerts.request([alerts.alert(name, "firing", now, now, labels)], f"{{}}:{{{name}}}")
        return await self._asked(bot, "POST", "/alerts/alertmanager", body)

    async def get(self, bot: Bot, path: str) -> tuple[int, Any]:
        return await self._asked(bot, "GET", path, None)

    async def _asked(self, bot: Bot, method: str, path: str, body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"http://127.0.0.1:{bot.port}{path}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, json=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    async def until_back(self, bot: Bot) -> str:
        """Wait until it stands back; its sentence."""
        said: list[str] = []

        async def look() -> None:
            while not said:
                status, told = await self.get(bot, "/readyz")
                if status == 503 and told["status"] == "stands back":
                    said.append(told["why"])
                await SystemClock().sleep(0.1)

        await asyncio.wait({asyncio.ensure_future(look())}, timeout=NOTICED)  # noqa: TID251
        assert said, f"it does not stand back: {bot.log.read_text()[-2000:]}"
        return said[0]


@pytest.fixture
async def replicas(tmp_path: Path, new_database: Fresh) -> AsyncIterator[Replicas]:
    async with opened(tmp_path, new_database(tmp_path)) as made:
        yield made


@asynccontextmanager
async def opened(folder: Path, url: str) -> AsyncIterator[Replicas]:
    async with Workspace(manifest(), PEOPLE, SystemClock(), RandomIds()) as workspace:
        workspace.add_channel("general", *(person.id for person in PEOPLE))
        made = Replicas(url, workspace, folder)
        try:
            yield made
        finally:
            for bot in made.bots:
                bot.end()


async def test_who_is_killed_in_a_call_is_taken_over_in_time(replicas: Replicas) -> None:
    """In the middle of making a channel: the other one finds what was done, and goes on."""
    one, two = replicas.bots
    await one.start()
    replicas.workspace.fault("conversations.setPurpose", "hang")
    assert (await replicas.post(one, "Hung"))[0] == 200
    calls = replicas.workspace.state.calls
    await until(lambda: any(call.fault == "hang" for call in calls), what="the call that hangs")
    await two.start()
    one.kill()
    await until(lambda: replicas.rooms and replicas.rooms[0].posts, TAKE_OVER, "the card")
    assert len(replicas.rooms) == 1
    assert await two.stop() == 0


async def test_who_starts_disturbs_nobody(replicas: Replicas) -> None:
    """What another replica is doing at this moment is no left-over: nothing is done twice."""
    one, two = replicas.bots
    await one.start()
    replicas.workspace.fault("chat.postMessage", "hang")
    assert (await replicas.post(one, "Hung"))[0] == 200
    calls = replicas.workspace.state.calls
    await until(lambda: any(call.fault == "hang" for call in calls), what="the call that hangs")
    await two.start()
    await SystemClock().sleep(8.0)
    assert [call.fault for call in calls if call.method == "chat.postMessage"].count("hang") == 1
    assert not two.said("taken over")
    assert (await replicas.get(one, "/readyz"))[0] == (await replicas.get(two, "/readyz"))[0] == 200
    assert await one.stop() == await two.stop() == 0


async def test_the_older_one_leaves_the_work_to_the_newer(replicas: Replicas) -> None:
    """As soon as a newer version says that it lives; and it goes on when that one is gone."""
    one, _ = replicas.bots
    await one.start()
    now = SystemClock().now()
    replicas.sql("INSERT INTO replica VALUES ('newer', 'elsewhere', '99.1.0', %s)", now + 3_600_000_000)
    assert await replicas.until_back(one) == (
        "Tocsin 99.1.0 works on this database. This one is 0.1.0 and stands back: start the new version in its place."
    )
    status, said = await replicas.post(one, "Hung")
    assert (status, "stands back" in said["error"]) == (503, True)
    assert (await replicas.get(one, "/healthz"))[0] == 200
    await until(lambda: not replicas.workspace.link.sockets, what="the end of its socket")
    replicas.sql("DELETE FROM replica WHERE id = 'newer'")
    await until(lambda: replicas.workspace.link.sockets, what="its socket")
    assert (await replicas.post(one, "Hung"))[0] == 200
    await until(lambda: replicas.rooms and replicas.rooms[0].posts, what="the card")
    assert await one.stop() == 0


async def test_a_schema_that_moves_on_is_left_alone(replicas: Replicas) -> None:
    """By a replica that was started before; one that starts now refuses in one line."""
    one, two = replicas.bots
    await one.start()
    assert (await replicas.post(one, "Hung"))[0] == 200
    await until(lambda: replicas.rooms and replicas.rooms[0].posts, what="the card")
    replicas.sql("ALTER TABLE alert RENAME COLUMN raw_ref TO raw_reference")
    replicas.sql("UPDATE alembic_version SET version_num = '9999'")
    assert (await replicas.post(one, "Hung", shard="2"))[0] == 503, "before its pulse has told it, too"
    assert await replicas.until_back(one) == (
        f"Another version of Tocsin has brought the database to schema 9999; this one needs {HEAD}. It stands back:"
        " start the new version in its place."
    )
    assert (await replicas.post(one, "Hung", shard="2"))[0] == 503
    process = two.spawn()
    await until(lambda: process.poll() is not None, what="its end")
    assert (process.returncode, "newer Tocsin" in two.log.read_text()) == (1, True)
    assert await one.stop() == 0


async def test_the_clock_of_a_machine_misleads_nobody(replicas: Replicas, tmp_path: Path) -> None:
    """One is a day ahead. Both work, by the time of the database's server; nobody is late."""
    one, two = replicas.bots
    (tmp_path / "sitecustomize.py").write_text(AHEAD)
    one.environment["PYTHONPATH"] += f":{tmp_path}"
    await asyncio.gather(one.start(), two.start())
    for bot, name in ((one, "Hung"), (two, "Full")):
        assert (await replicas.post(bot, name, service=name))[0] == 200
    await until(lambda: len(replicas.rooms) == 2 and all(room.posts for room in replicas.rooms), what="the cards")
    now = SystemClock().now()
    with psycopg.connect(replicas.url) as connection:
        found = connection.execute("SELECT occurred_at, kind FROM event").fetchall()
    assert [kind for at, kind in found if abs(at - now) > 60_000_000 or kind in ("clock_set", "stopped")] == []
    assert (await replicas.get(one, "/readyz"))[0] == (await replicas.get(two, "/readyz"))[0] == 200
    assert one.said("this machine's clock is not the database server's; we go by the server's")
    assert not two.said("this machine's clock is not the database server's; we go by the server's")
