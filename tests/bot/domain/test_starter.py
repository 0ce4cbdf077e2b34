"""Because of whom an action is asked: that person's yes does not count."""

import pytest

from bot.domain import asking, walk
from bot.domain.events import DrillBegan, PlanResumed
from tests.bot.domain.log import Log, declared
from tests.bot.domain.plans import plan, roster


def begun(actor: str) -> Log:
    log = declared()
    log.decided(actor, walk.attach(log.state, plan(), "asked", 1, roster, log.now))
    return log


@pytest.mark.parametrize(("actor", "expected"), [("UANA", "UANA"), ("bot", ""), ("alertmanager", "")])
def test_who_began_the_plan(actor: str, expected: str) -> None:
    assert asking.starter(begun(actor).state, 1) == expected


def test_who_went_on_with_it() -> None:
    log = begun("UANA")
    log.add("UBEN", PlanResumed(1, plan().id, "1.1"))
    assert asking.starter(log.state, 1) == "UBEN"


def test_who_began_the_drill() -> None:
    log = begun("bot")
    log.add("bot", DrillBegan(plan().id, plan().sha, "UCAT"))
    assert asking.starter(log.state, 1) == "UCAT"
