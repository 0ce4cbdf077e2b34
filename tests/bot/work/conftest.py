"""The worker's contract, on both databases and with each engine."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.work.effects import KINDS, Policy, into
from bot.work.embedded import Embedded
from tests.bot.work.replicas import lone_replica
from tests.bot.work.world import MakeEngine, World
from tests.postgres import Fresh, database_url, postgres, templates

__all__ = ["database_url", "postgres", "templates"]


@pytest.fixture
def engine(database_url: str) -> MakeEngine:
    """How the engine of each database is made; both have to keep the whole contract."""
    return Embedded if database_url.startswith("sqlite") else lone_replica


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind without limits, a kind of three tries, a kind with two limits."""
    monkeypatch.setitem(KINDS, "plain", Policy("idempotent", "record", lambda effect: ()))
    both = Policy("idempotent", "record", lambda effect: ("chat.update", into(effect)))
    monkeypatch.setitem(KINDS, "both", both)
    monkeypatch.setitem(KINDS, "thrice", Policy("idempotent", "record", lambda effect: (), attempts=3))


@pytest.fixture
async def world(database_url: str, engine: MakeEngine, _plain: None) -> AsyncIterator[World]:
    made = await World(database_url, engine).open()
    yield made
    await made.close()


@pytest.fixture
def copy_of(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes another empty database of the same sort; its URL."""
    numbers = iter(range(1000))
    made = Fresh(database_url.partition(":")[0], request)

    def copied() -> str:
        folder = tmp_path / f"copy{next(numbers)}"
        folder.mkdir()
        return made(folder)

    return copied
