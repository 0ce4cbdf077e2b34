"""The facts of an incident: who found it, what the bot did, and that they survive storing."""

import orjson
import pytest
from pydantic import TypeAdapter

from bot.domain.events import Opened, PageAnswered, PageSent
from bot.domain.facts import Facts, facts, facts_of, found_by
from bot.domain.people import acknowledge
from bot.domain.terms import Kind, Milestone, Severity, Status
from tests.bot.domain.log import Log, alerted, declared, fired, minute


def reported(began: float | None, arrives: float) -> Log:
    """Ana declared at minute 0; an alert that began at one minute arrives at another."""
    log = declared()
    if began is not None:
        log.after(arrives).add("alert:x", fired(1, began))
    return log


@pytest.mark.parametrize(
    ("log", "found"),
    [
        (alerted(), "monitoring"),
        (alerted(Kind.BACKFILL), "unknown"),
        (reported(None, 0), "people_no_monitoring"),
        (reported(-1, 0.5), "monitoring"),
        (reported(-1, 1), "monitoring"),
        (reported(-1, 1.1), "people_despite_signal"),
        (reported(2, 3), "people_before_monitoring"),
    ],
)
def test_who_found_it(log: Log, found: str) -> None:
    assert found_by(log.state) == found


def test_an_imported_incident_was_found_by_nobody_we_know() -> None:
    log = Log()
    log.add("UANA", Opened(42, Kind.REAL, Severity.SEV2, Status.RESOLVED, "orders", "import"))
    assert facts_of(log.state).found == "unknown"


def test_facts_name_nobody_but_who_set_a_moment() -> None:
    log = alerted()
    log.add("bot", PageSent("p1", "UZOE", "incident"))
    log.after(2).add("UZOE", PageAnswered("p1", "UZOE", "pass"))
    log.decided("UANA", acknowledge(log.state, log.by("UANA", "button")))
    found = facts(log.events)
    assert found == facts_of(log.state)
    assert "UZOE" not in orjson.dumps(found).decode()
    assert found.joined == (minute(2),)
    assert [(c.at, c.level, c.answer) for c in found.calls] == [(minute(0), 1, "pass")]
    assert [(r.role, r.why) for r in found.roles] == [("commander", "alone"), ("operations", "alone")]
    assert found.at(Milestone.ACKNOWLEDGED) == minute(2)
    assert found.at(Milestone.CLOSED) is None


def test_facts_are_read_as_they_were_written() -> None:
    found = facts_of(alerted().state)
    assert TypeAdapter(Facts).validate_json(orjson.dumps(found, option=orjson.OPT_SORT_KEYS)) == found
