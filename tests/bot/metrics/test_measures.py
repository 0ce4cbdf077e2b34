"""Lengths of time: anchors, what is missing, what is out of order, bounds, outages."""

from dataclasses import replace

import pytest

from bot.domain.facts import Facts
from bot.domain.state import Interval
from bot.domain.terms import MINUTE, Milestone
from bot.metrics.catalogue import BACK, FOUND, KNOWN, MITIGATED, NOTICED, TOGETHER
from bot.metrics.measures import MISSING, ORDER_VIOLATION, Duration
from tests.bot.domain.log import minute
from tests.bot.metrics.made import corrected, made

TABLE = [
    (FOUND, made(started=0, detected=2), 2, "", ""),
    (FOUND, made(started=2, detected=2), 0, "", ""),
    (FOUND, made(started_derived=0, first_signal=0, detected=2), None, MISSING, ""),
    (FOUND, made(detected=2), None, MISSING, ""),
    (FOUND, made(started=3, detected=2), None, ORDER_VIOLATION, ""),
    (NOTICED, made(started_derived=0, first_signal=0, detected=2), 2, "", ""),
    (MITIGATED, made(started_derived=0, mitigated=9), 9, "", "at_least"),
    (BACK, made(started_derived=0, recovered=9), 9, "", "at_least"),
    (BACK, made(started=0, recovered_derived=9), 9, "", "at_most"),
    (BACK, made(started_derived=0, recovered_derived=9), 9, "", "about"),
    (KNOWN, made(detected=5, diagnosed=4), None, ORDER_VIOLATION, ""),
    (KNOWN, made(), None, MISSING, ""),
]


@pytest.mark.parametrize(("metric", "facts", "minutes", "lack", "bound"), TABLE)
def test_a_length(metric: Duration, facts: Facts, minutes: int | None, lack: str, bound: str) -> None:
    found = metric.of(facts)
    assert found.micros == (None if minutes is None else minutes * MINUTE)
    assert (found.lack, found.bound) == (lack, bound)


def test_what_is_missing_is_named() -> None:
    assert KNOWN.of(made()).which == (Milestone.DETECTED, Milestone.DIAGNOSED)
    assert KNOWN.of(made(detected=1)).which == (Milestone.DIAGNOSED,)


def test_a_correction_shows() -> None:
    facts = made(detected=1, diagnosed=5)
    assert not KNOWN.of(facts).edited
    assert KNOWN.of(corrected(facts, Milestone.DIAGNOSED)).edited


OUTAGES = [
    ((), 10),
    ((Interval("", minute(2), minute(5)),), 7),
    ((Interval("", minute(-5), minute(5)),), 5),
    ((Interval("", minute(8)),), 8),
    ((Interval("", minute(20), minute(30)),), 10),
    ((Interval("", minute(1), minute(2)), Interval("", minute(9), minute(12))), 8),
    ((Interval("unreachable", minute(2), minute(6)), Interval("database_away", minute(4), minute(5))), 6),
    ((Interval("unreachable", minute(2), minute(6)), Interval("stopped", minute(4), minute(8))), 4),
    ((Interval("stopped", minute(4), minute(8)), Interval("unreachable", minute(2), minute(6))), 4),
]


@pytest.mark.parametrize(("outages", "net"), OUTAGES)
def test_coordination_is_net_of_the_times_in_which_nobody_could_be_reached(
    outages: tuple[Interval, ...], net: int
) -> None:
    facts = replace(made(declared=0, quorum=10), outages=outages)
    assert TOGETHER.of(facts).net == net * MINUTE
    assert TOGETHER.of(facts).micros == 10 * MINUTE
    assert MITIGATED.of(replace(made(started=0, mitigated=10), outages=outages)).net is None
