"""One table: what becomes of an alert, and why."""

import timeit
from dataclasses import dataclass, replace

import pytest

from bot.domain.alert import Alert, AlertGroup, AlertStatus, Decision, KnownAlert
from bot.domain.events import AlertsChanged, AllClear, Opened, SeverityChanged, StatusChanged
from bot.domain.ingest import Known, Storm, Verdict, Window, all_clear, decide, opening, raised, stale, together
from bot.domain.route import Do, Routed
from bot.domain.state import Incident
from bot.domain.terms import DAY, HOUR, Kind, Micros, Severity, Status
from tests.bot.domain.log import alerted, declared, fired, minute

FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED
ROUTED = Routed(Severity.SEV2, True, "orders", Do.OPEN, "orders-db down", "g1")
SEV1 = replace(ROUTED, severity=Severity.SEV1)
GROUP = AlertGroup("alertmanager", "g1", Kind.REAL, 42, minute(0), minute(0))
NOW = minute(60)
CALM = Window()


def alert(status: AlertStatus = FIRING, starts: float | None = 50, kind: Kind = Kind.REAL) -> Alert:
    at = None if starts is None else minute(starts)
    return Alert("alertmanager", "f1", status, at, group_key="g1", service="orders", kind=kind)


def before(status: AlertStatus = FIRING, starts: float = 50) -> KnownAlert:
    return KnownAlert("alertmanager", "f1", Kind.REAL, status, minute(starts), None, "g1", 1)


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
    routed: Routed = ROUTED
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


def test_one_event_for_the_alerts_of_a_request() -> None:
    firing = (alert(), Verdict(D.ATTACH, "same_group", 42, minute(50), 1))
    gone = (replace(alert(RESOLVED, 40), ends_at=minute(58)), Verdict(D.RESOLVE, "clears", 42, minute(40), 0, 1))
    event = together(D.ATTACH, [firing, gone], 1, 3, NOW).payload
    assert isinstance(event, AlertsChanged)
    assert (event.fired, event.cleared, event.first_at, event.last_at) == (1, 1, minute(50), minute(58))
    assert (event.groups, event.truncated, event.services, event.fingerprints) == (1, 3, ("orders",), ("f1", "f1"))


@pytest.mark.parametrize(("ends", "last"), [(None, 60), (70, 60), (58, 58)])
def test_an_end_that_is_not_said_or_lies_ahead_is_now(ends: float | None, last: float) -> None:
    gone = replace(alert(RESOLVED), ends_at=None if ends is None else minute(ends))
    event = together(D.RESOLVE, [(gone, Verdict(D.RESOLVE, "clears", 42, minute(50), 0, 1))], 0, 0, NOW).payload
    assert isinstance(event, AlertsChanged)
    assert event.last_at == minute(last)
    assert event.first_at is None


def test_people_are_asked_once_when_all_is_clear() -> None:
    log = alerted()
    assert all_clear(log.state) == ()
    log.after(10).add("alert:alertmanager", AlertsChanged("resolve", "alertmanager", 0, 1, minute(9)))
    drafts = all_clear(log.state)
    assert [draft.payload for draft in drafts] == [AllClear(minute(9))]
    log.decided("bot", drafts)
    assert all_clear(log.state) == ()
    log.add("alert:alertmanager", fired(1, 11))
    assert log.state.alerts.clear_since is None


def test_nothing_is_clear_while_a_source_leaves_alerts_out() -> None:
    log = alerted()
    log.add("alert:alertmanager", fired(1, 0, truncated=3))
    log.add("alert:alertmanager", AlertsChanged("resolve", "alertmanager", 0, 2, minute(9)))
    assert all_clear(log.state) == ()
    log.add("alert:alertmanager", AlertsChanged("resolve", "alertmanager", 0, 0, minute(9), truncated=-3))
    assert all_clear(log.state)


def test_a_declared_incident_without_alerts_is_never_clear() -> None:
    assert all_clear(declared().state) == ()


def test_silence_is_asked_about_and_never_closed() -> None:
    assert stale(OPEN, "alertmanager", NOW - 9 * HOUR, 9 * HOUR, NOW)
    assert stale(OPEN, "alertmanager", NOW - 8 * HOUR, 9 * HOUR, NOW) == ()
    assert stale(ended(), "alertmanager", NOW - DAY, 9 * HOUR, NOW) == ()
    asked = stale(OPEN, "alertmanager", NOW - DAY, 9 * HOUR, NOW)[0].payload
    assert isinstance(asked, AlertsChanged)
    assert (asked.decision, asked.fired, asked.cleared) == ("stale", 0, 0)


def test_an_alert_raises_what_no_person_has_said() -> None:
    log = alerted()
    assert [draft.payload for draft in raised(log.state, SEV1, ("commander",))] == [
        SeverityChanged(Severity.SEV2, Severity.SEV1, ("commander",))
    ]
    assert raised(log.state, ROUTED, ()) == ()
    log.add("UANA", SeverityChanged(Severity.SEV2, Severity.SEV3))
    assert raised(log.state, SEV1, ()) == ()


def test_how_an_alert_opens() -> None:
    opened = opening(
        7, alert(), replace(ROUTED, triage=True), "new_group", "inc-7-orders-db-down", ("commander",)
    ).payload
    assert isinstance(opened, Opened)
    assert (opened.number, opened.status, opened.via, opened.title) == (7, Status.TRIAGE, "alert", "orders-db down")


def test_a_decision_is_cheap() -> None:
    """Less than 50 µs, a tenth of what it takes here; the machine of a test may be busy."""
    known = Known(before(), GROUP, OPEN)
    each = (
        min(timeit.repeat(lambda: decide(alert(), ROUTED, known, Window(), Storm(), NOW), number=200, repeat=5)) / 200
    )
    assert each < 50e-6
