"""Real processes on one server: one is killed, one is stopped and wakes up again. (In process.py: what each runs.)"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.clock import KeptTasks, RandomIds, SystemClock
from bot.ports import Effect
from bot.work.postgres import Replica
from bot.work.worker import Worker
from storage.bounded import connect
from storage.opening import open_store
from tests.bot.work.replicas import ask, jobs
from tests.bot.work.world import effect

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]
TAKE_OVER = 15.0
"""Seconds within which the lanes of who died go on elsewhere: as promised. About 12 are needed; without heartbeats, a minute."""


class Processes:
    """Replicas on a database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = SystemClock()
        self._all: list[subprocess.Popen[bytes]] = []

    async def start(self, seconds: float) -> subprocess.Popen[bytes]:
        """One more, at work."""
        known = len(await self._workers())
        self._all.append(_begun(self.url, seconds))
        await self.until(lambda: self._workers(), lambda rows: len(rows) > known)
        return self._all[-1]

    async def put(self, *effects: Effect) -> None:
        ids, tasks = RandomIds(), KeptTasks()
        store = await open_store(self.url, self.clock, ids)
        worker = Worker(store, self.clock, ids, tasks, {}, {})
        store.engine = Replica(store, self.clock, ids, tasks, worker)  # which only wakes
        async with store.begin() as tx:
            await tx.enqueue(effects)
        await store.close()

    async def calls(self) -> list[dict[str, Any]]:
        return await ask(self.url, "SELECT * FROM called ORDER BY at")

    async def ended(self) -> list[dict[str, Any]]:
        return await ask(self.url, "SELECT * FROM effect WHERE status NOT IN ('planned', 'started') ORDER BY key")

    async def until(self, question: Callable[[], Any], enough: Callable[[Any], bool], seconds: float = 60.0) -> Any:
        for _ in range(round(seconds / 0.05)):
            if enough(rows := await question()):
                return rows
            await asyncio.sleep(0.05)  # noqa: TID251
        raise AssertionError(rows)

    def end(self) -> None:
        for process in self._all:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._all:
            process.wait(20)

    async def _workers(self) -> list[dict[str, Any]]:
        return await ask(self.url, "SELECT id FROM procrastinate_workers")


def _begun(url: str, seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.bot.work.process", url, str(seconds)])


@pytest.fixture
async def processes(database_url: str) -> AsyncIterator[Processes]:
    async with await connect(database_url) as connection:
        await connection.execute("CREATE TABLE called (pid int, key text, again boolean, at bigint)")
    made = Processes(database_url)
    yield made
    made.end()


def work(lanes: int) -> list[Effect]:
    """In each lane a message and, after it, a step."""
    posts = [effect(f"post{n}", lane=f"lane{n}") for n in range(lanes)]
    return posts + [effect(f"step{n}", "action.start", lane=f"lane{n}") for n in range(lanes)]


async def test_who_is_killed_is_taken_over(processes: Processes) -> None:
    first = await processes.start(3.0)
    await processes.start(3.0)
    await processes.put(*work(12))
    await processes.until(processes.calls, lambda rows: len(rows) == 12)
    first.kill()
    killed = processes.clock.now()
    rows = await processes.until(processes.ended, lambda rows: len(rows) == 24)
    calls = await processes.calls()
    repeats = [call for call in calls if call["again"]]
    lost = {call["key"] for call in calls if call["pid"] == first.pid}
    assert {call["key"] for call in repeats} == lost
    assert repeats
    assert (repeats[-1]["at"] - killed) / 1e6 < TAKE_OVER
    assert all(row["again"] == (row["key"] in lost) for row in rows)
    assert {row["status"] for row in rows} == {"done"}


async def test_who_was_stopped_and_wakes_up_changes_nothing(processes: Processes) -> None:
    first = await processes.start(2.0)
    await processes.start(2.0)
    await processes.put(*work(8))
    await processes.until(processes.calls, lambda rows: len(rows) == 8)
    first.send_signal(signal.SIGSTOP)
    await processes.until(processes.ended, lambda rows: len(rows) == 16)
    before = await processes.calls()
    first.send_signal(signal.SIGCONT)
    await asyncio.sleep(3)  # noqa: TID251
    assert await processes.calls() == before
    assert {row["status"] for row in await processes.ended()} == {"done"}
    assert {status for _, status in await jobs(processes.url)} <= {"failed"}
    await processes.put(effect("one more", lane="lane0"))
    await processes.until(processes.ended, lambda rows: len(rows) == 17)
