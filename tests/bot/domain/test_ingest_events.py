"""What ingest writes once it has decided: one event for many alerts, the all-clear, the question after a long silence."""

from dataclasses import replace

import pytest

from bot.domain.alert import Decision as D
from bot.domain.events import AlertsChanged, AllClear, Opened, SeverityChanged
from bot.domain.ingest import Verdict, all_clear, opening, raised, stale, together
from bot.domain.terms import DAY, HOUR, Severity, Status
from tests.bot.domain.log import alerted, declared, fired, minute
from tests.bot.domain.test_ingest import NOW, OPEN, RESOLVED, ROUTED, SEV1, alert, ended


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
