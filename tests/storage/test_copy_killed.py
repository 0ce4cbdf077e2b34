"""A copying process is killed for real."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from bot.clock import SystemClock
from bot.domain.events import Noted
from bot.errors import StartError
from storage.condition import condition
from storage.copy import copy
from storage.opening import open_store
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import open_incident
from tests.storage.places import Place, file_of, place, read_all

__all__ = ["place"]
SIZE = 30


async def _half_way(target: str) -> bool:
    """The target is marked and holds something."""
    if target.startswith("sqlite") and not file_of(target).exists():
        return False
    try:
        found = await condition(target)
    except StartError as error:
        return "did not end" in str(error) and bool(read_all(target)["event"])
    assert not found.schema, "the copy was over before it could be killed"
    return False


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["sqlite", "postgresql"])
async def test_a_killed_copy_is_not_taken_for_a_whole_one(place: Place, sort: str) -> None:
    source, target = place("sqlite", "source"), place(sort, "target")
    store = await open_store(source, FakeClock(), FakeIds())
    for _ in range(SIZE):
        await open_incident(store, *(Noted("word " * 20) for _ in range(SIZE * 5)))
    await store.close()
    command = [sys.executable, "-m", "bot", "db", "copy", source, target]
    folder = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=folder, env={**os.environ}, stdout=subprocess.DEVNULL) as copying:  # noqa: ASYNC220
        began = perf_counter()
        while not await _half_way(target):
            assert perf_counter() - began < 60
            assert copying.poll() is None
            await SystemClock().sleep(0.02)
        copying.kill()
    with pytest.raises(StartError, match="did not end"):
        await open_store(target, FakeClock(), FakeIds())
    await copy(source, target, SystemClock(), FakeIds())
    assert read_all(target) == read_all(source)
