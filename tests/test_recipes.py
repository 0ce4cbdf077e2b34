"""The four recipes of CONTRIBUTING.md: each example, copied into a folder as a contributor would, is found there and works."""

import importlib
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

import commands
import integrations
import integrations.alerts
from bot.clock import KeptTasks, RandomIds, SystemClock
from bot.domain.alert import AlertStatus
from bot.domain.organisation import Organisation
from bot.domain.terms import Severity, Source
from bot.errors import BadInput
from bot.flows.desk import Desk
from bot.http import GuardedHttp
from bot.ports import Executor, Order, Progress
from bot.secrets import Masker
from bot.text import PlainShow, render
from commands import Ask, registry
from runbooks import catalogue, executors
from runbooks.directory import Directory
from runbooks.match import choose
from storage.opening import open_store
from tests.fakes import NINE, FakeClock, FakeIds

GUIDE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", GUIDE, re.DOTALL))


@contextmanager
def copied(recipe: str, package: ModuleType, folder: Path) -> Iterator[None]:
    """The recipe's file, in a folder that is searched like the package's own."""
    (folder / Path(recipe).name).write_text(RECIPES[recipe], encoding="utf-8")
    package.__path__.append(str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        package.__path__.remove(str(folder))
        sys.modules.pop(f"{package.__name__}.{Path(recipe).stem}", None)


def test_there_are_four() -> None:
    assert [Path(recipe).parts[0] for recipe in RECIPES] == ["commands", "integrations", "runbooks", "plans"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock, ids = FakeClock(), FakeIds()
    store = await open_store(f"sqlite:///{tmp_path / 'tocsin.db'}", clock, ids)
    organisation = Organisation(bridge="https://meet.example/bridge")
    yield Desk(store, clock, ids, organisation, catalogue.Catalogue(), {}, "runner")
    await store.close()


async def test_the_verb_is_found_and_answers(desk: Desk, tmp_path: Path) -> None:
    with copied("commands/bridge.py", commands, tmp_path):
        verb = registry.load()["bridge"]
        reply = await registry.perform(desk, Ask("input", "U1", Source.BOT_COMMAND, NINE), verb, verb.parse(""))
    assert "meet.example/bridge" in render(reply.lines[0], PlainShow())
    assert "bridge" not in registry.load()


def test_the_source_is_found_and_reads(tmp_path: Path) -> None:
    with copied("integrations/alerts/doorbell.py", integrations.alerts, tmp_path):
        source = integrations.alert_sources()["doorbell"]
    [alert] = source.parse(b'{"door": "shop", "state": "down", "since": "2026-01-01T00:00:00Z"}', {}, NINE)
    assert (alert.status, alert.service, alert.starts_at) == (AlertStatus.FIRING, "shop", 1_767_225_600_000_000)
    with pytest.raises(BadInput):
        source.parse(b"[]", {}, NINE)
    with pytest.raises(BadInput):
        source.parse(b"{}", {}, NINE)


async def test_the_executor_is_found_and_runs_once(tmp_path: Path) -> None:
    tasks = KeptTasks()
    tools = executors.Tools(Directory(tmp_path / "runner", RandomIds(), Masker()), GuardedHttp(), tasks, Masker())
    with copied("runbooks/executors/hold_off.py", executors, tmp_path):
        assert executors.keys()["hold_off"] == {"seconds": True}
        wait = executors.load(tools)["hold_off"]
    order = Order("attempt-1", "hold_off", {"seconds": 0.05}, timeout=5)
    assert (await wait.poll(order)).state == "never_started"
    await wait.start(order)
    await wait.start(order)
    assert (await wait.poll(order)).state == "running"
    assert (await ended(wait, order)).ok
    await tasks.stop()
    assert tasks.failures == []


async def ended(executor: Executor, order: Order) -> Progress:
    while (progress := await executor.poll(order)).state == "running":
        await SystemClock().sleep(0.01)
    return progress


async def test_the_executor_can_be_stopped(tmp_path: Path) -> None:
    tasks = KeptTasks()
    tools = executors.Tools(Directory(tmp_path / "runner", RandomIds(), Masker()), GuardedHttp(), tasks, Masker())
    with copied("runbooks/executors/hold_off.py", executors, tmp_path):
        wait = executors.load(tools)["hold_off"]
    order = Order("attempt-1", "hold_off", {"seconds": 60}, timeout=60)
    await wait.start(order)
    await wait.stop(order)
    assert (await ended(wait, order)).outcome == "stopped"
    await tasks.stop()


def test_an_executor_more_changes_nothing_in_plans(tmp_path: Path) -> None:
    with copied("runbooks/executors/hold_off.py", executors, tmp_path):
        assert catalogue.load(None, executors.keys(), today="2026-11-22").problems == ()


def test_the_plan_is_found_without_a_problem_and_matches(tmp_path: Path) -> None:
    (tmp_path / "full-disk.md").write_text(RECIPES["plans/full-disk.md"], encoding="utf-8")
    plans = catalogue.load(tmp_path, executors.keys(), today="2026-11-22")
    assert plans.problems == ()
    choice = choose(plans.plans, [{"alertname": "DiskFull"}], Severity.SEV3)
    assert choice.plan is not None
    assert choice.plan.id == "full-disk"
