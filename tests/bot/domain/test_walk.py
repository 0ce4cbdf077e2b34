import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import walk
from bot.domain.events import Draft, MilestoneMarked, StepConfirmed, StepDone
from bot.domain.run_state import SETTLED
from bot.domain.terms import MINUTE, Milestone
from bot.domain.walk_next import MOST_VISITS
from bot.errors import BadInput, UserError
from tests.bot.domain.log import Log
from tests.bot.domain.plans import Verb, current, do, plan, refused, roster, walking


def open_steps(log: Log) -> list[str]:
    walking_now = log.state.walk
    assert walking_now is not None
    return [visit.step for visit in walking_now.open]


def test_a_plan_begins() -> None:
    log = walking()
    state = log.state
    assert state.walk is not None
    assert (state.walk.run, state.walk.plan, state.walk.why, state.walk.matchers) == (1, "move", "matched", 1)
    assert [(v.step, v.person, v.meanwhile) for v in state.walk.visits] == [
        ("1.1", "UCAT", True),
        ("1.2", "UBEN", False),
    ]
    assert state.walk.visits[1].due_at == log.now + 2 * MINUTE
    assert [(o.role, o.person) for o in state.offers] == [("database lead", "UBEN"), ("communications", "UCAT")]
    assert state.offers[0].due_at == log.now + 5 * MINUTE


def test_the_holder_of_a_role_has_its_steps() -> None:
    log = walking()
    do(log, walk.done, step="1.2", evidence="seen")
    assert log.state.walk is not None
    assert log.state.walk.current is not None
    assert log.state.walk.current.person == "UBEN"


def test_from_the_first_step_to_the_last() -> None:
    log = walking()
    do(log, walk.done, evidence="https://grafana")
    do(log, walk.answer, choice="yes")
    assert log.mark(Milestone.DIAGNOSED) == log.now
    do(log, walk.done)
    assert current(log) == "2.1"
    assert log.mark(Milestone.FIX_STARTED) is None
    do(log, walk.confirm, "UANA")
    assert log.mark(Milestone.FIX_STARTED) == log.now
    assert current(log) == "2.2"
    do(log, walk.done)
    do(log, walk.confirm, "UANA")
    do(log, walk.skip, reason="")
    do(log, walk.done, "UANA")
    assert log.state.walk is not None
    assert open_steps(log) == ["1.1"]
    assert log.state.walk.outcome == ""
    do(log, walk.done, "UCAT")
    assert log.state.walk.outcome == "finished"
    assert {visit.state for visit in log.state.walk.visits} == {"done", "skipped"}


@pytest.mark.parametrize(
    ("choice", "step", "outcome"),
    [
        ("Yes", "2.1", ""),
        ("1", "2.1", ""),
        ("no", "", ""),
        ("No, it answers", "3.1", ""),
        ("not s", "1.2", ""),
        ("forget it", "", "stopped"),
        ("something", "", "replaced"),
    ],
)
def test_answers(choice: str, step: str, outcome: str) -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    if choice == "no":
        assert refused(log.after(1), walk.answer, "UBEN", choice=choice).code == "which_answer"
        return
    do(log, walk.answer, choice=choice)
    assert log.state.walk is not None
    assert log.state.walk.outcome == outcome
    assert current(log) == step


def test_going_back_has_an_end() -> None:
    log = walking()
    for _ in range(MOST_VISITS - 1):
        do(log, walk.done, evidence="x")
        do(log, walk.answer, choice="not sure")
        assert current(log) == "1.2"
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="not sure")
    assert log.state.walk is not None
    assert log.state.walk.outcome == "limit"


def test_evidence_is_asked_for() -> None:
    log = walking().after(1)
    problem = refused(log, walk.done, "UBEN", step="1.2", evidence="  ")
    assert isinstance(problem, BadInput)
    assert problem.example.startswith("done 1.2 ")


@pytest.mark.parametrize(
    ("verb", "args", "code"),
    [
        (walk.done, {"step": "1.3"}, "not_current"),
        (walk.done, {"step": "9.9"}, "not_current"),
        (walk.answer, {"step": "1.2", "choice": "yes"}, "no_decision"),
        (walk.skip, {"step": "1.2", "reason": " "}, "needs_reason"),
        (walk.confirm, {"step": "1.2"}, "not_ticked"),
        (walk.done, {"step": "1.2", "visit": 2, "evidence": "x"}, "not_current"),
        (walk.done, {"step": "1.2", "run": 7, "evidence": "x"}, "stale"),
    ],
)
def test_refuses(verb: Verb, args: dict[str, Any], code: str) -> None:
    assert refused(walking().after(1), verb, "UBEN", **args).code == code


