from typing import Any

import pytest

from bot.domain import walk, walk_people
from bot.domain.events import RoleOffered, RolePassed, RoleTaken, RoleUnanswered, StepAssigned, StepHelp, StepOverdue
from bot.domain.terms import BOT, MINUTE
from bot.errors import UserError
from tests.bot.domain.plans import do, plan, roster, walking


def payloads(drafts: tuple[Any, ...]) -> list[Any]:
    return [draft.payload for draft in drafts]


def test_assign_and_not_mine() -> None:
    log = walking().after(1)
    given = walk_people.assign(log.state, plan(), log.by("UANA"), "UDAN", step="1.2")
    assert payloads(given)[-1] == StepAssigned(1, "1.2", 1, "UDAN", "UBEN", "asked")
    log.decided("UANA", given)
    assert log.state.walk is not None
    assert log.state.walk.current is not None
    assert log.state.walk.current.person == "UDAN"
    back = walk_people.assign(log.state, plan(), log.by("UDAN"), "UBEN", why="not_mine")
    assert payloads(back)[-1] == StepAssigned(1, "1.2", 1, "UBEN", "UDAN", "not_mine")
    with pytest.raises(UserError):
        walk_people.assign(log.state, plan(), log.by("UDAN"), "", why="not_mine")
    again = walk_people.assign(log.state, plan(), log.by("UANA"), "UDAN", step="1.2")
    assert StepAssigned not in [type(payload) for payload in payloads(again)]


def test_help_calls_the_standby() -> None:
    log = walking().after(1)
    called = walk_people.help_(log.state, plan(), log.by("UBEN"), roster, step="1.2")
    assert payloads(called)[-1] == StepHelp(1, "1.2", 1, "UDAN")
    called = walk_people.help_(log.state, plan(), log.by("UDAN"), roster, step="1.2")
    assert payloads(called)[-1] == StepHelp(1, "1.2", 1, "UEVA")
    do(log, walk.done, evidence="x")
    do(log, walk.answer, choice="no, it")
    with pytest.raises(UserError) as caught:
        walk_people.help_(log.state, plan(), log.after(1).by("UANA"), roster)
    assert caught.value.code == "no_standby"


def test_overdue_is_said_once() -> None:
    log = walking()
    assert walk_people.overdue(log.state, 1, "1.2", 1, log.now) == ()
    log.after(2)
    late = walk_people.overdue(log.state, 1, "1.2", 1, log.now)
    assert payloads(late) == [StepOverdue(1, "1.2", 1)]
    assert late[0].actor == BOT
    log.decided("bot", late)
    assert walk_people.overdue(log.state, 1, "1.2", 1, log.now) == ()


@pytest.mark.parametrize(("run", "step", "visit"), [(2, "1.2", 1), (1, "1.2", 2), (1, "1.1", 1), (1, "1.3", 1)])
def test_nothing_else_is_overdue(run: int, step: str, visit: int) -> None:
    log = walking().after(60)
    assert walk_people.overdue(log.state, run, step, visit, log.now) == ()


def test_what_is_done_is_not_overdue() -> None:
    log = walking()
    do(log, walk.done, evidence="x")
    assert walk_people.overdue(log.state, 1, "1.2", 1, log.after(9).now) == ()


def test_the_standby_takes_over_when_nobody_answers() -> None:
    log = walking().after(5)
    drafts = walk_people.standby(log.state, plan(), "database lead", roster, log.now)
    assert payloads(drafts) == [
        RoleOffered("database lead", "UDAN", "standby", log.now + 5 * MINUTE),
        StepAssigned(1, "1.2", 1, "UDAN", "UBEN", "standby"),
    ]
    assert {draft.actor for draft in drafts} == {BOT}
    log.decided("bot", drafts)
    later = walk_people.standby(log.state, plan(), "database lead", roster, log.now)
    assert [p.person for p in payloads(later) if isinstance(p, RoleOffered)] == ["UEVA"]


def test_that_nobody_has_answered_for_a_role_is_said_once() -> None:
    log = walking()
    for _ in range(2):
        log.decided("bot", walk_people.standby(log.after(5).state, plan(), "database lead", roster, log.now))
    said = walk_people.standby(log.after(5).state, plan(), "database lead", roster, log.now)
    assert payloads(said) == [RoleUnanswered("database lead", ("UBEN", "UDAN", "UEVA"))]
    log.decided("bot", said)
    assert walk_people.standby(log.after(5).state, plan(), "database lead", roster, log.now) == ()
    assert [offered.due_at for offered in log.state.offers if offered.role == "database lead"] == [None, None, None]


def test_who_answers_in_time_keeps_the_role() -> None:
    log = walking().after(1)
    log.add("UBEN", RoleTaken("database lead", "UBEN"))
    assert walk_people.standby(log.after(4).state, plan(), "database lead", roster, log.now) == ()
    assert walk_people.standby(log.state, plan(), "commander", roster, log.now) == ()


def test_who_passes_is_followed_by_the_standby() -> None:
    log = walking().after(1)
    log.add("UBEN", RolePassed("database lead", "UBEN"))
    drafts = walk_people.standby(log.state, plan(), "database lead", roster, log.now)
    assert [p.person for p in payloads(drafts)] == ["UDAN", "UDAN"]


def test_steps_follow_the_role() -> None:
    log = walking().after(1)
    log.add("UEVA", RoleTaken("database lead", "UEVA"))
    assert payloads(walk_people.follow_role(log.state, "database lead", "UEVA")) == [
        StepAssigned(1, "1.2", 1, "UEVA", "UBEN", "asked")
    ]
    log.decided("UEVA", walk_people.follow_role(log.state, "database lead", "UEVA"))
    assert walk_people.follow_role(log.state, "database lead", "UEVA") == ()
