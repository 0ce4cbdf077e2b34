"""The program in storms of our own: every await and commit may fail or be its last. See simulator/run.py."""

import os

import pytest

from tests.faults.simulator.run import run

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # the dead finish nothing

SEEDS, TOGETHER = range(1, 61), 20
"""Of every whole test."""
MANY = round(1_000 * float(os.environ.get("SOAK", "1")))
"""Runs of the soak; SOAK=10 makes 10,000 of it."""


def failed(seeds: range) -> str:
    """The first run that fails, with all that happened in it and the command that repeats it; "" if none does."""
    return next((str(report) for report in map(run, seeds) if report.violations), "")


@pytest.mark.slow
@pytest.mark.parametrize("first", SEEDS[::TOGETHER])
def test_it_holds_in_a_storm(first: int) -> None:
    assert failed(range(first, first + TOGETHER)) == ""


@pytest.mark.soak
@pytest.mark.parametrize("first", range(100_000, 100_000 + MANY, 100))
@pytest.mark.timeout(600)
def test_it_holds_in_many_storms(first: int) -> None:
    assert failed(range(first, first + 100)) == ""


@pytest.mark.slow
def test_a_seed_is_one_run() -> None:
    """What failed once can be looked at."""
    first, second = run(7), run(7)
    assert (first.trace, first.trouble) == (second.trace, second.trouble)
    assert first.lives > 1 or first.trouble
