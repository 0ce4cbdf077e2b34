"""Alerts, statuses, severities and milestones in the fold."""

import pytest

from bot.domain.events import (
    AllClear,
    ChannelMade,
    KindChanged,
    MilestoneMarked,
    Opened,
    ResponderJoined,
    RoleTaken,
    SeverityChanged,
    StatusChanged,
)
from bot.domain.state import MOST_SERVICES, AlertCounts, Interval
from bot.domain.terms import Kind, Milestone, Severity, Source, Status
from tests.bot.domain.log import Log, alerted, declared, fired, minute


def turn(log: Log, after: Status, undo: bool = False) -> Log:
    log.add("UANA", StatusChanged(log.state.status, after, undo))
    return log


def test_a_declaration_may_be_backdated_and_an_alert_counts_from_its_arrival() -> None:
    assert declared(at=minute(-10)).mark(Milestone.DETECTED) == minute(-10)
    log = Log()
    opening = Opened(42, Kind.REAL, Severity.SEV2, Status.TRIAGE, "orders", "alert")
    log.add("alert:x", opening, at=minute(-10), source=Source.ALERT)
    assert log.mark(Milestone.DETECTED) == minute(0)
    assert log.state.opened_at == minute(-10)


def test_alerts_are_counted_never_listed() -> None:
    log = alerted(began=-2)
    log.after(1).add("alert:x", fired(3, -5, truncated=4))
    log.after(1).add("alert:x", fired(0, None, cleared=9, decision="resolve", truncated=-4))
    counts = log.state.alerts
    assert (counts.firing, counts.total, counts.groups, counts.truncated) == (0, 4, 3, 0)
    assert (counts.first_at, counts.reached_at) == (minute(-5), minute(0))


def test_services_of_a_storm_are_bounded() -> None:
    log = alerted()
    for n in range(2 * MOST_SERVICES):
        change = fired(1, 0)
        log.add("alert:x", change.__class__("storm", "x", 1, 0, minute(0), services=(f"s{n}",)))
    assert len(log.state.alerts.services) == MOST_SERVICES


def test_the_first_signal_is_the_earliest_and_takes_the_beginning_with_it() -> None:
    log = alerted(began=-1)
    log.after(1).add("alert:x", fired(1, -7))
    log.after(1).add("alert:x", fired(1, 2))
    assert log.mark(Milestone.FIRST_SIGNAL) == log.mark(Milestone.STARTED) == minute(-7)


def test_a_signal_after_people_noticed_says_nothing_about_the_beginning() -> None:
    log = declared()
    log.after(3).add("alert:x", fired(1, 2))
    assert log.mark(Milestone.FIRST_SIGNAL) == minute(2)
    assert log.mark(Milestone.STARTED) is None
    log.add("alert:x", fired(1, -2))
    assert log.mark(Milestone.STARTED) == minute(-2)


def test_what_a_person_says_about_the_beginning_stays() -> None:
    log = alerted(began=-1)
    log.after(5).add("UANA", MilestoneMarked("started"), at=minute(-30))
    log.after(1).add("alert:x", fired(1, -40))
    started = log.state.marks["started"]
    assert (started.at, started.source, started.revision) == (minute(-30), Source.BOT_COMMAND, 0)


def test_a_person_corrects_and_a_step_only_reports() -> None:
    log = alerted()
    log.after(5).add("bot", MilestoneMarked("mitigated", how="step"))
    log.after(5).add("bot", MilestoneMarked("mitigated", how="step"))
    assert log.mark(Milestone.MITIGATED) == minute(5)
    log.after(5).add("UANA", MilestoneMarked("mitigated"), at=minute(7))
    log.after(5).add("UBEN", MilestoneMarked("mitigated"), at=minute(8))
    mark = log.state.marks["mitigated"]
    assert (mark.at, mark.revision, mark.first, mark.by) == (minute(8), 2, minute(5), "UBEN")


@pytest.mark.parametrize(
    ("status", "milestone"),
    [
        (Status.IDENTIFIED, Milestone.DIAGNOSED),
        (Status.MITIGATING, Milestone.FIX_STARTED),
        (Status.MONITORING, Milestone.MITIGATED),
        (Status.RESOLVED, Milestone.RESOLVED),
        (Status.CLOSED, Milestone.CLOSED),
    ],
)
def test_a_status_sets_its_milestone(status: Status, milestone: Milestone) -> None:
    log = turn(alerted().after(9), status)
    assert log.mark(milestone) == minute(9)


