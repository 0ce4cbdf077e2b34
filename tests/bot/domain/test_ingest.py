"""One table: what becomes of an alert, and why."""

import timeit
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.alert import Alert, AlertGroup, AlertStatus, Decision, KnownAlert
from bot.domain.events import StatusChanged
from bot.domain.ingest import Known, Window, decide
from bot.domain.organisation import Storm
from bot.domain.route import Do, Routed
from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros, Severity, Status
from tests.bot.domain.log import alerted, minute

FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED
ROUTED = Routed(Severity.SEV2, True, "orders", Do.OPEN, "orders-db down", "g1")
SEV1 = replace(ROUTED, severity=Severity.SEV1)
GROUP = AlertGroup(42, minute(0))
NOW = minute(60)
CALM = Window()


def alert(status: AlertStatus = FIRING, starts: float | None = 50, kind: Kind = Kind.REAL) -> Alert:
    at = None if starts is None else minute(starts)
    return Alert("alertmanager", "f1", status, at, group_key="g1", service="orders", kind=kind)


def before(status: AlertStatus = FIRING, starts: float = 50) -> KnownAlert:
    return KnownAlert(status, minute(starts), "g1")


def ended(status: Status = Status.RESOLVED, at: float = 40) -> Incident:
    log = alerted()
    log.now = minute(at)
    return log.add("UANA", StatusChanged(Status.INVESTIGATING, status))


OPEN = alerted().state
IN_GROUP = Known(None, GROUP, OPEN)


@dataclass
class Row:
    """One line of the table."""

    name: str
    alert: Alert
    known: Known
    decision: Decision
    reason: str
    incident: int | None = None
    fired: int = 0
    cleared: int = 0
    routed: Routed = field(default_factory=lambda: ROUTED)
    window: Window = CALM
    page: bool = False


