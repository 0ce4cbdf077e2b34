"""Starting and ending of the real process: what cannot work is said in one line, and nothing is lost at the end."""

import asyncio
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.load import Sender
from tests.faults.process import until
from tests.faults.scene import Scene, scene
from tests.faults.test_load import check

pytestmark = pytest.mark.slow


async def refused(here: Scene, **environment: str) -> str:
    """What a bot says that does not start: one line beside its log, exit code 1."""
    process = here.bot.spawn(**environment)
    await until(lambda: process.poll() is not None, what="its end")
    said = [line for line in here.bot.log.read_text().splitlines() if not line.startswith("{")]
    assert (process.returncode, len(said)) == (1, 1), said
    return said[0] + "\n"


async def test_a_damaged_database_is_left_as_it_is(tmp_path: Path) -> None:
    """F12: never a silently new database."""
    async with scene(tmp_path / "scene") as here:
        await here.bot.start(connected=False)
        await here.alert("Hung")
        assert await here.bot.stop() == 0
        good = here.bot.database.read_bytes()
        for bad in (good[:4096] + b"\xff" * 8192 + good[12288:], good[: len(good) // 2]):
            here.bot.database.write_bytes(bad)
            said = await refused(here)
            assert said.startswith(f"tocsin: The database {here.bot.database} is ")
            assert "Restore a backup" in said
            assert here.bot.database.read_bytes() == bad
        here.bot.database.write_bytes(good)
        await here.bot.start(connected=False)
        assert (await here.alert("Hung"))["items"][0]["decision"] == "repeat"


async def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    async with scene(tmp_path / "scene") as here:
        await here.bot.start(connected=False)
        assert await here.bot.stop() == 0
        with closing(sqlite3.connect(here.bot.database)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "newer" in await refused(here)


async def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    async with scene(tmp_path / "scene") as here:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            said = await refused(here, TOCSIN_HTTP_PORT=str(port))
        assert said == (
            f"tocsin: Port {port} of 127.0.0.1 is taken by another program: stop it, or set TOCSIN_HTTP_PORT.\n"
        )


async def test_a_second_bot_names_the_first(tmp_path: Path) -> None:
    async with scene(tmp_path / "scene") as here:
        await here.bot.start(connected=False)
        first, port = here.bot.pid, here.bot.port
        assert f"{first}" in await refused(here)
        assert (here.bot.alive, here.bot.port) == (True, port)
        assert (await here.alert("Hung"))["items"][0]["decision"] == "open"
        here.bot.kill()
        await here.bot.start(connected=False)  # a lock of the dead holds nobody


async def test_sigterm_ends_soon_and_loses_nothing(tmp_path: Path) -> None:
    """Under load, with a call to Slack that hangs: after 5 s and what a busy machine adds, and the next does what is left over."""
    async with scene(tmp_path / "scene", storm=1000) as here:
        await here.bot.start()
        here.workspace.fault("chat.postMessage", "hang", times=3)
        stop, sender = asyncio.Event(), Sender(lambda: [here.bot.port], 50.0)
        sending = asyncio.create_task(sender.run(stop))  # noqa: TID251
        await until(
            lambda: any(call.fault == "hang" for call in here.workspace.state.calls), what="the call that hangs"
        )
        began = asyncio.get_running_loop().time()
        assert await here.bot.stop() == 0
        assert asyncio.get_running_loop().time() - began < 15
        assert here.bot.complaints() == []
        await here.bot.start()
        stop.set()
        await sending
        await until(lambda: any(key.endswith(":card") for key, _ in here.posted()), what="the card")
        assert await here.bot.stop() == 0
        await check(f"sqlite:///{here.bot.database}", here.workspace, sender)


async def test_a_setting_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    async with scene(tmp_path / "scene") as here:
        await here.bot.start(connected=False, TOCSIN_DATABSE_URL="postgresql://tocsin:hunter2@db/tocsin")
        said = here.bot.log.read_text()
    assert "TOCSIN_DATABSE_URL is no setting of Tocsin; did you mean TOCSIN_DATABASE_URL?" in said
    assert "hunter2" not in said