def test_recovered_is_taken_over_from_resolved_unless_somebody_says_it() -> None:
    log = turn(alerted().after(9), Status.RESOLVED)
    assert log.state.marks["recovered"].source is Source.DERIVED
    said = alerted().after(9)
    said.add("UANA", MilestoneMarked("recovered", how="answer"), at=minute(6))
    turn(said, Status.RESOLVED)
    assert said.mark(Milestone.RECOVERED) == minute(6)


def test_a_reopening_keeps_what_came_first_and_takes_the_last_end() -> None:
    log = turn(alerted().after(5), Status.IDENTIFIED)
    turn(log.after(5), Status.MONITORING)
    turn(log.after(5), Status.RESOLVED)
    turn(log.after(5), Status.INVESTIGATING)
    assert log.state.reopened == (minute(20),)
    for gone in (Milestone.MITIGATED, Milestone.RECOVERED, Milestone.RESOLVED):
        assert log.mark(gone) is None
    turn(log.after(5), Status.IDENTIFIED)
    turn(log.after(5), Status.RESOLVED)
    assert log.mark(Milestone.DETECTED) == minute(0)
    assert log.mark(Milestone.DIAGNOSED) == minute(5)
    assert log.mark(Milestone.RESOLVED) == log.mark(Milestone.RECOVERED) == minute(30)


def test_an_undone_resolve_never_happened() -> None:
    log = turn(alerted().after(5), Status.MONITORING)
    before = log.state
    log.after(5).add("UANA", MilestoneMarked("recovered", how="answer"), at=minute(8))
    turn(log, Status.RESOLVED)
    turn(log.after(1), Status.MONITORING, undo=True)
    after = log.state
    assert (after.status, after.statuses, after.marks, after.reopened) == (
        before.status,
        before.statuses,
        before.marks,
        (),
    )


def test_recovered_marked_before_an_undone_resolve_stays() -> None:
    log = alerted().after(5)
    log.add("UANA", MilestoneMarked("recovered"))
    turn(log.after(1), Status.RESOLVED)
    turn(log.after(1), Status.INVESTIGATING, undo=True)
    assert log.mark(Milestone.RECOVERED) == minute(5)


def test_statuses_are_intervals_in_the_order_of_events() -> None:
    log = turn(alerted().after(5), Status.IDENTIFIED)
    log.after(5).add("UANA", StatusChanged(Status.IDENTIFIED, Status.MITIGATING), at=minute(2))
    assert log.state.statuses == (
        Interval("investigating", minute(0), minute(5), "alert:alertmanager"),
        Interval("identified", minute(5), minute(5), "UANA"),
        Interval("mitigating", minute(5), None, "UANA"),
    )
    assert log.mark(Milestone.FIX_STARTED) == minute(2)


def test_a_new_severity_may_ask_for_other_roles() -> None:
    log = alerted()
    log.add("UANA", ResponderJoined("UANA", "command"))
    log.add("UANA", RoleTaken("commander", "UANA"))
    assert log.mark(Milestone.QUORUM) is None
    log.after(4).add("UANA", SeverityChanged(Severity.SEV2, Severity.SEV3, ("commander",)))
    assert log.mark(Milestone.QUORUM) == minute(4)
    assert log.add("UANA", SeverityChanged(Severity.SEV3, Severity.SEV4)).required == ("commander",)
    assert [one.value for one in log.state.severities] == ["sev2", "sev3", "sev4"]
    assert log.state.severity_given


def test_channel_kind_and_all_clear() -> None:
    log = alerted()
    log.add("bot", ChannelMade("C1", "inc-42"))
    log.add("UANA", KindChanged(Kind.REAL, Kind.DRILL))
    log.add("bot", AllClear(minute(3)))
    assert (log.state.channel, log.state.name, log.state.kind) == ("C1", "inc-42", Kind.DRILL)
    assert log.state.alerts.clear_since == minute(3)
    assert isinstance(log.state.alerts, AlertCounts)
