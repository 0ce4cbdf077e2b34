"""Who counts, and in which period."""

import pytest

from bot.domain.terms import Kind, Status
from bot.metrics.population import Period, counts, ended, found, still_open
from tests.bot.domain.log import minute
from tests.bot.metrics.made import made, whole

DAY = Period(minute(0), minute(100))


@pytest.mark.parametrize("kind", list(Kind))
def test_only_real_ones_count(kind: Kind) -> None:
    assert counts(made(kind=kind)) == (kind is Kind.REAL)


@pytest.mark.parametrize("status", list(Status))
def test_what_was_no_incident_does_not_count(status: Status) -> None:
    out = {Status.DECLINED, Status.CANCELLED, Status.MERGED, Status.FALSE_POSITIVE}
    assert counts(whole(status=status)) == (status not in out)


def test_a_period_includes_its_start_and_not_its_end() -> None:
    assert [DAY.holds(at) for at in (minute(-1), minute(0), minute(99), minute(100), None)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_durations_go_by_the_end_and_counts_by_the_detection() -> None:
    late = whole(2, begin=90)
    assert [f.number for f in ended([whole(1), late], DAY)] == [1]
    assert [f.number for f in found([whole(1), late], DAY)] == [1, 2]


def test_an_open_incident_is_in_no_duration() -> None:
    waiting = whole(1, status=Status.MONITORING)
    assert ended([waiting], DAY) == []
    assert still_open([waiting, whole(2)], DAY) == [waiting]
