from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import approval
from bot.domain.approval import Requirement, Wanted, digest
from bot.domain.events import (
    ActionStarted,
    ApprovalAsked,
    ApprovalGiven,
    ApprovalWidened,
    StatusChanged,
    StepDone,
)
from bot.domain.run_state import Approval
from bot.domain.terms import MINUTE, Status
from bot.errors import BadInput, Refused, UserError
from tests.bot.domain.log import Log
from tests.bot.domain.plans import walking

GROUPS = {"sre": ("UANA", "UBEN"), "owners": ("UCAT", "UDAN")}
TWO = Requirement(2, ("sre", "owners"))
DIGEST = digest(42, 1, "1.2", 1, "p" * 64, {"run": ["/x"]}, {"host": "web-1"}, ["web-1"])


def members(group: str) -> tuple[str, ...]:
    return GROUPS.get(group, ())


def wanted(which: str = DIGEST) -> Wanted:
    return Wanted(1, "1.2", 1, "restart", which, "p" * 64, "web-1", "{}")


def asking(requirement: Requirement = TWO, starter: str = "") -> Log:
    log = walking()
    log.decided("bot", approval.ask(log.state, wanted(), requirement, members, starter, log.now))
    return log.after(1)


@pytest.mark.parametrize(
    ("typed", "word"), [("", False), ("feed", True), ("dead", True), ("fee1", False), ("abcd", False), (DIGEST, False)]
)
def test_a_word_that_looks_like_a_code(typed: str, word: bool) -> None:
    log = walking()
    log.decided("bot", approval.ask(log.state, wanted("abcd" + DIGEST[4:]), TWO, members, "", log.now))
    assert approval.is_word(log.state, typed) is word


def the(log: Log) -> Approval:
    return log.state.approvals[-1]


def may(log: Log, requirement: Requirement = TWO) -> tuple[str, ...]:
    return approval.voters(log.state, requirement, the(log), members, log.now)


def yes(log: Log, who: str, requirement: Requirement = TWO, **args: Any) -> None:
    args = {"wanted": DIGEST, **args}
    log.decided(who, approval.give(log.state, log.by(who), may(log, requirement), **args))


def refused(log: Log, who: str, verb: Callable[..., Any] = approval.give, **args: Any) -> UserError:
    args = {"wanted": DIGEST, "may": may(log), **args}
    with pytest.raises(UserError) as caught:
        verb(log.state, log.by(who), **args)
    return caught.value


def test_asks_the_first_group_first() -> None:
    log = asking()
    asked = next(e.payload for e in log.events if isinstance(e.payload, ApprovalAsked))
    assert (asked.may, asked.then) == (("UANA", "UBEN"), ("owners",))
    assert asked.widen_at == log.now - MINUTE + 5 * MINUTE
    assert asked.code == DIGEST[:4]
    assert may(log) == ("UANA", "UBEN")
    log.after(5)
    log.decided("bot", approval.widen(log.state, DIGEST, members, log.now))
    assert log.events[-1].payload == ApprovalWidened(DIGEST, ("UCAT", "UDAN"))
    assert may(log) == ("UANA", "UBEN", "UCAT", "UDAN")


def test_asks_as_many_groups_as_it_takes() -> None:
    log = asking(Requirement(2, ("sre", "owners")), starter="UANA")
    assert the(log).may == ("UBEN", "UCAT", "UDAN")
    with pytest.raises(Refused) as caught:
        approval.ask(log.state, wanted("e" * 64), Requirement(2, ("nobody",)), members, "", log.now)
    assert caught.value.code == "nobody"


def test_two_different_people() -> None:
    log = asking()
    yes(log, "UANA")
    assert the(log).state == "open"
    assert refused(log, "UANA").code == "twice"
    yes(log, "UBEN")
    assert the(log).state == "given"
    assert log.events[-1].payload == ApprovalGiven(DIGEST, True, ("UANA", "UBEN"), 2)
    assert refused(log, "UBEN").code == "given"
    assert refused(log, "UANA", approval.deny).code == "given"


def test_a_yes_of_somebody_who_left_the_group_no_longer_counts() -> None:
    log = asking()
    yes(log, "UANA")
    drafts = approval.give(log.state, log.by("UBEN"), ("UBEN", "UCAT"), DIGEST)
    assert drafts[0].payload == ApprovalGiven(DIGEST, False, ("UBEN", "UCAT"), 2)


@pytest.mark.parametrize(("now", "needed"), [(0, 1), (1, 1), (2, 2)])
def test_as_many_must_say_yes_as_are_needed_now_and_were_asked_for(now: int, needed: int) -> None:
    """The severity rose meanwhile, or the policy changed: the stricter of both holds, also for what the card shows."""
    one = Requirement(1, ("sre",))
    log = asking(one)
    yes(log, "UANA", one, need=now)
    assert (the(log).need, the(log).state) == (needed, "given" if needed == 1 else "open")
    if the(log).state == "open":
        yes(log, "UBEN", one, need=1)
    assert the(log).state == "given"


