"""F8, F9: somebody else holds the database's one writer. Slack has its answer in time, and people hear how it ended."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.domain.terms import SECOND
from bot.slack.manifest import manifest
from tests.faults.process import until
from tests.faults.scene import TOKEN, Scene, scene
from tests.faults.test_database_away import get
from tests.stories import alerts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ACK = 3.0
"""Seconds that Slack waits."""


@pytest.fixture(params=["socket", "http"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """An incident in whose channel Ana is; the bot is reached by each of the two ways."""
    async with scene(tmp_path / "scene") as made:
        over_http = request.param == "http"
        secret = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": made.workspace.signing_secret} if over_http else {}
        await made.bot.start(connected=True, **secret)
        if over_http:
            made.workspace.install(manifest(url=f"http://127.0.0.1:{made.bot.port}"))
        await made.alert("Hung")
        await until(lambda: made.rooms and made.room.posts, what="the channel")
        await made.workspace.person("ana").join(made.room.id)
        yield made


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Nobody else writes inside the block."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=5)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    began = SystemClock().monotonic()
    yield
    assert SystemClock().monotonic() - began < ACK


async def test_slow_is_saving_and_then_the_result(here: Scene) -> None:
    ana = here.workspace.person("ana")
    with held(here.bot.database):
        async with in_time():
            await ana.command("/tocsin note it was slow", here.room.id)
        assert here.sees("ana")[-1] == "👁 Saving …"
        await here.pause(1.5)
        assert here.sees("ana")[-1] == "👁 Saving …", "nobody is told what is not so"
    await until(lambda: here.reads("on the timeline"), 10, "the result")


async def test_locked_for_nine_seconds(here: Scene) -> None:
    """Less than two waits of five, so that of two that follow each other the second one succeeds."""
    ana = here.workspace.person("ana")
    with held(here.bot.database):
        began = SystemClock().monotonic()
        async with in_time():
            await ana.command("/tocsin note it was lost", here.room.id)
        refused = asyncio.ensure_future(here_status(here))  # noqa: TID251
        await until(lambda: here.reads("Nothing was saved; please try again."), 12, "the failure")
        assert await refused == (503, "5")
        assert (await get(here, "/readyz"))[0] == 503
        await here.pause(max(0.0, 9 - (SystemClock().monotonic() - began)))
    again = (await here.alert("Hung", shard="2"))["items"][0]["decision"]
    assert again in ("attach", "repeat"), (
        "the sender sends it again; what was being committed just then may be stored already"
    )
    await ana.command("/tocsin note it works again", here.room.id)
    await until(lambda: here.reads("it works again"), 10, "the note")
    notes = here.database.rows("SELECT COUNT(*) FROM event WHERE kind = 'noted'")
    assert notes == [(1,)], "what was said to be lost is lost"
    await until(lambda: here.reads("I could not write to my database"), 15, "the word in the channel")
    ((away,),) = here.database.rows(
        "SELECT occurred_at - (data ->> 'began_at') FROM event WHERE kind = 'database_away'"
    )
    assert away > 8 * SECOND, "from when the first one who was refused began to wait"


async def here_status(here: Scene) -> tuple[int, str]:
    """Status and Retry-After that an alert sender gets."""
    one = alerts.alert("Hung", "firing", SystemClock().now(), here.began, {"shard": "2"})
    body = alerts.request([one], "{}:{Hung}")
    url = f"http://127.0.0.1:{here.bot.port}/alerts/alertmanager"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
        return answer.status, answer.headers["Retry-After"]
