"""A copying process is killed for real."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.events import Noted
from bot.errors import StartError
from storage.copy import copy
from storage.opening import open_store
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import open_incident
from tests.storage.places import Place, place, read_all

__all__ = ["place"]

STANDS_STILL = """
import asyncio, sys
from bot.clock import RandomIds, SystemClock
from storage.copy import copy

def told(table, rows):
    if table == "event":
        print(rows, flush=True)
        sys.stdin.read()

asyncio.run(copy(sys.argv[1], sys.argv[2], SystemClock(), RandomIds(), told, page=10))
"""
"""Copies until the first events are committed, says so, and stands there."""


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["sqlite", "postgresql"])
async def test_a_killed_copy_is_not_taken_for_a_whole_one(place: Place, sort: str) -> None:
    source, target = place("sqlite", "source"), place(sort, "target")
    store = await open_store(source, FakeClock(), FakeIds())
    for _ in range(5):
        await open_incident(store, *(Noted("word " * 20) for _ in range(20)))
    await store.close()
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", STANDS_STILL, source, target],
        cwd=Path(__file__).parents[2],
        env={**os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as copying:
        assert copying.stdout
        assert copying.stdout.readline() == b"10\n"
        copying.kill()
    assert len(read_all(target)["event"]) == 10
    with pytest.raises(StartError, match="did not end"):
        await open_store(target, FakeClock(), FakeIds())
    await copy(source, target, SystemClock(), FakeIds())
    assert read_all(target) == read_all(source)