def test_a_decision_is_answered_and_not_ticked() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    assert refused(log.after(1), walk.done, "UBEN").code == "needs_answer"
    assert refused(log, walk.skip, "UBEN", reason="no").code == "needs_answer"


# --- the second person ---


def at_tea() -> Log:
    """Step 2.2 waits for its second person; 2.3 is next."""
    log = walking()
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="yes")
    do(log, walk.done)
    return log


def test_who_ticked_cannot_confirm() -> None:
    log = at_tea().after(1)
    assert refused(log, walk.done, "UBEN", step="2.1").code == "unconfirmed"
    assert refused(log, walk.confirm, "UBEN").code == "second_person"
    assert refused(log, walk.confirm, "UBEN", alone_because="in a hurry").code == "second_person"


def test_the_role_confirms() -> None:
    log = at_tea()
    assert log.state.commander == "UANA"
    assert refused(log.after(1), walk.confirm, "UEVA").code == "other_role"
    do(log, walk.confirm, "UANA")
    assert current(log) == "2.2"


def alone_at(step: str) -> Log:
    log = walking()
    do(log, walk.done, "UANA", evidence="x")
    do(log, walk.answer, "UANA", choice="yes")
    do(log, walk.done, "UANA")
    if step == "2.2":
        do(log, walk.confirm, "UANA", alone_because="nobody answers")
        do(log, walk.done, "UANA")
    return log.after(1)


def test_alone_with_a_reason() -> None:
    log = alone_at("2.1")
    assert refused(log, walk.confirm, "UANA").code == "alone"
    drafts = walk.confirm(log.state, plan(), log.by("UANA"), roster, alone_because="nobody answers")
    assert StepConfirmed(1, "2.1", 1, True, "nobody answers") in [draft.payload for draft in drafts]


def test_a_plan_may_forbid_to_be_alone() -> None:
    log = alone_at("2.2")
    assert refused(log, walk.confirm, "UANA", alone_because="nobody answers").code == "second_person_always"
    do(log, walk.confirm, "UBEN")
    assert current(log) == "2.3"


def test_milestones_come_with_the_tick() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="no, it")
    log.after(1)
    drafts = walk.done(log.state, plan(), log.by("UANA"), roster)
    kinds = [type(draft.payload) for draft in drafts]
    assert kinds[1:3] == [StepDone, MilestoneMarked]


# --- whatever people do ---

WORDS = st.tuples(
    st.sampled_from(["done", "confirm", "skip", "yes", "not sure", "no, it", "forget it"]),
    st.sampled_from(["UANA", "UBEN", "UEVA"]),
    st.sampled_from([0.0, 0.1, 1.0]),
)


def attempted(log: Log, word: str, who: str) -> tuple[Draft, ...]:
    state, by = log.state, log.by(who)
    if word == "done":
        return walk.done(state, plan(), by, roster, evidence="x")
    if word == "confirm":
        return walk.confirm(state, plan(), by, roster, alone_because="x")
    if word == "skip":
        return walk.skip(state, plan(), by, roster, "x")
    return walk.answer(state, plan(), by, roster, word)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_whatever_people_type(words: list[tuple[str, str, float]]) -> None:
    log = walking()
    for word, who, minutes in words:
        log.after(minutes)
        with contextlib.suppress(UserError):
            log.decided(who, attempted(log, word, who))
        here = log.state.walk
        assert here is not None
        holding = [v for v in here.visits if not v.meanwhile and v.state not in SETTLED]
        assert len(holding) <= 1
        assert bool(here.open) == (here.ended_at is None)
        assert max(v.visit for v in here.visits) <= MOST_VISITS
        assert len({(v.step, v.visit) for v in here.visits}) == len(here.visits)
        for visit in here.visits:
            if visit.state == "done" and plan().step(visit.step).confirm_always:
                assert visit.confirmed_by not in ("", visit.done_by)
