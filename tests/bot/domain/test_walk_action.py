from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from bot.domain import walk, walk_action
from bot.domain.events import (
    ActionEnded,
    ActionSettled,
    ActionStarted,
    ActionVerified,
    MilestoneMarked,
    PlanEnded,
    StepAnswered,
    StepDone,
    StepSkipped,
    StepStarted,
)
from bot.domain.plan import Does, Plan
from bot.domain.run_state import Attempt
from bot.domain.terms import BOT
from bot.domain.walk_action import action_done, begun
from tests.bot.domain.log import Log, declared
from tests.bot.domain.plans import roster
from tests.runbooks.pages import SETTINGS, read

PAGE = """---
plan: 1
id: restart
owner: team-a
---

# Restart it

## Look

- [ ] **Decision:** Is it deploying?
  - **No** → continue
  - **Yes** → [People](#people)

  ```yaml action
  id: look
  http: {url: "http://${host}/deploy", expect: [200, 404]}
  changes: false
  timeout: 5s
  answer: {"404": No, otherwise: Yes}
  ```

- [ ] Dump.

  ```yaml action
  id: dump
  run: [/usr/bin/dump, "${host}"]
  changes: false
  timeout: 5s
  on_failure: continue
  ```

- [ ] Restart it. *(marks fix started)*

  ```yaml action
  id: restart
  run: [/usr/bin/restart, "${host}"]
  changes: true
  timeout: 5s
  verify: {http: {url: "http://${host}/healthz"}, timeout: 5s}
  rollback: none
  rollback_reason: It cannot be undone.
  ```

## People

- [ ] Think. *(commander)*
"""


@cache
def plan(after: str = "after_failure: people\n") -> Plan:
    parsed = read(
        PAGE + SETTINGS.replace("default: {need: 1, from: [sre]}\n", "default: {need: 1, from: [sre]}\n" + after)
    )
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


def at(step: str, action: str, changes: bool = False, check: bool = False) -> Log:
    log = declared()
    log.decided("bot", walk.attach(log.state, plan(), "matched", 1, roster, log.now))
    if step != "1.1":
        log.add("bot", StepAnswered(1, "1.1", 1, "No", "continue"))
        log.add("bot", StepStarted(1, step, 1))
    log.add("bot", ActionStarted(1, step, 1, action, "a1", 1, changes, check=check))
    return log


def follows(log: Log, its: Plan | None = None) -> list[Any]:
    drafts = action_done(log.state, its or plan(), "a1", roster, log.now)
    assert {draft.actor for draft in drafts} <= {BOT}
    return [draft.payload for draft in drafts]


@pytest.mark.parametrize(
    ("outcome", "code", "answer"),
    [("exited", 404, "No"), ("exited", 200, "Yes"), ("exited", 500, "Yes"), ("timed_out", None, "Yes")],
)
def test_a_result_answers_the_decision(outcome: str, code: int | None, answer: str) -> None:
    log = at("1.1", "look")
    log.add("bot", ActionEnded("a1", outcome, code))
    found = follows(log)
    assert found[0].answer == answer
    assert found[-1].step == ("1.2" if answer == "No" else "2.1")


@pytest.mark.parametrize(
    ("does", "codes"),
    [
        (Does("run", {"argv": ["/bin/x"]}), (0,)),
        (Does("http", {"url": "http://x/"}), (200,)),
        (Does("http", {"url": "http://x/", "expect": 204}), (204,)),
        (Does("http", {"url": "http://x/", "expect": [200, 404]}), (200, 404)),
    ],
)
def test_what_a_good_end_is(does: Does, codes: tuple[int, ...]) -> None:
    assert walk_action.good(does) == codes


def test_a_good_end_ticks_the_step() -> None:
    log = at("1.2", "dump")
    assert follows(log) == []
    log.add("bot", ActionEnded("a1", "exited", 0))
    found = follows(log)
    assert found[0] == StepDone(1, "1.2", 1, True, "", True)
    assert found[1].step == "1.3"


def test_a_failure_that_does_not_matter_is_left_out() -> None:
    log = at("1.2", "dump")
    log.add("bot", ActionEnded("a1", "exited", 3))
    found = follows(log)
    assert isinstance(found[0], StepSkipped)
    assert found[1].step == "1.3"


