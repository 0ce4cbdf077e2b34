"""Whatever `help` offers, its own verb takes: in every status, with and without a plan, a role, somebody else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

import pytest

from bot.domain import change, course, ending, fitting, followup, merging, questions, roles, saying, telling, walk
from bot.domain.events import Draft, Paused, ResponderJoined, RoleTaken, StatusChanged
from bot.domain.people import By, refuse_if_over
from bot.domain.state import Incident
from bot.domain.terms import HOUR, Severity, Status
from tests.bot.domain.log import Log, alerted
from tests.bot.domain.plans import do, plan, roster, walking

ALL = tuple(Status)
READS = ("summary", "timeline", "runs", "alerts", "list", "plans", "metrics")
Guard = Callable[[Incident, By], object]


def archive(i: Incident, by: By) -> tuple[Draft, ...]:
    assert i.channel
    return ending.archive(i)


GUARDS: Mapping[str, Guard] = {
    "ack": roles.ack,
    "plan": lambda i, by: refuse_if_over(i),
    "done": lambda i, by: walk.done(i, plan(), by, roster, evidence="a link"),
    "answer": lambda i, by: walk.answer(i, plan(), by, roster, "Yes"),
    "confirm": lambda i, by: walk.confirm(i, plan(), by, roster),
    "resume": course.resume,
    "update": lambda i, by: saying.send_update(i, by, "", "We look."),
    "page": lambda i, by: refuse_if_over(i),
    "handoff": lambda i, by: roles.hand_over(i, by, "UZOE"),
    "role": lambda i, by: roles.assign(i, by, "scribe", by.who),
    "resolve": change.resolve,
    "status": lambda i, by: change.set_status(i, by, Status.MONITORING),
    "sev": lambda i, by: change.set_severity(i, by, Severity.SEV4, ()),
    "note": lambda i, by: saying.note(i, by, "so it is"),
    "split": lambda i, by: () if i.status is Status.MERGED else pytest.fail("it is by itself"),
    "reopen": lambda i, by: ending.reopen(i, by, "it is back"),
    "questions": lambda i, by: questions.answer(i, by, None, {}, ""),
    "close": ending.close,
    "archive": archive,
    "followup": lambda i, by: followup.make(i, by, "look at it", "", ""),
    "times": lambda i, by: (),
    "watch": lambda i, by: course.watch(i, by, by.now + HOUR),
    "pause": lambda i, by: course.pause(i, by, "the vendor calls back") or pytest.fail("it is paused"),
    "merge": lambda i, by: merging.check(i, replace(i, number=7, status=Status.INVESTIGATING)),
    "decline": lambda i, by: ending.decline(i, by, "mistake"),
    "decide": lambda i, by: telling.decide(i, by, "we fail over"),
    "tried": lambda i, by: telling.tried(i, by, "a restart", ""),
    "seen": lambda i, by: telling.seen(i, by, "customer", "no orders"),
    "impact": telling.no_impact,
    "cause": lambda i, by: telling.cause(i, by, next(iter(questions.CAUSES))),
    **dict.fromkeys(READS, lambda i, by: ()),
}
"""Verb → what may refuse it."""


def alone() -> Log:
    log = alerted()
    log.decided("UANA", roles.ack(log.state, log.by("UANA")))
    return log


def two() -> Log:
    log = alone()
    log.add("UBEN", ResponderJoined("UBEN", "command"))
    return log


def unconfirmed() -> Log:
    log = walking()
    log.add("UBEN", RoleTaken("database lead", "UBEN"))
    do(log, walk.done, evidence="a link")
    do(log, walk.answer, choice="Yes")
    do(log, walk.done)
    return log


def decision() -> Log:
    log = walking()
    do(log, walk.done, evidence="a link")
    return log


def paused() -> Log:
    log = alone()
    log.add("UANA", Paused("the vendor calls back"))
    return log


BEGINNINGS = {one.__name__: one for one in (alerted, alone, two, walking, decision, unconfirmed, paused)}


def state(begun: Log, status: Status) -> Incident:
    if status is not begun.state.status:
        begun.add("UANA", StatusChanged(begun.state.status, status))
    return replace(begun.state, channel="C42")


def decides(incident: Incident) -> bool:
    here = incident.walk.current if incident.walk else None
    return here is not None and bool(plan().step(here.step).answers)


@pytest.mark.parametrize(("status", "begun"), list(product(ALL, BEGINNINGS)))
@pytest.mark.parametrize("who", ["UANA", "UBEN", "UZOE"])
def test_what_is_offered_is_not_refused(status: Status, begun: str, who: str) -> None:
    log = BEGINNINGS[begun]().after(5)
    incident, by = state(log, status), log.by(who)
    some = fitting.verbs(incident, who, decides(incident))
    assert len(set(some)) == len(some) >= 8
    for name in (*some, *fitting.seldom(incident, False)):
        GUARDS[name](incident, by)


def eight(begun: str, status: Status, who: str = "UANA") -> set[str]:
    incident = state(BEGINNINGS[begun]().after(5), status)
    return set(fitting.verbs(incident, who, decides(incident))[:8])


def test_the_verbs_that_people_need_are_among_the_eight() -> None:
    assert {"ack", "plan"} <= eight("alerted", Status.INVESTIGATING)
    assert {"page", "handoff", "status", "update"} <= eight("alone", Status.INVESTIGATING)
    assert {"done"} <= eight("walking", Status.INVESTIGATING)
    assert {"answer"} <= eight("decision", Status.INVESTIGATING)
    assert {"confirm", "handoff"} <= eight("unconfirmed", Status.INVESTIGATING)
    assert {"resolve"} <= eight("two", Status.MONITORING)
    assert {"resume"} <= eight("paused", Status.INVESTIGATING)
    assert {"reopen", "close", "questions", "metrics"} <= eight("two", Status.RESOLVED)
    assert {"reopen", "archive", "questions"} <= eight("two", Status.CLOSED)
    assert "reopen" not in eight("two", Status.MERGED)
