"""Numbers over a period."""

from dataclasses import replace

from bot.domain.facts import Facts
from bot.domain.state import Interval
from bot.domain.terms import MINUTE, Kind, Severity, Status
from bot.metrics import Period, Summary, over
from bot.metrics.incident import Targets
from tests.bot.domain.log import minute
from tests.bot.metrics.made import made, run, whole
from tests.bot.metrics.test_incident import say

MONTH = Period(minute(0), minute(100_000))


def numbers(incidents: list[Facts], period: Period = MONTH) -> dict[str, Summary]:
    return {summary.metric: summary for summary in over(incidents, period)}


def test_nothing_happened() -> None:
    empty = numbers([])
    assert empty["n.incidents"].n == 0
    length = empty["t.started__detected"]
    assert (length.value, length.coverage, say(length.missing)) == (None, None, "n = 0")
    assert empty["p.self_heal_success"].value is None


def test_a_median_with_its_interval() -> None:
    incidents = [replace(made(n, started=0, detected=n, resolved=100)) for n in range(1, 8)]
    found = numbers(incidents)["t.started__detected"]
    assert (found.n, found.value, found.most, found.p75) == (7, 4 * MINUTE, 7 * MINUTE, None)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (MINUTE, 7 * MINUTE)
    assert say(found.said) == "median 4 min, mean 4 min (n = 7, 95 % between 1 min and 7 min)"


def test_too_few_for_an_interval() -> None:
    assert say(numbers([whole()])["t.started__detected"].said) == (
        "median 2 min, mean 2 min (n = 1, too few to say how sure)"
    )


def test_coordination_is_shown_net_of_outages_beside() -> None:
    """Gross is the number; net stands beside it where an outage mattered. Other lengths have no net form."""
    away = replace(whole(1), outages=(Interval("unreachable", minute(3), minute(5)),))
    found = numbers([away, whole(2)])
    gross = found["t.declared__quorum"]
    assert (gross.value, gross.net) == (5 * MINUTE, 4 * MINUTE)
    assert say(gross.said) == "median 5 min, mean 5 min (n = 2, too few to say how sure); net of outages 4 min"
    assert found["t.started__recovered"].net is None
    assert numbers([whole(1)])["t.declared__quorum"].net is None


def test_too_few_have_their_times() -> None:
    incidents = [whole(1), made(2, detected=2, resolved=9), made(3, started=3, detected=2, resolved=9)]
    found = numbers(incidents)["t.started__detected"]
    assert (found.n, found.eligible, found.enough) == (1, 3, False)
    assert found.lacks == {"missing:started": 1, "order_violation": 1}
    assert found.said is None
    assert say(found.missing) == "insufficient timestamps: 1 of 3"


def test_a_share_with_what_is_not_known() -> None:
    people = replace(whole(2), found="people_no_monitoring")
    nobody = replace(whole(3), found="unknown")
    found = numbers([whole(1), people, nobody, *(whole(n) for n in range(4, 8))])["p.detected_by_monitoring"]
    assert (found.k, found.n, found.unknown) == (5, 6, 1)
    assert found.bounds is not None
    assert (found.bounds.low, found.bounds.high) == (5 / 7, 6 / 7)
    assert say(found.said).replace("\u00a0", " ") == "83 % (5 of 6), 95 % between 44 % and 97 %; 1 not known"


def test_open_incidents_are_counted_and_in_no_duration() -> None:
    found = numbers([whole(1, status=Status.MONITORING)])
    assert found["t.started__detected"].eligible == 0
    assert (found["n.open"].n, found["n.open"].oldest) == (1, minute(100_000) - minute(0))
    assert found["n.incidents"].n == 1
    assert say(found["n.open"].said) == "1, the oldest for 69 d 10 h"
    assert say(found["n.incidents"].said) == "1 (95 % interval 0.0 to 5.6)"


def test_drills_change_no_number() -> None:
    real = [whole(1), replace(whole(2), runs=(run(),))]
    drill = replace(made(3, Kind.DRILL, started=0, detected=9, resolved=50), runs=(run("failed"),))
    assert numbers([*real, drill]) == numbers(real)


def test_attainment_is_judged_by_each_severity() -> None:
    sev1 = replace(whole(2), severity=Severity.SEV1)
    targets: dict[Severity, Targets] = {
        Severity.SEV1: {"detect": MINUTE},
        Severity.SEV2: {"detect": 5 * MINUTE, "recover": None},
    }
    found = {s.metric: s for s in over([whole(1), sev1], MONTH, targets)}
    assert (found["t.started__detected"].kept, found["t.started__detected"].judged) == (1, 2)
    assert found["t.started__recovered"].judged == 0


def test_a_reopened_incident_counts_once() -> None:
    twice = replace(whole(1), reopened=(minute(50), minute(60)))
    found = numbers([twice, whole(2)])
    assert (found["p.reopened"].k, found["p.reopened"].n, found["n.incidents"].n) == (1, 2, 2)
    assert found["t.started__recovered"].n == 2