def test_the_fix_starts_when_its_attempt_begins() -> None:
    log = at("1.3", "restart", True, check=True)
    its, other = plan().step("1.3"), plan().step("1.2")
    assert [draft.payload for draft in begun(its, log.state)] == [MilestoneMarked("fix_started", "step")]
    assert begun(other, log.state) == ()
    log.decided("bot", begun(its, log.state))
    assert begun(its, log.state) == (), "the first time counts"


def test_an_end_is_not_a_proof() -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "exited", 0))
    assert follows(log) == []
    log.add("bot", ActionVerified("a1", True))
    found = follows(log)
    assert found[0] == StepDone(1, "1.3", 1, True, "", True)
    assert found[1] == MilestoneMarked("fix_started", "step"), "nobody said so when it began"
    assert found[2].step == "2.1"
    log.decided("bot", action_done(log.state, plan(), "a1", roster, log.now))
    assert follows(log) == []


@pytest.mark.parametrize("how", ["unproved", "timed_out"])
def test_a_failure_goes_to_people(how: str) -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "exited" if how == "unproved" else "timed_out", 0))
    if how == "unproved":
        log.add("bot", ActionVerified("a1", False, 3))
    found = follows(log)
    assert [payload.step for payload in found] == ["2.1"]
    assert follows(log, plan("")) == []
    log.decided("bot", action_done(log.state, plan(), "a1", roster, log.now))
    assert log.state.walk is not None
    left = log.state.walk.visit("1.3")
    assert left is not None
    assert left.state == "left"


def test_a_failure_of_the_last_resort_begins_it_three_times_at_most() -> None:
    """What may run by itself there would go round for ever."""
    its = plan("after_failure: look\n")
    log = at("1.3", "restart", True, check=True)
    for visit in (2, 3):
        log.add("bot", StepStarted(1, "1.1", visit))
    log.add("bot", StepStarted(1, "1.3", 2))
    log.add("bot", ActionStarted(1, "1.3", 2, "restart", "a2", 1, True, check=True))
    log.add("bot", ActionEnded("a2", "timed_out"))
    assert action_done(log.state, its, "a2", roster, log.now) == ()
    here = log.state.walks[-1].current
    assert here is not None
    assert (here.step, here.state) == ("1.3", "open")


def test_what_nobody_knows_decides_nothing() -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "unknown"))
    assert follows(log) == []
    log.add("UANA", ActionSettled("a1", "done"))
    assert follows(log)[0] == StepDone(1, "1.3", 1, True, "", True)


@pytest.mark.parametrize("said", ["not", "by_hand"])
def test_people_say_that_it_was_not(said: str) -> None:
    log = at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", "unknown"))
    log.add("UANA", ActionSettled("a1", said))
    assert follows(log) == []


def test_a_late_result_of_an_ended_plan() -> None:
    log = at("1.2", "dump")
    log.add("UANA", PlanEnded(1, "stopped"))
    log.add("bot", ActionEnded("a1", "exited", 0))
    assert follows(log) == []


@pytest.mark.parametrize(
    ("attempt", "wanted"),
    [
        ({"state": "exited", "exit": 1}, True),
        ({"state": "timed_out"}, True),
        ({"state": "exited", "exit": 0, "verified": False}, True),
        ({"state": "unknown"}, False),
        ({"state": "exited", "exit": 1, "settled_by": "U1"}, False),
        ({"state": "stopped", "verified": False, "stop_by": "U1"}, False),
        ({"state": "exited", "exit": 1, "stop_by": "U1"}, False),
    ],
)
def test_only_what_failed_by_itself_calls_for_its_undoing(attempt: dict[str, Any], wanted: bool) -> None:
    action = next(step.action for phase in plan().phases for step in phase.steps if step.action and step.action.changes)
    tried = replace(Attempt("a1", 1, "1.3", 1, action.id, 1, True, 1), **attempt)
    assert walk_action.calls_for_undo(replace(action, on_failure="rollback"), tried) is wanted
    assert not walk_action.calls_for_undo(replace(action, on_failure="stop"), tried)
