"""A plan goes back a step."""

from typing import Any

import pytest

from bot.domain import walk, walk_action, walk_back
from bot.domain.events import ActionEnded, ActionStarted, StepBack, StepStarted
from bot.domain.run_state import Visit, Walk
from bot.errors import UserError
from tests.bot.domain import test_walk_action as healing
from tests.bot.domain.plans import do, plan, roster, said, walking


def go(log: Any, reason: str = "it came up again", step: str = "", run: int = 0) -> list[Any]:
    drafts = walk_back.back(log.state, plan(), log.by("UBEN"), roster, reason, step, run)
    log.decided("UBEN", drafts)
    return [draft.payload for draft in drafts]


def asked(log: Any, who: str) -> walk.AskFirst:
    with pytest.raises(walk.AskFirst) as caught:
        walk_back.back(log.state, plan(), log.by(who), roster, "it came up again")
    return caught.value


def test_two_people_who_go_back_within_a_moment_go_back_one_step() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    first = here(log)
    do(log, walk.answer, choice="yes")
    log.now += 2_000_000
    asks = asked(log, "UEVA")
    assert asks.visit.step == first.step
    assert "was answered with" in said(asks.sentence)
    go(log)
    seen = here(log)
    for who in ("UBEN", "UEVA"):
        log.now += 1_000_000
        assert "The plan went back to step" in said(asked(log, who).sentence)
    do(log, walk.answer, choice="yes", step=seen.step)
    with pytest.raises(UserError) as caught:  # from a form that was opened before
        walk_back.back(log.state, plan(), log.by("UEVA"), roster, "why", left=(seen.step, seen.visit))
    assert caught.value.code == "settled"
    now = here(log)
    log.decided("UEVA", walk_back.back(log.state, plan(), log.by("UEVA"), roster, "x", left=(now.step, now.visit)))
    assert (here(log).step, here(log).visit) == (first.step, 3)


def test_it_goes_back_step_by_step_to_the_first() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="yes")
    for step in ("1.3", "1.2"):
        go(log.after(1))
        assert here(log).step == step
    with pytest.raises(UserError, match="No step was done before"):
        go(log.after(1))


def walked(log: Any) -> Walk:
    assert log.state.walk is not None
    found: Walk = log.state.walk
    return found


def here(log: Any) -> Visit:
    found = walked(log).current
    assert found is not None
    return found


def test_the_step_before_is_current_again_with_its_own_time() -> None:
    log = walking()
    first = here(log)
    do(log, walk.done, evidence="x")
    before = here(log)
    told = go(log)  # at once: it was Ben himself who ticked it
    assert told[-2] == StepBack(1, first.step, 2, before.step, 1, "it came up again")
    assert isinstance(told[-1], StepStarted)
    assert (here(log).step, here(log).visit, here(log).started_at) == (first.step, 2, log.now)
    old = {v.step: v.state for v in walked(log).visits if v.visit == 1 and not v.meanwhile}
    assert (old[first.step], old[before.step]) == ("done", "left")
    do(log, walk.done, evidence="x")
    assert (here(log).step, here(log).visit) == (before.step, 2)


@pytest.mark.parametrize(
    ("ticks", "step", "reason", "code"),
    [
        (0, "", "why", "nothing_before"),
        (1, "2.1", "why", "nothing_before"),
        (1, "9.9", "why", "nothing_before"),
        (1, "", " ", "needs_reason"),
    ],
)
def test_what_does_not_go_back(ticks: int, step: str, reason: str, code: str) -> None:
    log = walking()
    for _ in range(ticks):
        do(log, walk.done, evidence="x")
    with pytest.raises(UserError) as caught:
        go(log, reason, step)
    assert caught.value.code == code


def test_at_most_three_times() -> None:
    log = walking()
    first = here(log).step
    do(log, walk.done, evidence="x")
    for _ in range(2):
        go(log, step=first)
        do(log, walk.done, evidence="x")
    with pytest.raises(UserError) as caught:
        go(log, step=first)
    assert caught.value.code == "limit"


def failed_at_people(outcome: str, exit: int | None) -> Any:
    """The restart went wrong, and the plan has gone to people."""
    log = healing.at("1.3", "restart", True, check=True)
    log.add("bot", ActionEnded("a1", outcome, exit))
    log.decided("bot", walk_action.action_done(log.state, healing.plan(), "a1", roster, log.now))
    assert here(log).step == "2.1"
    return log


def asked_again(log: Any) -> Visit | None:
    return walk_back.unbegun(log.state, healing.plan(), lambda step: step.action is not None)


def test_what_never_began_is_asked_for_again_as_often_as_people_want() -> None:
    log = failed_at_people("failed", None)
    for visit in (2, 3, 4):
        left = asked_again(log)
        assert left is not None
        log.decided("UBEN", walk_back.ask_again(log.state, healing.plan(), log.by("UBEN"), roster, left))
        assert (here(log).step, here(log).visit) == ("1.3", visit)
        assert asked_again(log) is None, "it waits already"
        log.add("bot", ActionStarted(1, "1.3", visit, "restart", f"a{visit}", 1, True, check=True))
        with pytest.raises(UserError, match="The bot is doing step"):
            walk_back.ask_again(log.state, healing.plan(), log.by("UBEN"), roster, left)
        log.add("bot", ActionEnded(f"a{visit}", "failed", None))
        log.decided("bot", walk_action.action_done(log.state, healing.plan(), f"a{visit}", roster, log.now))
    why = "the runner is there again"
    log.decided("UBEN", walk_back.back(log.state, healing.plan(), log.by("UBEN"), roster, why, "1.3"))
    assert (here(log).step, here(log).visit) == ("1.3", 5)


@pytest.mark.parametrize("then", ["", "retry", "undo"])
def test_what_was_begun_is_not_asked_for_again(then: str) -> None:
    log = failed_at_people("timed_out", None)
    if then:
        undoes = "a1" if then == "undo" else ""
        log.add("bot", ActionStarted(1, "1.3", 1, "restart", "a2", 2, True, retry=1, undoes=undoes))
        log.add("bot", ActionEnded("a2", "failed", None))
    assert asked_again(log) is None
    with pytest.raises(UserError, match="was not done before it"):
        walk_back.back(log.state, healing.plan(), log.by("UBEN"), roster, "why", "1.3")