@pytest.mark.parametrize(
    ("who", "args", "code"),
    [
        ("UCAT", {}, "not_member"),
        ("UANA", {"standing": "stranger"}, "stranger"),
        ("UANA", {"standing": "deleted"}, "deleted"),
        ("UANA", {"standing": "unknown"}, "unknown"),
        ("UANA", {"wanted": "f" * 64}, "foreign"),
        ("UANA", {"wanted": "", "code": ""}, "code"),
        ("UANA", {"wanted": "", "code": DIGEST[:3]}, "code"),
        ("UANA", {"wanted": "", "code": "zzzz"}, "no_such_code"),
        ("UANA", {"may": ()}, "not_member"),
    ],
)
def test_refuses_with_words(who: str, args: dict[str, Any], code: str) -> None:
    problem = refused(asking(), who, **args)
    assert problem.code == code
    assert isinstance(problem, (Refused, BadInput))


def test_the_starter_does_not_count() -> None:
    log = asking(starter="UBEN")
    assert refused(log, "UBEN").code == "starter"
    log.decided("UBEN", approval.deny(log.state, log.by("UBEN"), may(log), DIGEST, reason="no longer"))
    assert the(log).state == "denied"


def test_a_typed_yes_needs_the_code() -> None:
    log = asking()
    yes(log, "UANA", wanted="", code=DIGEST[:4].upper())
    assert the(log).given == ("UANA",)


def test_no_stops() -> None:
    log = asking()
    yes(log, "UANA")
    log.decided("UBEN", approval.deny(log.state, log.by("UBEN"), may(log), DIGEST, reason="wrong host"))
    assert the(log).state == "denied"
    assert refused(log, "UANA").code == "denied"
    assert refused(asking(), "UEVA", approval.deny).code == "not_member"


def test_time_is_never_a_yes() -> None:
    log = asking()
    yes(log, "UANA")
    assert approval.expire(log.state, DIGEST, log.now) == ()
    log.after(14)
    assert refused(log, "UBEN").code == "expired"
    log.after(3)
    log.decided("bot", approval.expire(log.state, DIGEST, log.now))
    assert (the(log).state, the(log).ended_at) == ("expired", the(log).expires_at), "not when it was noticed"
    assert approval.expire(log.state, DIGEST, log.now) == ()
    assert approval.widen(log.state, DIGEST, members, log.now) == ()
    assert refused(log, "UBEN").code == "expired"


def test_a_card_of_yesterday_does_nothing() -> None:
    log = asking()
    log.add("UBEN", StepDone(1, "1.2", 1))
    assert refused(log, "UANA").code == "overtaken"
    log.add("UBEN", StatusChanged(Status.INVESTIGATING, Status.RESOLVED))
    assert refused(log, "UANA").code == "over"


def test_a_changed_action_is_a_new_question() -> None:
    log = asking()
    assert approval.ask(log.state, wanted(), TWO, members, "", log.now) == ()
    log.decided("bot", approval.ask(log.state, wanted("e" * 64), TWO, members, "", log.now))
    assert [(a.state, a.replaced_by) for a in log.state.approvals] == [("replaced", "e" * 64), ("open", "")]
    assert refused(log, "UANA").code == "replaced"
    assert approval.asked_before(log.state, 1, "1.2", 1) == 1


def test_one_yes_one_run() -> None:
    log = asking()
    assert approval.asked_before(log.state, 1, "1.2", 1) == 0
    yes(log, "UANA")
    yes(log, "UBEN")
    assert approval.asked_before(log.state, 1, "1.2", 1) == 0
    log.add("bot", ActionStarted(1, "1.2", 1, "restart", "a1", 1, True, digest=DIGEST))
    assert approval.asked_before(log.state, 1, "1.2", 1) == 1


PARTS: list[Any] = [42, 1, "1.2", 1, "p" * 64, {"run": ["/x"]}, {"host": "web-1"}, ["web-1"], 0]
OTHER: list[Any] = [43, 2, "1.3", 2, "q" * 64, {"run": ["/y"]}, {"host": "web-2"}, ["web-2"], 1]


@pytest.mark.parametrize("place", range(len(PARTS)))
def test_the_digest_binds_everything(place: int) -> None:
    changed = [*PARTS[:place], OTHER[place], *PARTS[place + 1 :]]
    assert digest(*PARTS) == DIGEST
    assert digest(*changed) != DIGEST


CLICKS = st.lists(
    st.tuples(
        st.sampled_from(["UANA", "UBEN", "UCAT", "UEVA"]), st.sampled_from(["yes", "no", "time"]), st.integers(0, 6)
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(CLICKS, st.sampled_from(["", "UANA", "UBEN"]))
def test_exactly_one_decision_wins(clicks: list[tuple[str, str, int]], starter: str) -> None:
    log = asking(starter=starter)
    ends: Collection[str] = []
    for who, what, minutes in clicks:
        log.after(minutes)
        before = the(log).state
        try:
            if what == "time":
                log.decided("bot", approval.expire(log.state, DIGEST, log.now))
            else:
                verb = approval.give if what == "yes" else approval.deny
                log.decided(who, verb(log.state, log.by(who), may(log), DIGEST))
        except Refused:
            continue
        if before == "open" and the(log).state != "open":
            ends = [*ends, the(log).state]
    assert len(ends) <= 1
    if the(log).state == "given":
        assert len(set(the(log).given)) >= 2
        assert starter not in the(log).given
        assert "UEVA" not in the(log).given
