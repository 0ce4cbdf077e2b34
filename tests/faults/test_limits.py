"""The simulator's own count of pause, rate and blast radius finds what it is there for."""

import pytest

from bot.domain import events as e
from bot.domain.state import Incident
from bot.domain.terms import MINUTE
from tests.bot.domain.log import declared
from tests.faults.simulator.limits import passed
from tests.runbooks.pages import ACTION, SETTINGS, acting, read

Try = tuple[float, str, float | None]
"""Minute in which it began, target, minutes until it was verified (None: never)."""


def incident(tries: list[Try]) -> Incident:
    log = declared()
    log.add("bot", e.PlanAttached(1, "a-plan", "sha", "matched"))
    log.add("bot", e.StepStarted(1, "1.1", 1))
    begun = log.now
    for n, (at, target, length) in enumerate(tries):
        start = e.ActionStarted(1, "1.1", 1, "restart", f"a{n}", n + 1, True, target=target, check=True)
        log.add("bot", start, at=begun + round(at * MINUTE))
        if length is not None:
            ended = begun + round((at + length) * MINUTE)
            log.add("bot", e.ActionEnded(f"a{n}", "exited", 0, ended), at=ended)
            log.add("bot", e.ActionVerified(f"a{n}", True), at=ended)
    return log.state


@pytest.mark.parametrize(
    ("tries", "words"),
    [
        ([(0, "gw-1", 1), (31, "gw-1", 1), (400, "gw-1", 1)], []),
        ([(0, "gw-1", 1), (29, "gw-1", 1)], ["within the pause"]),
        ([(0, "gw-1", 2), (1, "gw-2", 2)], ["were in hand"]),
        ([(0, "gw-1", None), (90, "gw-2", 2)], ["were in hand"]),
        ([(0, "gw-1", 1), (10, "gw-2", 1), (20, "gw-3", 1), (31, "gw-1", 1)], ["was number 4 of a-plan"]),
    ],
)
def test_what_a_plan_sets_is_counted(tries: list[Try], words: list[str]) -> None:
    settings = SETTINGS.replace('key: "${host}-${word}"', 'key: "${host}"').replace(
        "concurrency", "blast_radius: {max_targets: 1}, concurrency"
    )
    plan = read(acting(ACTION, settings)).plan
    assert plan is not None
    found = list(passed([incident(tries)], {"a-plan": plan}))
    assert len(found) == len(words)
    assert all(word in one for word, one in zip(words, found)), found


def test_what_could_not_be_started_did_not_run() -> None:
    log = declared()
    log.add("bot", e.PlanAttached(1, "a-plan", "sha", "matched"))
    for n, outcome in enumerate(("failed", "exited")):
        log.add("bot", e.StepStarted(1, "1.1", n + 1))
        log.add("bot", e.ActionStarted(1, "1.1", n + 1, "restart", f"a{n}", 1, True, target="gw-1"))
        log.after(1).add("bot", e.ActionEnded(f"a{n}", outcome, 0 if outcome == "exited" else None))
    plan = read(acting(ACTION, SETTINGS)).plan
    assert plan is not None
    assert list(passed([log.state], {"a-plan": plan})) == []
