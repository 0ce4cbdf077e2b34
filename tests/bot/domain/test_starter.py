"""Because of whom an action is asked: that person's yes does not count."""

import pytest

from bot.domain import approval, asking, walk
from bot.domain.events import DrillBegan, PlanResumed
from tests.bot.domain.log import Log, declared
from tests.bot.domain.plans import plan, roster, walking
from tests.bot.domain.test_approval import DIGEST, TWO, may, members, refused, the, wanted
from tests.bot.domain.test_approval import asking as asked


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


def test_who_wanted_it_before_does_not_count_either() -> None:
    """Somebody else's question for the same makes nobody's yes count that did not: who asked, or began the plan."""
    log, again = asked(starter="UBEN"), "e" * 64
    log.decided("UANA", approval.deny(log.state, log.by("UANA"), may(log), DIGEST, reason="not now"))
    log.decided("UEVA", approval.ask(log.state, wanted(again), TWO, members, "UEVA", log.now))
    assert the(log).may == ("UANA", "UCAT", "UDAN")
    assert refused(log, "UBEN", wanted=again).code == "starter"
    began = walking(by="UANA")
    began.decided("UEVA", approval.ask(began.state, wanted(), TWO, members, "UEVA", began.now))
    assert refused(began, "UANA").code == "starter"
