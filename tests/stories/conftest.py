"""A story: `story` has begun; `unbegun` waits for the test to change its config and to start it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import telemetry
from bot.slack.manifest import manifest
from bot.workspace import Person, Workspace
from tests.fakes import FakeClock, FakeIds
from tests.postgres import DATABASES, Fresh, database_url, postgres, templates
from tests.stories.machine import Machine
from tests.stories.story import CONFIG, Story

__all__ = ["database_url", "postgres", "templates"]

PEOPLE = (
    Person("U0ANA", "ana", "Ana Silva", tz="Europe/Lisbon"),
    Person("U0BEN", "ben", "Ben Okafor", tz="Europe/London"),
    Person("U0LI", "li", "Li Wei", tz="Asia/Shanghai"),
    Person("U0MIA", "mia", "Mia Novak"),
    Person("U0STRANGER", "stranger", "Sam of Another Company", stranger=True),
    Person("U0GONE", "gone", "Gone Girl"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make check` takes the first story of each file; all others are slow."""
    begun: set[Path] = set()
    for item in items:
        if item.path.parent == CONFIG.parent and item.get_closest_marker("slow") is None:
            if item.path in begun:
                item.add_marker(pytest.mark.slow)
            begun.add(item.path)


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    made = Machine()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(params=DATABASES)
def new_database(request: pytest.FixtureRequest) -> Fresh:
    """Makes the databases that the stories run on, of each sort."""
    return Fresh(request.param, request)


@pytest.fixture
def way() -> str:
    """How Slack delivers: by a `socket`, or over `http` where a test asks for it."""
    return "socket"


@pytest.fixture
async def unbegun(tmp_path: Path, machine: Machine, new_database: Fresh, way: str) -> AsyncIterator[Story]:
    async with opened(tmp_path, machine, new_database) as story:
        story.over_http = way == "http"
        yield story


@asynccontextmanager
async def opened(folder: Path, machine: Machine, new_database: Fresh) -> AsyncIterator[Story]:
    """A story in a folder and on a database of its own, not yet begun."""
    telemetry.configure("console", "error")
    write_config(folder, machine.host)
    clock = FakeClock(patience=10.0)
    async with Workspace(manifest(), PEOPLE, clock, FakeIds()) as workspace:
        workspace.add_channel("general", *(person.id for person in PEOPLE))
        story = Story(folder, new_database(folder), workspace, machine, clock)
        yield story
        await story.stop()


@pytest.fixture
async def story(unbegun: Story) -> Story:
    await unbegun.start()
    return unbegun


def write_config(folder: Path, host: str) -> None:
    """The stories' config folder, with the places of this run filled in."""
    for source in CONFIG.rglob("*.*"):
        target = folder / "config" / source.relative_to(CONFIG)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text().replace("@HOST@", host).replace("@PROGRAMS@", str(folder / "programs")))
