"""What may be undone, and in which order: a table."""

from typing import Any

import pytest

from bot.domain import undoing, walk
from bot.domain.events import (
    ActionEnded,
    ActionSettled,
    ActionStarted,
    ActionUndone,
    ActionVerified,
    Payload,
    PlanEnded,
    StepStarted,
)
from tests.bot.domain.log import Log
from tests.bot.domain.plans import roster
from tests.bot.domain.test_walk_action import PAGE, at, plan
from tests.runbooks.pages import SETTINGS, read


def started(attempt: str, step: str = "1.3", visit: int = 1, undoes: str = "") -> Payload:
    return ActionStarted(1, step, visit, "restart", attempt, 1, True, undoes=undoes, check=not undoes)


def left(log: Log) -> list[str]:
    return [attempt.id for attempt in undoing.done(log.state, 1)]


@pytest.mark.parametrize(
    ("happened", "begun"),
    [
        ([ActionEnded("a1", "exited", 0), ActionVerified("a1", True)], True),
        ([ActionEnded("a1", "exited", 0), ActionVerified("a1", False)], True),
        ([ActionEnded("a1", "timed_out")], True),
        ([ActionEnded("a1", "stopped")], True),
        ([ActionEnded("a1", "failed")], False),  # it could not be started
        ([ActionEnded("a1", "never_started")], False),
        ([ActionEnded("a1", "unknown")], True),  # and is in the way of what was done before it
        ([ActionEnded("a1", "unknown"), ActionSettled("a1", "not")], False),
        ([ActionEnded("a1", "unknown"), ActionSettled("a1", "done")], True),
    ],
)
def test_what_began_may_be_undone(happened: list[Any], begun: bool) -> None:
    log = at("1.3", "restart", True, check=True)
    for payload in happened:
        log.add("UANA" if isinstance(payload, ActionSettled) else "bot", payload)
    assert left(log) == (["a1"] if begun else [])


def test_the_last_first_and_one_for_each_visit() -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "timed_out"))
    for attempt in ("a2", "a3"):
        log.add("bot", started(attempt, visit=2))
        log.add("bot", ActionEnded(attempt, "timed_out"))
    assert left(log) == ["a3", "a1"]
    log.add("bot", started("u3", visit=2, undoes="a3"))
    assert undoing.under_way(log.state, "a3")
    log.add("bot", ActionEnded("u3", "exited", 0))
    log.add("bot", ActionUndone("a3", "u3", True))
    assert (left(log), undoing.under_way(log.state, "a3")) == (["a1"], False)


def test_an_undoing_that_failed_undoes_nothing() -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "timed_out"))
    log.add("bot", started("u1", undoes="a1"))
    log.add("bot", ActionEnded("u1", "exited", 1))
    log.add("bot", ActionUndone("a1", "u1", False))
    assert left(log) == ["a1"]
    assert [a.state for a in log.state.attempts] == ["timed_out", "failed"]


def test_nothing_is_next_where_there_is_no_way_back() -> None:
    back = read(
        PAGE.replace(
            "rollback: none\n  rollback_reason: It cannot be undone.",
            "rollback: {run: [/usr/bin/back, '${host}'], timeout: 5s}",
        )
        + SETTINGS
    )
    no_way = read(PAGE + SETTINGS)
    assert back.plan is not None
    assert no_way.plan is not None
    log = at("1.3", "restart", True, check=True)
    assert undoing.next_of(log.state, back.plan, 1) is None, "it still runs"
    log.add("bot", ActionEnded("a1", "timed_out"))
    assert undoing.next_of(log.state, no_way.plan, 1) is None
    found = undoing.next_of(log.state, back.plan, 1)
    assert found is not None
    assert found.id == "a1"


def test_who_went_on_is_handed_nothing_when_the_undoing_ends() -> None:
    """The plan hands its failure to people once it is undone; not if they led it elsewhere meanwhile, or took up another plan."""

    def handed(log: Log) -> list[str]:
        failed = log.state.attempt("a1")
        assert failed is not None
        drafts = undoing.handed_over(log.state, plan(), failed, roster, log.now)
        return [str(draft.payload.step) for draft in drafts if isinstance(draft.payload, StepStarted)]

    elsewhere = at("1.3", "restart", True, check=True)
    elsewhere.add("bot", ActionEnded("a1", "timed_out"))
    assert handed(elsewhere) == ["2.1"]
    elsewhere.add("UANA", StepStarted(1, "2.1", 1))
    assert handed(elsewhere) == []

    another = at("1.3", "restart", True, check=True)
    another.add("bot", ActionEnded("a1", "timed_out"))
    another.add("UANA", PlanEnded(1, "replaced", "1.3"))
    another.decided("UANA", walk.attach(another.state, plan("# other\n"), "asked", 0, roster, another.now))
    assert handed(another) == []
