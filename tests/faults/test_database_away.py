"""F10, F11: the real bot loses its database and gets it back. Nobody is told what is not so, nothing is half done, no restart."""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import RandomIds, SystemClock
from storage.audit import broken
from storage.opening import open_store
from storage.rebuild import differing
from tests.faults.process import until
from tests.faults.scene import TOKEN, Scene, scene
from tests.postgres import Fresh, Server
from tests.stories import alerts
from tests.waiting import looks

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
AT_MOST, GLANCE = 9.5, 4.5
"""Seconds until an alert sender has an answer (five, and what a busy machine adds: less than two such waits), and a probe (one)."""


async def get(here: Scene, path: str) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{here.bot.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def send(here: Scene, shard: str) -> tuple[int, str, float]:
    """An alert: status, Retry-After, seconds until the answer."""
    one = alerts.alert("Hung", "firing", SystemClock().now(), here.began, {"shard": shard})
    url, headers = f"http://127.0.0.1:{here.bot.port}/alerts/alertmanager", {"Authorization": f"Bearer {TOKEN}"}
    began = SystemClock().monotonic()
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=alerts.request([one], "{}:{Hung}"), headers=headers) as answer,
    ):
        await answer.read()
        return answer.status, answer.headers.get("Retry-After", ""), SystemClock().monotonic() - began


@asynccontextmanager
async def open_incident(folder: Path, url: str) -> AsyncIterator[Scene]:
    """One incident with its channel, in which Ana is."""
    async with scene(folder / "scene") as here:
        here.bot.environment["TOCSIN_DATABASE_URL"] = url
        await here.bot.start()
        await here.alert("Hung")
        await until(lambda: here.rooms and here.room.posts, what="the channel")
        await here.workspace.person("ana").join(here.room.id)
        yield here


async def while_away(here: Scene) -> None:
    """What everybody hears, whatever the trouble is."""
    answers = await asyncio.gather(*[send(here, f"lost {n}") for n in range(3)])
    assert [(status, again) for status, again, _ in answers] == [(503, "5")] * 3
    assert max(seconds for _, _, seconds in answers) < AT_MOST
    await ready(here, 503)
    assert await get(here, "/healthz") == (200, {"status": "ok"})
    assert (await get(here, "/readyz"))[1]["parts"]["database"] is False


async def ready(here: Scene, status: int) -> None:
    """/readyz says so, within a few seconds, and each answer comes at once."""
    async for _ in looks(pause=0.1):
        began = SystemClock().monotonic()
        found, _ = await get(here, "/readyz")
        assert SystemClock().monotonic() - began < GLANCE
        if found == status:
            return
    raise AssertionError(f"/readyz does not say {status}")


async def afterwards(here: Scene, url: str) -> None:
    """It goes on by itself; what was refused left nothing; the channel says from when to when."""
    await ready(here, 200)
    assert (await send(here, "found again"))[0] == 200
    await until(lambda: here.reads("I could not write to my database"), what="the word in the channel")
    await until(lambda: here.reads("2 alerts"), what="the card")
    await here.command("ana", "note it works again", lambda: here.reads("it works again"))
    assert await here.bot.stop() == 0
    said = [line for line in here.sees("ana") if "I could not write to my database" in line]
    assert len(said) == 1
    store = await open_store(url, SystemClock(), RandomIds(), write=False)
    try:
        async with store.read() as reads:
            assert await broken(reads) == []
            assert await differing(reads) == []
            assert [alert.labels.get("shard", "") for alert in await reads.incident_alerts(1)] in (
                ["", "found again"],
                ["found again", ""],
            )
    finally:
        await store.close()


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
async def test_a_server_that_hangs(tmp_path: Path, new_database: Fresh, postgres: Server) -> None:
    url = new_database(tmp_path)
    async with open_incident(tmp_path, url) as here:
        with postgres.hanging():
            await while_away(here)
            ana = here.workspace.person("ana")
            await ana.command("/tocsin note it was lost", here.room.id)
            await until(lambda: here.reads("please try again"), 15, "the failure")
        await afterwards(here, url)


async def test_a_server_that_dies(tmp_path: Path) -> None:
    """Without a word, in the middle of transactions, and comes back after a while."""
    server = Server.own(durable=True)
    try:
        url = server.url(server.create())
        async with open_incident(tmp_path, url) as here:
            server.crash()
            await while_away(here)
            await here.pause(6.0)
            server.start()
            await afterwards(here, url)
    finally:
        server.stop()


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_disk_that_is_full(tmp_path: Path, new_database: Fresh) -> None:
    """As the process sees it: no file of its own may grow any more, and then they may again."""
    url = new_database(tmp_path)
    async with open_incident(tmp_path, url) as here:
        limits = resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE, (1024, limits[1]))
        await while_away(here)
        await here.pause(6.0)
        resource.prlimit(here.bot.pid, resource.RLIMIT_FSIZE, limits)
        await afterwards(here, url)
