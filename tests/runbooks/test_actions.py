"""The handlers of `action.*`: every row of the crash matrix, with an executor that is told what to find."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.events import ActionEnded, ActionVerified
from bot.domain.terms import Micros
from bot.ports import AttemptRow, Call, Done, Effect, Executor, Order, Outcome, Progress, Retry, Store, Unknown
from runbooks import papers, shim
from runbooks.actions import LATEST, SOONEST, handlers
from runbooks.directory import Directory
from tests.fakes import NINE, FakeClock
from tests.runbooks.ground import open_directory

VERIFY = {"executor": "fake", "spec": {"check": True}, "timeout": 5, "attempts": 3, "wait": 10}


class Rows:
    """A store that knows attempts only, and when another runner was seen last."""

    def __init__(self, *rows: AttemptRow, seen: Micros | None = None) -> None:
        self._seen = seen
        self._rows = {row.id: row for row in rows}

    async def runner_seen(self, runner: str) -> Micros | None:
        return self._seen

    @asynccontextmanager
    async def read(self) -> AsyncIterator["Rows"]:
        yield self

    async def attempt(self, attempt: str) -> AttemptRow | None:
        return self._rows.get(attempt)


class Told(Executor):
    """Finds what it is told; begins by claiming, as every executor does."""

    name = "fake"
    TRIED = "documented"

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.told: dict[str, list[Progress]] = {}
        self.started: list[str] = []
        self.orders: dict[str, Order] = {}
        self.refuses = ""

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {}

    async def start(self, order: Order) -> None:
        if self._directory.claimed(order.attempt):
            return
        if self.refuses:
            self._directory.take(order.attempt)
            raise PermissionError(self.refuses)
        assert self._directory.claim(order.attempt)
        self.started.append(order.attempt)
        self.orders[order.attempt] = order

    async def poll(self, order: Order) -> Progress:
        told = self.told.get(order.attempt)
        if not told:
            return self._directory.progress(order.attempt)
        return told.pop(0) if len(told) > 1 else told[0]

    async def stop(self, order: Order) -> None:
        if not self._directory.take(order.attempt):
            self._directory.ask_stop(order.attempt)


class Ground:
    def __init__(self, root: Path) -> None:
        self.directory = open_directory(root)
        self.executor = Told(self.directory)
        self.clock = FakeClock()
        self.silent: Micros | None = None  # for how long another runner has been

    async def call(
        self, kind: str, again: bool = False, runner: str = "", verify: Any = None, waited: int = 0
    ) -> Outcome:
        order = {"executor": "fake", "spec": {"x": 1}, "timeout": 5, "limits": {"l": 2}, "verify": verify}
        row = AttemptRow("a1", "inc:1", runner or self.directory.id, "started", order)
        seen = None if self.silent is None else self.clock.now() - self.silent
        made = handlers(cast(Store, Rows(row, seen=seen)), {"fake": self.executor}, self.directory, self.clock)
        args = {"attempt": "a1", "at": self.clock.now() - waited, "check": "orders-fail"}
        effect = Effect("inc:1:start:a1", kind, "run:a1", "inc:1", args)
        return await made[kind](Call(effect, 1, again))

    def finds(self, *progress: Progress, attempt: str = "a1") -> None:
        self.executor.told[attempt] = list(progress)


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def ended(exit: int = 0, **rest: Any) -> Progress:
    return Progress("ended", "exited", exit, shim.now() - 7_000_000, "out", 3, exit == 0, **rest)


def payloads(outcome: Outcome) -> list[Any]:
    assert isinstance(outcome, Done | Unknown)
    return [draft.payload for draft in outcome.events]


async def test_start_begins_the_order_as_it_was_approved(ground: Ground) -> None:
    assert await ground.call("action.start") == Done()
    assert ground.executor.orders["a1"] == Order("a1", "fake", {"x": 1}, 5.0, {"l": 2})


async def test_what_the_runner_refuses_has_failed_and_says_why(ground: Ground) -> None:
    ground.executor.refuses = "belongs to somebody else"
    outcome = await ground.call("action.start")
    assert payloads(outcome) == [ActionEnded("a1", "failed", output="belongs to somebody else")]
    assert not ground.directory.claim("a1")


async def test_again_and_no_claim_was_never_started_and_never_will_be(ground: Ground) -> None:
    outcome = await ground.call("action.start", again=True)
    assert payloads(outcome) == [ActionEnded("a1", "never_started")]
    assert isinstance(outcome, Done)
    assert ground.executor.started == []
    assert not ground.directory.claim("a1")


@pytest.mark.parametrize(("waited", "begun"), [(10_000_000, ["a1"]), (10_000_001, [])])
async def test_what_was_decided_too_long_ago_is_decided_anew(ground: Ground, waited: int, begun: list[str]) -> None:
    """The bot was down between the yes and the start: the gates must be asked again, so this attempt never begins."""
    outcome = await ground.call("action.start", waited=waited)
    assert ground.executor.started == begun
    assert payloads(outcome) == ([] if begun else [ActionEnded("a1", "never_started")])


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("found", [Progress("running"), ended()])
async def test_what_runs_or_has_ended_is_left_to_the_poll(ground: Ground, found: Progress, again: bool) -> None:
    ground.directory.claim("a1")
    ground.finds(found)
    assert await ground.call("action.start", again=again) == Done()
    assert ground.executor.started == []


@pytest.mark.parametrize("kind", ["action.start", "action.poll"])
async def test_gone_without_a_check_is_unknown(ground: Ground, kind: str) -> None:
    ground.directory.claim("a1")
    ground.finds(Progress("gone", output="half", size=4))
    outcome = await ground.call(kind, again=True)
    assert isinstance(outcome, Unknown)
    assert payloads(outcome) == [ActionEnded("a1", "unknown", size=4, output="half")]


@pytest.mark.parametrize("kind", ["action.start", "action.poll"])
@pytest.mark.parametrize(("ok", "shape"), [(True, Done), (False, Unknown)])
async def test_gone_with_a_check_is_what_the_check_says(ground: Ground, kind: str, ok: bool, shape: type) -> None:
    ground.directory.claim("a1")
    ground.finds(Progress("gone"))
    ground.finds(Progress("running"), ended(0 if ok else 1), attempt="a1.check1")
    verify = {**VERIFY, "attempts": 1}
    waits = await ground.call(kind, verify=verify)
    assert isinstance(waits, Retry)
    assert not waits.counted
    outcome = await ground.call(kind, verify=verify)
    assert isinstance(outcome, shape)
    assert payloads(outcome) == [ActionEnded("a1", "unknown"), ActionVerified("a1", ok, 1, "out")]
    assert isinstance(outcome, Done | Unknown)
    first, then = outcome.events
    assert first.at == then.at is not None, "the timeline keeps their order"


async def test_poll_goes_on_while_it_runs_and_looks_less_often(ground: Ground) -> None:
    ground.directory.claim("a1")
    first = await ground.call("action.poll")
    assert first == Retry(SOONEST, counted=False)
    (ground.directory.folder("a1") / "claim").unlink()
    long_ago = {**papers.whoami(1), "at": shim.now() - 60_000_000}
    assert papers.link_claim(ground.directory.folder("a1"), long_ago)
    assert await ground.call("action.poll") == Retry(LATEST, counted=False)


async def test_poll_gives_the_end_with_its_true_time(ground: Ground) -> None:
    ground.finds(ended(3))
    outcome = await ground.call("action.poll")
    assert isinstance(outcome, Done)
    at = outcome.events[0].at
    assert at is not None
    assert 7_000_000 <= NINE - at < 8_000_000  # 7 s before now, by the bot's clock, which is not the machine's
    assert payloads(outcome) == [ActionEnded("a1", "exited", 3, ended_at=at, size=3, output="out")]


async def test_poll_of_what_never_began_makes_sure_of_it(ground: Ground) -> None:
    assert payloads(await ground.call("action.poll")) == [ActionEnded("a1", "never_started")]
    assert not ground.directory.claim("a1")


async def test_verify_tries_as_often_as_it_says_and_waits_between(ground: Ground) -> None:
    for n in range(1, 3):
        ground.finds(ended(1), attempt=f"a1.check{n}")
        assert await ground.call("action.verify", verify=VERIFY) == Retry(10.0, counted=False)
    ground.finds(ended(1), attempt="a1.check3")
    outcome = await ground.call("action.verify", verify=VERIFY)
    assert payloads(outcome) == [ActionVerified("a1", False, 3, "out")]
    assert ground.executor.started == ["a1.check1", "a1.check2", "a1.check3"]
    assert ground.executor.orders["a1.check3"] == Order("a1.check3", "fake", {"check": True}, 5.0, {"l": 2})


async def test_verify_ends_with_the_first_try_that_passes(ground: Ground) -> None:
    ground.finds(ended(1), attempt="a1.check1")
    ground.finds(ended(0), attempt="a1.check2")
    assert isinstance(await ground.call("action.verify", verify=VERIFY), Retry)
    assert payloads(await ground.call("action.verify", verify=VERIFY)) == [ActionVerified("a1", True, 2, "out")]


async def test_a_try_that_was_cut_off_is_a_try_that_failed(ground: Ground) -> None:
    ground.finds(Progress("gone"), attempt="a1.check1")
    assert await ground.call("action.verify", verify=VERIFY) == Retry(10.0, counted=False)


async def test_a_check_that_the_runner_refuses_has_failed(ground: Ground) -> None:
    ground.executor.refuses = "not allowed"
    outcome = await ground.call("action.verify", verify=VERIFY)
    assert payloads(outcome) == [ActionVerified("a1", False, 1, "not allowed")]


async def test_stop_asks_who_runs_it_and_takes_what_nobody_began(ground: Ground) -> None:
    ground.directory.claim("a1")
    assert await ground.call("action.stop") == Done()
    assert (ground.directory.folder("a1") / "stop").exists()


async def test_what_was_stopped_before_it_began_never_begins(ground: Ground) -> None:
    assert await ground.call("action.stop") == Done()
    assert payloads(await ground.call("action.start")) == [ActionEnded("a1", "never_started")]
    assert ground.executor.started == []


async def test_stop_waits_for_the_runner_that_has_it_and_for_no_dead_one(ground: Ground) -> None:
    ground.silent = 1_000_000
    assert await ground.call("action.stop", runner="another") == Retry(LATEST, counted=False)
    ground.silent = 61_000_000
    assert await ground.call("action.stop", runner="another") == Done()
