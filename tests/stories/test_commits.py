"""The program dies at every commit of the main story and begins again: it ends the same, with one channel and one restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.dying import DiesAfter
from tests.postgres import Fresh
from tests.stories.conftest import opened
from tests.stories.machine import Machine
from tests.stories.mortal import play, signature, unmarked_repeats
from tests.stories.story import Story

NEVER = 10**9
MANY = 4
"""Deaths in one run of the second test."""
PARTS = 12
"""Into how many tests the commits are dealt out, so that processes can share them."""
STEP = {"sqlite": 1, "postgresql": 8}
"""Every how many commits it dies in the whole test: on PostgreSQL all takes longer, and what the engine writes are commits, too."""


@asynccontextmanager
async def fresh(folder: Path, machine: Machine, new_database: Fresh) -> AsyncIterator[Story]:
    machine.healthy = False
    machine.restarts.clear()
    async with opened(folder, machine, new_database) as story:
        yield story


@cache
def known() -> dict[str, tuple[int, dict[str, object]]]:
    """Database → what `whole` found there; filled when first wanted."""
    return {}


async def whole(folder: Path, machine: Machine, new_database: Fresh) -> tuple[int, dict[str, object]]:
    """How many commits the story has, and how it ends when nothing happens."""
    if new_database.sort not in known():
        known()[new_database.sort] = await _played(folder, machine, new_database)
    return known()[new_database.sort]


async def _played(folder: Path, machine: Machine, new_database: Fresh) -> tuple[int, dict[str, object]]:
    watch = DiesAfter(NEVER)
    async with fresh(folder, machine, new_database) as story:
        await play(story, watch)
        expected = await signature(story)
    assert machine.restarts == ["gw-1"]
    assert expected["open"] == []
    return watch.done, expected


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_crash_at_every_commit_ends_the_same(
    part: int, tmp_path: Path, machine: Machine, new_database: Fresh
) -> None:
    """On PostgreSQL at every eighth; all of them in the soak."""
    step = STEP[new_database.sort]
    await dies(tmp_path, machine, new_database, 1 + part * step, PARTS * step)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_crash_at_every_commit_on_postgresql(
    part: int, tmp_path: Path, machine: Machine, new_database: Fresh
) -> None:
    await dies(tmp_path, machine, new_database, 1 + part, PARTS)


async def dies(folder: Path, machine: Machine, new_database: Fresh, first: int, step: int) -> None:
    """It dies at the commit `first`, and at each `step`th after it."""
    commits, expected = await whole(folder / "whole", machine, new_database)
    wrong: list[str] = []
    for commit in range(first, commits + 1, step):
        async with fresh(folder / str(commit), machine, new_database) as story:
            await play(story, DiesAfter(commit))
            wrong += [f"commit {commit}: {what}" for what in await differs(story, expected)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.timeout(60)
async def test_several_crashes_in_one_story(tmp_path: Path, machine: Machine, new_database: Fresh) -> None:
    """Each life ends a fifth further on: a crash may hit what an earlier one left behind."""
    commits, expected = await whole(tmp_path / "whole", machine, new_database)
    async with fresh(tmp_path / "many", machine, new_database) as story:
        await play(story, *[DiesAfter(commits // (MANY + 1)) for _ in range(MANY)])
        assert await differs(story, expected) == []


async def differs(story: Story, expected: dict[str, object]) -> list[str]:
    found = await signature(story)
    wrong = [f"{name}: {found[name]} instead of {value}" for name, value in expected.items() if found[name] != value]
    wrong += [f"twice: {name}" for name in unmarked_repeats(story)]
    return wrong if story.machine.restarts == ["gw-1"] else [*wrong, f"restarts: {story.machine.restarts}"]
