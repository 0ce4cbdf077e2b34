from dataclasses import replace

import pytest

from bot.domain import walk
from bot.domain.events import PlanEnded
from bot.domain.terms import BOT
from bot.errors import Refused, UserError
from bot.text import PlainShow, render
from tests.bot.domain.log import Log
from tests.bot.domain.plans import current, do, plan, refused, roster, said, walking


def test_two_people_who_type_done_within_a_second_tick_one_step() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="yes")
    do(log, walk.done)
    do(log, walk.confirm, "UANA")
    do(log, walk.done)
    do(log, walk.confirm, "UANA")
    do(log, walk.done, "UEVA")  # 2.3; now 3.1 is current, and it is Ana's
    log.now += 1_000_000
    assert isinstance(refused(log, walk.done, "UBEN"), walk.AskFirst)
    assert isinstance(refused(log, walk.done, "UANA"), walk.AskFirst)
    assert current(log) == "3.1"


def test_typed_words_mean_what_the_sender_saw() -> None:
    log = walking()
    do(log, walk.done, evidence="x")  # Ben ticks 1.2; 1.3 begins
    log.now += 4_000_000
    problem = refused(log, walk.answer, "UEVA", choice="yes")
    assert isinstance(problem, walk.AskFirst)
    assert (problem.run, problem.visit.step, problem.visit.visit, problem.needs) == (1, "1.3", 1, False)
    assert "was ticked by {who} {when}" in said(problem.sentence)
    log.decided("UEVA", walk.answer(log.state, plan(), log.by("UEVA"), roster, "yes", "1.3", 1))
    assert current(log) == "2.1"


def test_the_holder_of_the_step_need_not_wait() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    log.now += 2_000_000
    log.decided("UBEN", walk.answer(log.state, plan(), log.by("UBEN"), roster, "yes"))
    assert current(log) == "2.1"


def test_the_holder_is_asked_if_somebody_else_was_quicker_by_a_second() -> None:
    log = walking()
    do(log, walk.done, "UEVA", evidence="x")
    log.now += 1_000_000
    assert isinstance(refused(log, walk.answer, "UBEN", choice="yes"), walk.AskFirst)
    log.now += 20_000_000
    log.decided("UBEN", walk.answer(log.state, plan(), log.by("UBEN"), roster, "yes"))


def test_a_click_on_an_old_card_says_who_was_quicker() -> None:
    log = walking()
    do(log, walk.done, step="1.2", visit=1, run=1, evidence="x")
    problem = refused(log.after(0.1), walk.done, "UANA", step="1.2", visit=1, run=1, evidence="x")
    assert isinstance(problem, Refused)
    assert problem.code == "settled"
    assert "was ticked by {who} {when}" in said(problem.sentence)
    assert "Now: {step} {text}" in said(problem.sentence)


def test_what_no_longer_counts_says_so() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    log.add(BOT, PlanEnded(1, "replaced"))
    assert refused(log, walk.done, "UBEN", step="1.3", visit=1).code == "plan_ended"
    log.decided("bot", walk.attach(log.state, plan(), "asked", 0, roster, log.now))
    assert log.state.walk is not None
    assert log.state.walk.run == 2
    assert refused(log, walk.done, "UBEN", step="2.2", visit=1, run=1).code == "stale"
    with pytest.raises(Refused):
        walk.attach(log.state, plan(), "asked", 0, roster, log.now)


def told(problem: UserError) -> str:
    return render(problem.sentence, PlainShow({"UBEN": "Ben", "UANA": "Ana"}))


def deciding() -> Log:
    """The plan asks whether it is broken."""
    log = walking()
    do(log, walk.done, evidence="x")
    return log


@pytest.mark.parametrize(
    ("choice", "next_"),
    [
        ("yes", "Now: 2.1 Fence it."),
        ("no, it answers", "Now: 3.1 Say it is over."),
        ("not sure", "Now: 1.2 Look."),
        ("forget it", "The plan has ended; nothing of it waits. Another one: `plan`."),
    ],
)
def test_who_answers_a_moment_late_is_told_who_did_and_what_is_next(choice: str, next_: str) -> None:
    """Typed without a number, and clicked; whether the plan goes on, elsewhere, back, or ends."""
    log = deciding()
    do(log, walk.answer, choice=choice)
    log.now += 1_000_000
    words = choice.capitalize()
    for args in ({}, {"step": "1.3", "visit": 1, "run": 1}):
        problem = refused(log, walk.answer, "UANA", choice="yes", **args)
        assert not isinstance(problem, walk.AskFirst)
        assert told(problem).startswith(f"Step 1.3 was answered with “{words}” by Ben ")
        assert told(problem).endswith(next_)


def test_an_answer_that_led_into_another_plan() -> None:
    log = deciding()
    do(log, walk.answer, choice="something else")
    other = replace(plan(), id="other", sha="other")
    log.decided("bot", walk.attach(log.state, other, "asked", 0, roster, log.now))
    problem = refused(log, walk.answer, "UANA", choice="yes", step="1.3", visit=1, run=1)
    assert "“Something else” by Ben at " in told(problem)
    assert "has been replaced" in told(problem)
    late = refused(log, walk.answer, "UANA", choice="yes")
    assert told(late) == "Step 1.3 was answered with “Something else” by Ben 0\u00a0s ago. Now: 1.2 Look."


def test_an_answer_to_the_next_decision_is_asked_about_in_its_words() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    problem = refused(log, walk.answer, "UEVA", choice="yes")
    assert told(problem).endswith("Is it your answer to 1.3 Is it broken?, too?")


def test_who_confirms_a_moment_late_is_told_who_did() -> None:
    log = deciding()
    do(log, walk.answer, choice="yes")
    do(log, walk.done)
    do(log, walk.confirm, "UANA")
    log.now += 2_000_000
    problem = refused(log, walk.confirm, "UEVA")
    assert told(problem) == "Step 2.1 was confirmed by Ana 2\u00a0s ago. Now: 2.2 Shut the door."


def test_nobody_was_quicker() -> None:
    """Before any decision: the plain word that this step is none."""
    problem = refused(walking().after(1), walk.answer, "UBEN", choice="yes")
    assert told(problem) == "Step 1.2 is no decision: tick it with `done`."


def test_a_tick_that_needs_evidence_says_so_when_it_is_asked_about() -> None:
    """So that the button asks for it, instead of being refused."""
    log = walking()
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="not sure")  # 1.2 begins anew
    problem = refused(log, walk.done, "UEVA")
    assert isinstance(problem, walk.AskFirst)
    assert (problem.visit.step, problem.visit.visit, problem.needs) == ("1.2", 2, True)


def test_what_nobody_can_see_is_no_evidence() -> None:
    problem = refused(walking(), walk.done, "UBEN", evidence="\u200b \u2060")
    assert problem.code == "needs_evidence"


def test_who_confirms_is_not_asked_to_tick() -> None:
    log = walking()
    do(log, walk.done, "UBEN", evidence="x")
    assert "nothing to confirm" in said(refused(log, walk.confirm, "UANA").sentence)
