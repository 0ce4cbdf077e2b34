"""The program in storms of our own: any await and commit may fail or be its last. See simulator/run.py."""

import asyncio
import os
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import SystemClock
from bot.workspace.machine import Background
from tests.faults.simulator.life import Life
from tests.faults.simulator.run import run
from tests.faults.simulator.slack import Door
from tests.faults.simulator.weather import Chance, Weather

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # the dead finish nothing

SLACK = "500, 500 after it, refused, hang, hang after it, connection lost after it, 429, slow"
DELIVERY = "late, twice, lost, unheard"
STORE = "connection lost, not committed, commit unheard"
ENDS = "dies: slack, stands still: slack"
OFTEN = {each for group in (SLACK, DELIVERY, STORE, ENDS) for each in group.split(", ")}
MACHINE = "not sent, no answer, cut off, slow machine, dies: machine, stands still: machine"
INSIDE = "dies: commit, dies: statement, dies: transaction, dies: time, stands still: transaction, stands still: time"
SELDOM = {"late call", "late post", *MACHINE.split(", "), *INSIDE.split(", ")}
SEEDS, TOGETHER = range(1, 41), 20
"""Of every whole test."""
MOST = 300
"""Further runs in which all that is seldom must have been met: it usually takes some sixty."""
MANY = round(1_000 * float(os.environ.get("SOAK", "1")))
"""Runs of the soak; SOAK=10 makes 10,000 of it."""


def failed(seeds: Iterable[int], met: set[str] | None = None) -> str:
    """The first run that fails, with all that happened in it and the command that repeats it; "" if none does. met: gets the
    names of the troubles and of the ends."""
    for report in map(run, seeds):
        if report.violations:
            return str(report)
        if met is not None:
            met.update(report.trouble, report.ends)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("first", SEEDS[::TOGETHER])
def test_it_holds_in_a_storm(first: int) -> None:
    """A simulator in which a trouble has ceased to happen proves nothing any more."""
    met: set[str] = set()
    assert failed(range(first, first + TOGETHER), met) == ""
    assert OFTEN - met == set()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_holds_when_what_is_seldom_happens() -> None:
    """So many more runs as it takes."""
    met: set[str] = set()
    for seed in range(SEEDS.stop, SEEDS.stop + MOST):
        assert failed([seed], met) == ""
        if met >= SELDOM:
            return
    assert SELDOM - met == set()


@pytest.mark.soak
@pytest.mark.parametrize("first", range(100_000, 100_000 + MANY, 100))
@pytest.mark.timeout(600)
def test_it_holds_in_many_storms(first: int) -> None:
    assert failed(range(first, first + 100)) == ""


async def test_each_answer_belongs_to_what_was_typed() -> None:
    """Two notes of one person at the same moment: what is said of one says nothing of the other."""

    async def edge(request: AsyncBoltRequest, following: object) -> BoltResponse:
        text = str(request.body["text"])
        if text == "note two":  # it comes later, and fails
            await asyncio.sleep(0.01)  # noqa: TID251
        said = "It is on the timeline." if text == "note one" else "The database does not answer."
        return BoltResponse(status=200, body={"text": said})

    door = Door(Weather(Chance(1)), SystemClock(), Background())
    door.life, door.edge = Life(1, print), SimpleNamespace(door=edge)
    typed = ("note one", "note two")
    await asyncio.gather(*[door.send("slash_commands", {"text": text}, 1, "") for text in typed])
    assert door.told == {"note one": "It is on the timeline.", "note two": "The database does not answer."}


@pytest.mark.slow
def test_a_seed_is_one_run() -> None:
    """What failed once can be looked at."""
    first, second = run(7), run(7)
    assert (first.trace, first.trouble) == (second.trace, second.trouble)
    assert first.lives > 1 or first.trouble
