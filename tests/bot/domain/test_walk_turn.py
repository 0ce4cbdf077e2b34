"""One plan after the other: what becomes of the first, and how it goes on."""

import pytest

from bot.domain import walk, walk_turn
from bot.domain.events import ActionEnded, ActionStarted, ApprovalAsked, DrillBegan, PlanResumed, StepStarted
from bot.domain.plan import Plan
from bot.domain.state import Incident
from bot.domain.terms import Kind
from bot.errors import Refused
from bot.slack.views import walks
from bot.text import PlainShow, render
from tests.bot.domain.log import Log, declared
from tests.bot.domain.plans import PAGE, plan, roster, walking
from tests.runbooks.pages import read


def other() -> Plan:
    found = read(PAGE.replace("id: move", "id: other").replace("# Move it", "# Other"))
    assert found.plan is not None
    return found.plan


def turned(log: Log) -> Log:
    """Somebody takes up the other plan."""
    log.decided("UANA", walk.attach(log.after(1).state, other(), "asked", 0, roster, log.now))
    return log


def test_a_plan_that_somebody_took_up_a_moment_ago_is_not_left_unasked() -> None:
    log = walking()
    turned(log)
    run = log.state.walks[-1].run
    log.now += 2_000_000

    def doubts(who: str, seen: int = 0) -> list[str]:
        found = walk_turn.only_just(log.state, log.events, log.by(who), seen)
        return [render(line, PlainShow()) for line in found]

    assert doubts("UBEN") == ["UANA took up Other 2\u00a0s ago."]
    assert doubts("UANA") == [], "who did it knows"
    assert doubts("UBEN", run) == [], "he saw it"
    log.after(1)
    assert doubts("UBEN") == []


def on(log: Log) -> Log:
    """The first goes on."""
    left = walk_turn.kept(log.state, "move")
    assert left is not None
    log.decided("UANA", walk_turn.resume(log.after(1).state, plan(), left, roster, log.now))
    return log


def said(incident: Incident) -> list[str]:
    return [render(line, PlainShow()) for line in walk_turn.standing(incident)]


def outcomes(log: Log) -> list[tuple[str, str]]:
    return [(one.plan, render(walks.outcome(one), PlainShow())) for one in log.state.walks]


def looked() -> Log:
    """1.2 is done, 1.1 waits meanwhile, 1.3 is current."""
    log = walking()
    log.decided("UBEN", walk.done(log.after(1).state, plan(), log.by("UBEN"), roster, "1.2", evidence="a link"))
    return log


def test_it_goes_on_where_it_was_left_with_what_was_done() -> None:
    log = on(turned(looked()))
    here = log.state.walk
    assert here is not None
    assert (here.plan, here.run, here.ended_at, here.outcome) == ("move", 1, None, "")
    assert [(v.step, v.visit, v.state, v.done_by) for v in here.visits] == [
        ("1.1", 1, "left", ""),
        ("1.2", 1, "done", "UBEN"),
        ("1.3", 1, "left", ""),
        ("1.1", 2, "open", ""),
        ("1.3", 2, "open", ""),
    ]
    assert outcomes(log) == [("other", "left at step 1.2"), ("move", "under way")]
    log.decided("UBEN", walk.answer(log.state, plan(), log.by("UBEN"), roster, "Yes", "1.3"))
    assert log.state.walk is not None
    assert log.state.walk.current is not None
    assert log.state.walk.current.step == "2.1"


def test_the_other_one_can_go_on_again_too() -> None:
    log = on(turned(looked()))
    left = walk_turn.kept(log.state, "other")
    assert left is not None
    log.decided("UANA", walk_turn.resume(log.state, other(), left, roster, log.now))
    assert [one.run for one in log.state.walks] == [1, 2]
    third = turned(on(log))
    assert [one.run for one in third.state.walks] == [2, 1, 3], "a third walk has a number of its own"


def test_what_came_to_its_end_does_not_go_on() -> None:
    log = looked()
    log.decided("UBEN", walk.answer(log.state, plan(), log.by("UBEN"), roster, "Something", "1.3"))
    turned(log)
    assert walk_turn.kept(log.state, "move") is None, "its own answer led on"
    ended = looked()
    ended.decided("UBEN", walk.answer(ended.state, plan(), ended.by("UBEN"), roster, "Forget", "1.3"))
    assert walk_turn.kept(turned(ended).state, "move") is None
    running = looked()
    assert walk_turn.kept(running.state, "move") is None
    with pytest.raises(Refused):
        walk_turn.resume(running.state, plan(), running.state.walks[0], roster, running.now)


def test_what_becomes_of_it_is_said_if_somebody_has_begun() -> None:
    assert said(walking().state) == []
    log = looked()
    assert said(log.state) == ["Move it is at step 1.3. It would be left there; plan move goes on with it."]
    log.decided("UBEN", walk.answer(log.state, plan(), log.by("UBEN"), roster, "Yes", "1.3"))
    log.decided("UBEN", walk.done(log.after(1).state, plan(), log.by("UBEN"), roster, "2.1"))
    assert said(log.state)[1:] == ["Step 2.1 is ticked and not confirmed: it would have to be ticked again."]
    assert said(turned(log).state) == [], "the other one has just begun"


def test_what_waits_and_what_runs_is_said() -> None:
    log = walking()
    log.add("bot", ApprovalAsked(1, "1.2", 1, "act", "ff00", 1, ("UCAT",), log.now))
    assert said(log.state)[1:] == ["The question whether the action of step 1.2 may run would be withdrawn."]
    log.add("bot", ActionStarted(1, "1.2", 1, "act", "at1", 1, True))
    assert said(log.state)[1:] == ["What Tocsin does in step 1.2 goes on all the same; `stop` ends it."]


def test_what_runs_is_not_begun_twice() -> None:
    log = walking()
    log.add("bot", ActionStarted(1, "1.2", 1, "act", "at1", 1, True))
    turned(log)
    assert log.state.walks[0].left_at is not None
    on(log)
    assert [e.payload.step for e in log.events if isinstance(e.payload, StepStarted) and e.payload.visit == 2] == [
        "1.1"
    ]
    here = log.state.walk
    assert here is not None
    assert here.current is not None
    assert (here.current.step, here.current.state) == ("1.2", "running")
    log.add("bot", ActionEnded("at1", "exited", 0))
    assert log.state.walk is not None
    assert log.state.walk.current is not None
    assert log.state.walk.current.state == "open", "its end is seen"


def test_an_experiment_is_taken_back_first() -> None:
    log = declared(kind=Kind.DRILL)
    log.add("bot", DrillBegan("move", plan().sha, "UANA", ends_at=log.now + 9))
    log.decided("bot", walk.attach(log.state, plan(), "asked", 1, roster, log.now))
    with pytest.raises(Refused) as refused:
        walk.attach(log.state, other(), "asked", 0, roster, log.now)
    assert refused.value.code == "experiment"


def test_resuming_is_one_event() -> None:
    log = on(turned(looked()))
    [resumed] = [e.payload for e in log.events if isinstance(e.payload, PlanResumed)]
    assert (resumed.run, resumed.plan, resumed.step) == (1, "move", "1.3")
