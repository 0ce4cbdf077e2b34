"""Deadlines: which there are, how they move when nobody could be judged, and what is said of them."""

from dataclasses import replace

import pytest

from bot.domain.deadlines import deadlines, missed
from bot.domain.events import (
    ApprovalAsked,
    ClockSet,
    DatabaseAway,
    NobodyCalled,
    OutageBegan,
    OutageEnded,
    PageAnswered,
    PageSent,
    PlanAttached,
    RoleOffered,
    StepOverdue,
    StepStarted,
    Stopped,
    UpdateSent,
)
from bot.domain.state import Interval
from bot.domain.terms import MINUTE, Status
from tests.bot.domain.log import Log, alerted, fired, minute

DIGEST = "7f3a" * 16


def busy() -> Log:
    """At minute 0 everything is begun that has a time: until minute 5, 10, 15 … 35."""
    log = alerted()
    log.add("bot", RoleOffered("operations", "UBEN", "opened", minute(5)))
    log.add("bot", PlanAttached(1, "failover", "sha", "matched"))
    log.add("bot", StepStarted(1, "1.1", 1, "operations", "UBEN", minute(10)))
    log.add("bot", ApprovalAsked(1, "1.1", 1, "restart", DIGEST, 1, ("UANA",), minute(15), "", ("owners",), minute(20)))
    log.add("bot", UpdateSent(minute(25)))
    log.add("bot", PageSent("p1", "UBEN", "incident", 1, "", "orders", minute(30)))
    log.add("bot", PageSent("p2", "ULI", "incident", 1, "", "gateway", minute(35)))
    return log


ALL = {
    "role": 5,
    "step": 10,
    "half": 7.5,
    "approval": 15,
    "widen": 20,
    "update": 25,
    "call orders": 30,
    "call gateway": 35,
}


def due(log: Log) -> dict[str, float]:
    """Deadline → its minute."""
    found = {}
    for one in deadlines(log.state):
        found[f"call {one.name}" if one.what == "call" else one.what] = (one.at - minute(0)) / MINUTE
    return found


def test_all_that_has_a_time() -> None:
    assert due(busy()) == ALL
    assert list(deadlines(replace(busy().state, status=Status.RESOLVED))) == []


def test_what_is_settled_has_none() -> None:
    log = busy()
    log.add("bot", StepOverdue(1, "1.1", 1))
    log.add("UBEN", PageAnswered("p1", "UBEN", "take"))
    log.add("bot", NobodyCalled("tills", minute(12)))
    assert "step" not in due(log)
    assert "call orders" not in due(log)


HELD = [
    pytest.param(-10, 0, ALL, id="over before anything was set"),
    pytest.param(2, 6, {what: at + 4 for what, at in ALL.items()}, id="all of it"),
    pytest.param(-3, 3, {what: at + 3 for what, at in ALL.items()}, id="what was set meanwhile begins when it is over"),
    pytest.param(12, 22, {w: at + 10 if at > 12 else at for w, at in ALL.items()}, id="what was due before stays"),
    pytest.param(40, 50, ALL, id="after all"),
]


@pytest.mark.parametrize("kind", [DatabaseAway, Stopped, OutageEnded])
@pytest.mark.parametrize(("began", "ended", "then"), HELD)
def test_what_was_left_counts_on(kind: type[DatabaseAway], began: int, ended: int, then: dict[str, float]) -> None:
    log = busy()
    log.add("bot", kind(minute(began)), minute(ended))
    assert due(log) == then
    assert [(o.start, o.end) for o in log.state.outages] == [(minute(began), minute(ended))]


def test_slack_and_the_database_are_away_at_once() -> None:
    """Timers stand still until Slack is back, and are moved once."""
    log = busy().after(2)
    log.add("bot", OutageBegan("unreachable"))
    assert log.state.away == Interval("unreachable", minute(2))
    log.after(3).add("bot", DatabaseAway(minute(3)))
    assert due(log) == ALL
    log.after(1).add("bot", OutageEnded(minute(2)))
    assert log.state.away is None
    assert due(log) == {what: at + 4 for what, at in ALL.items()}


@pytest.mark.parametrize("jump", [-60, 24 * 60])
def test_a_clock_that_is_set_changes_what_is_left_of_nothing(jump: int) -> None:
    """What was set since, by the new time, stays."""
    log = busy().after(3 + jump)
    log.add("bot", UpdateSent(log.now + 20 * MINUTE))
    log.add("bot", ClockSet(jump * MINUTE))
    assert due(log) == {what: at + jump if what != "update" else 23 + jump for what, at in ALL.items()}


def test_what_is_said_of_an_absence() -> None:
    log = busy().after(6)
    log.add("alert:am", fired(2, 6, 2))
    said = missed(log.state, log.events, minute(4), minute(26))
    assert said == {
        "alerts": 2,
        "due": ("role:operations", "step:1.1", "approval:restart", "update:"),
        "judged": 0,
        "runs": 0,
    }
    assert missed(log.state, log.events, minute(-5), minute(-1)) == {"alerts": 0, "due": (), "judged": 0, "runs": 0}
