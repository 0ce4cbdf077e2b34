"""The program in a process of its own, and everything of the stories."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import RandomIds, SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Workspace
from tests.faults.serving import Serving
from tests.stories.conftest import PEOPLE, machine, postgres, story, templates, unbegun, way, write_config
from tests.stories.machine import Machine

__all__ = ["machine", "postgres", "story", "templates", "unbegun", "way"]


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """Slack, by the machine's own clock."""
    async with Workspace(manifest(), PEOPLE, SystemClock(), RandomIds()) as made:
        yield made


@pytest.fixture
async def serving(tmp_path: Path, machine: Machine, workspace: Workspace) -> AsyncIterator[Serving]:
    """`tocsin serve` with the stories' config and the workspace; not begun yet."""
    write_config(tmp_path, machine.host)
    program = Serving(tmp_path, workspace)
    yield program
    await program.kill()


@pytest.fixture
async def deaf(tmp_path: Path, machine: Machine) -> AsyncIterator[Serving]:
    """The same, with Slack away."""
    write_config(tmp_path, machine.host)
    program = Serving(tmp_path)
    yield program
    await program.kill()
