"""Two hosts on one PostgreSQL and one Slack, each with a runner directory of its own; the one whose program runs dies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.clock import RandomIds, SystemClock
from bot.domain.run_state import Attempt
from bot.slack.manifest import manifest
from bot.workspace import Workspace
from storage.opening import open_store
from tests.faults.database import EVERYTHING, Database
from tests.faults.process import Bot, until
from tests.faults.scene import PEOPLE, Scene, slack, write_config
from tests.faults.story import to_the_approval
from tests.postgres import Fresh

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("new_database", ["postgresql"], indirect=True),
]
SILENCE = 60.0
"""Seconds of silence after which others say that nobody knows."""


class Shared(Database):
    """The database of both."""

    def __init__(self, url: str) -> None:
        self._url = url

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, autocommit=True) as connection:
            return connection.execute(sql.replace("?", "%s").encode(), values).fetchall()

    def close(self) -> None:
        pass

    async def restart(self) -> Attempt:
        """The one attempt to restart the service."""
        store = await open_store(self._url, SystemClock(), RandomIds(), write=False)
        try:
            async with store.read() as reads:
                found = await reads.incident(1, EVERYTHING)
        finally:
            await store.close()
        assert found is not None
        [attempt] = [a for a in found.attempts if a.action == "restart"]
        return attempt


class Hosts(Scene):
    """`bot` runs the program, `other` is on the other host. Both have the same files."""

    def __init__(self, folder: Path, url: str, workspace: Workspace) -> None:
        settings = {**slack(workspace), "TOCSIN_DATABASE_URL": url, "TOCSIN_CONFIG_DIR": f"{folder}/config"}
        for name in ("one", "two"):
            (folder / name).mkdir()
        super().__init__(folder, workspace, Bot(folder / "one", settings))
        self.other = Bot(folder / "two", settings)
        self.database: Shared = Shared(url)


@pytest.fixture
async def hosts(tmp_path: Path, new_database: Fresh) -> AsyncIterator[Hosts]:
    """The restart runs on the first host, and hangs; then the other host comes."""
    async with opened(tmp_path, new_database(tmp_path)) as here:
        here.hold("before")
        await here.bot.start()
        await to_the_approval(here, "Hung")
        await here.click("ana", "Approve", here.room.id, lambda: here.runs())
        await here.other.start()
        yield here


@asynccontextmanager
async def opened(folder: Path, url: str) -> AsyncIterator[Hosts]:
    write_config(folder, storm=5)
    plan = folder / "config/plans/hung.md"
    plan.write_text(plan.read_text().replace("timeout: 30s", "timeout: 30m"))
    async with Workspace(manifest(), PEOPLE, SystemClock(), RandomIds()) as workspace:
        workspace.add_channel("general", *(person.id for person in PEOPLE))
        here = Hosts(folder, url, workspace)
        try:
            yield here
        finally:
            here.bot.end()
            here.other.end()


async def test_a_host_that_comes_back_reads_what_its_program_did(hosts: Hosts) -> None:
    """The program goes on without its bot. The other host says nothing of it, and the first one finds it again."""
    hosts.bot.kill()
    await hosts.pause(20.0)
    assert (await hosts.database.restart()).state == "running"
    assert not hosts.reads("[It was done]")
    await hosts.bot.start()
    hosts.let_go("before")
    await until(lambda: hosts.reads("[It answers]"), what="the next step")
    attempt = await hosts.database.restart()
    assert (attempt.state, attempt.verified, len(hosts.runs())) == ("ok", True, 1)


async def test_a_host_that_stays_away_is_waited_for_then_people_decide(hosts: Hosts) -> None:
    """The program goes on there, so nobody may read that it was cut off; what the host knows when it is back changes nothing."""
    clock = SystemClock()
    hosts.bot.kill()
    died = clock.monotonic()
    await until(lambda: hosts.reads("[It was done]"), SILENCE + 30.0, "the question to people")
    assert clock.monotonic() - died > SILENCE - 6.0
    assert hosts.reads("has not been heard of for a minute")
    assert hosts.reads("It may go on there.")
    assert (await hosts.database.restart()).state == "unknown"
    hosts.let_go("before")
    await until(lambda: (hosts.folder / "ends").exists())
    await hosts.bot.start()
    await until(lambda: hosts.reads("Late:"), what="what the first host knows")
    assert hosts.reads("Late: `restart` on `gw-1` ended with `0`.")
    assert (await hosts.database.restart()).state == "unknown"
    await hosts.click("ana", "It was done", hosts.room.id, lambda: hosts.reads("[It answers]"))
    assert len(hosts.runs()) == 1