D = Decision
FULL = Window(opened=5)
TABLE = [
    Row("first of its group", alert(), Known(), D.OPEN, "new_group", fired=1),
    Row("no start said", alert(starts=None), Known(), D.OPEN, "new_group", fired=1),
    Row("another of the group", alert(), IN_GROUP, D.ATTACH, "same_group", 42, 1),
    Row("worse than the incident", alert(), IN_GROUP, D.WORSE, "worse_severity", 42, 1, routed=SEV1),
    Row(
        "worse, but nobody said so",
        alert(),
        IN_GROUP,
        D.ATTACH,
        "same_group",
        42,
        1,
        routed=replace(SEV1, severity_given=False),
    ),
    Row("sent again", alert(), Known(before(), GROUP, OPEN), D.REPEAT, "again", 42),
    Row("no start, still firing", alert(starts=None), Known(before(), GROUP, OPEN), D.REPEAT, "again", 42),
    Row("an older episode", alert(starts=40), Known(before(), GROUP, OPEN), D.REPEAT, "older_episode", 42),
    Row("an older end", alert(RESOLVED, 40), Known(before(), GROUP, OPEN), D.REPEAT, "older_episode", 42),
    Row("clears", alert(RESOLVED), Known(before(), GROUP, OPEN), D.RESOLVE, "clears", 42, cleared=1),
    Row("clears, no start", alert(RESOLVED, None), Known(before(), GROUP, OPEN), D.RESOLVE, "clears", 42, cleared=1),
    Row("cleared again", alert(RESOLVED), Known(before(RESOLVED), GROUP, OPEN), D.REPEAT, "again", 42),
    Row("cleared again, no start", alert(RESOLVED, None), Known(before(RESOLVED), GROUP, OPEN), D.REPEAT, "again", 42),
    Row(
        "clears after people resolved",
        alert(RESOLVED),
        Known(before(), GROUP, ended()),
        D.RESOLVE,
        "clears",
        42,
        cleared=1,
    ),
    Row("clears without incident", alert(RESOLVED), Known(before()), D.RESOLVE, "clears", None, cleared=1),
    Row("end before its beginning", alert(RESOLVED), Known(), D.RECORD_ONLY, "resolved_before_firing"),
    Row("its beginning comes late", alert(), Known(before(RESOLVED)), D.REPEAT, "late_firing"),
    Row("late, after resolve", alert(), Known(before(RESOLVED), GROUP, ended()), D.REPEAT, "late_firing", 42),
    Row("fires on after resolve", alert(), Known(before(), GROUP, ended()), D.REPEAT, "again", 42),
    Row(
        "new episode, old one unended", alert(starts=55), Known(before(), GROUP, OPEN), D.ATTACH, "same_group", 42, 1, 1
    ),
    Row("a newer end", alert(RESOLVED, 55), Known(before(), GROUP, OPEN), D.RESOLVE, "clears_newer", 42, cleared=1),
    Row(
        "newer end, was clear",
        alert(RESOLVED, 55),
        Known(before(RESOLVED), GROUP, OPEN),
        D.RECORD_ONLY,
        "resolved_before_firing",
    ),
    Row(
        "again after resolve", alert(starts=55), Known(before(RESOLVED), GROUP, ended()), D.REOPEN, "fires_again", 42, 1
    ),
    Row(
        "no start, after resolve",
        alert(starts=None),
        Known(before(RESOLVED), GROUP, ended()),
        D.REOPEN,
        "fires_again",
        42,
        1,
    ),
    Row("other alert, after resolve", alert(), Known(None, GROUP, ended()), D.REOPEN, "fires_again", 42, 1),
    Row("again after close", alert(), Known(None, GROUP, ended(Status.CLOSED)), D.REOPEN, "fires_again", 42, 1),
    Row(
        "again, though declined",
        alert(),
        Known(None, GROUP, ended(Status.FALSE_POSITIVE)),
        D.REOPEN,
        "fires_again",
        42,
        1,
    ),
    Row("again after a merge", alert(), Known(None, GROUP, ended(Status.MERGED)), D.OPEN, "new_group", fired=1),
    Row("long after", alert(), Known(None, GROUP, ended(at=60 - 24 * 60 - 1)), D.OPEN, "new_group", fired=1),
    Row("just in time", alert(), Known(None, GROUP, ended(at=60 - 24 * 60)), D.REOPEN, "fires_again", 42, 1),
    Row("only recorded", alert(), IN_GROUP, D.RECORD_ONLY, "route", routed=replace(ROUTED, do=Do.RECORD)),
    Row("depends on what is broken", alert(), Known(cause=7), D.SYMPTOM, "depends_on", 7, 1),
    Row("depends, but sev1", alert(), Known(cause=7), D.OPEN, "urgent", fired=1, routed=SEV1),
    Row("depends, and own incident", alert(), replace(IN_GROUP, cause=7), D.ATTACH, "same_group", 42, 1),
    Row("fifth channel", alert(), Known(), D.OPEN, "new_group", fired=1, window=Window(opened=4)),
    Row("sixth channel", alert(), Known(), D.STORM, "channel_cap", None, 1, window=FULL),
    Row("seventh", alert(), Known(), D.STORM, "channel_cap", 9, 1, window=Window(5, 0, 9)),
    Row("sev1 in a storm", alert(), Known(), D.OPEN, "urgent", fired=1, routed=SEV1, window=FULL),
    Row(
        "sev1 only by default",
        alert(),
        Known(),
        D.STORM,
        "channel_cap",
        None,
        1,
        routed=replace(SEV1, severity_given=False),
        window=FULL,
    ),
    Row("tier 1 in a storm", alert(), Known(tier1=True), D.OPEN, "urgent", fired=1, window=Window(5, 2, 9)),
    Row("fourth of tier 1", alert(), Known(tier1=True), D.STORM, "urgent_cap", 9, 1, window=Window(5, 3, 9), page=True),
    Row("a drill in a storm", alert(kind=Kind.DRILL), Known(), D.OPEN, "not_real", fired=1, window=FULL),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_becomes_of_an_alert(row: Row) -> None:
    got = decide(row.alert, row.routed, row.known, row.window, Storm(), NOW)
    expected = (row.decision, row.reason, row.incident, row.fired, row.cleared, row.page)
    assert (got.decision, got.reason, got.incident, got.fired, got.cleared, got.page) == expected


def test_the_episode_begins_when_the_source_says_or_with_the_open_one_or_now() -> None:
    def starts(said: float | None, known: Known) -> Micros:
        return decide(alert(starts=said), ROUTED, known, Window(), Storm(), NOW).starts_at

    assert starts(50, Known()) == minute(50)
    assert starts(None, Known(before(starts=30))) == minute(30)
    assert starts(None, Known(before(RESOLVED, 30))) == NOW


def test_a_sender_whose_clock_is_ahead_is_not_believed() -> None:
    """Else nothing that begins before that moment would be news."""
    ahead = NOW / minute(1) + 24 * 60
    first = decide(alert(starts=ahead), ROUTED, Known(), Window(), Storm(), NOW)
    assert (first.decision, first.starts_at) == (D.OPEN, NOW)
    again = decide(alert(starts=ahead), ROUTED, Known(before(starts=50)), Window(), Storm(), NOW)
    assert (again.decision, again.starts_at) == (D.REPEAT, minute(50))
    over = decide(alert(RESOLVED, starts=ahead), ROUTED, Known(before(starts=50)), Window(), Storm(), NOW)
    assert over.reason == "clears"


def test_a_decision_is_cheap() -> None:
    """Less than 50 µs, a tenth of what it takes here; the machine of a test may be busy."""
    known = Known(before(), GROUP, OPEN)
    each = (
        min(timeit.repeat(lambda: decide(alert(), ROUTED, known, Window(), Storm(), NOW), number=200, repeat=5)) / 200
    )
    assert each < 50e-6
