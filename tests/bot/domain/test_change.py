"""Status, severity, end and beginning again."""

from collections.abc import Callable

import pytest

from bot.domain import change, ending
from bot.domain.events import (
    ActionEnded,
    ActionStarted,
    MilestoneMarked,
    QuestionAnswered,
    ResponderJoined,
    SeverityChanged,
    StatusChanged,
)
from bot.domain.people import acknowledge
from bot.domain.terms import DAY, Milestone, Severity, Status
from bot.errors import BadInput, Refused
from bot.text import PlainShow, render
from tests.bot.domain.log import Log, alerted, declared, minute


def answered() -> Log:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    return log


def resolved() -> Log:
    log = answered().after(10)
    log.decided("UANA", change.resolve(log.state, log.by("UANA"), minute(8)))
    return log


def code(decision: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        decision()
    return caught.value.code


def test_status_goes_on_and_back_and_the_same_is_nothing() -> None:
    log = answered()
    for status in (Status.MITIGATING, Status.IDENTIFIED):
        log.decided("UANA", change.set_status(log.state, log.by("UANA"), status, reason="found"))
        assert log.state.status is status
        assert change.set_status(log.state, log.by("UANA"), status) == ()


def test_who_changes_something_joins() -> None:
    log = answered()
    drafts = change.set_status(log.state, log.by("UBEN"), Status.IDENTIFIED)
    assert [type(d.payload) for d in drafts] == [ResponderJoined, StatusChanged]


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.RESOLVED, "own_word"),
        (Status.CLOSED, "own_word"),
        (Status.DECLINED, "own_word"),
        (Status.MERGED, "own_word"),
        (Status.FALSE_POSITIVE, "own_word"),
    ],
)
def test_ends_have_their_own_words(status: Status, why: str) -> None:
    log = answered()
    assert code(lambda: change.set_status(log.state, log.by("UANA"), status)) == why


def test_a_status_may_be_backdated_but_not_into_the_future() -> None:
    log = answered().after(10)
    drafts = change.set_status(log.state, log.by("UANA"), Status.MONITORING, minute(4))
    log.decided("UANA", drafts)
    assert log.mark(Milestone.MITIGATED) == minute(4)
    for at in (minute(12), minute(0) - 31 * DAY):
        with pytest.raises(BadInput):
            change.set_status(log.state, log.by("UANA"), Status.MITIGATING, at)


def test_review_comes_after_resolved() -> None:
    log = answered()
    assert code(lambda: change.set_status(log.state, log.by("UANA"), Status.REVIEW)) == "not_resolved"
    log = resolved()
    log.decided("UANA", change.set_status(log.state, log.by("UANA"), Status.REVIEW))
    assert log.state.status is Status.REVIEW
    assert code(lambda: change.set_status(log.state, log.by("UANA"), Status.MONITORING)) == "over"


def test_severity() -> None:
    log = answered()
    assert change.set_severity(log.state, log.by("UANA"), Severity.SEV2, ("commander",)) == ()
    drafts = change.set_severity(log.state, log.by("UANA"), Severity.SEV1, ("commander", "scribe"), "all orders")
    assert [d.payload for d in drafts] == [
        SeverityChanged(Severity.SEV2, Severity.SEV1, ("commander", "scribe"), "all orders")
    ]
    log.state.__dict__["severity_given"] = False
    assert change.set_severity(log.state, log.by("UANA"), Severity.SEV2, ())
    log.state.__dict__["status"] = Status.CLOSED
    assert code(lambda: change.set_severity(log.state, log.by("UANA"), Severity.SEV1, ())) == "over"


def test_resolving_says_since_when_it_is_back() -> None:
    log = answered().after(10)
    drafts = change.resolve(log.state, log.by("UANA"), minute(8))
    assert [d.payload for d in drafts] == [
        MilestoneMarked("recovered", "answer"),
        StatusChanged(Status.INVESTIGATING, Status.RESOLVED),
    ]
    log.decided("UANA", drafts)
    assert (log.mark(Milestone.RECOVERED), log.mark(Milestone.RESOLVED)) == (minute(8), minute(10))
    assert change.resolve(log.state, log.by("UBEN"), minute(9)) == ()


def test_resolving_without_a_word_takes_the_end_over() -> None:
    log = answered().after(10)
    log.decided("UANA", change.resolve(log.state, log.by("UANA")))
    assert log.state.marks["recovered"].source == "derived"


def test_reopening_wants_a_reason() -> None:
    log = resolved()
    with pytest.raises(BadInput):
        ending.reopen(log.state, log.by("UANA"), " ")
    log.after(5).decided("UANA", ending.reopen(log.state, log.by("UANA"), "fails again"))
    assert (log.state.status, log.state.reopened) == (Status.INVESTIGATING, (minute(15),))
    assert ending.reopen(log.state, log.by("UBEN"), "fails again") == ()


def test_what_was_folded_into_another_goes_on_there() -> None:
    log = resolved()
    log.state.__dict__["status"] = Status.MERGED
    assert code(lambda: ending.reopen(log.state, log.by("UANA"), "x")) == "merged"
    assert code(lambda: change.resolve(log.state, log.by("UANA"))) == "over"


def test_closing_needs_an_end_and_says_what_is_missing() -> None:
    log = answered()
    assert code(lambda: ending.close(log.state, log.by("UANA"))) == "not_resolved"
    log = resolved()
    said = [gap.msgid for gap in ending.missing(log.state)]
    assert said == [
        "When it began is not known.",
        "When the cause was known is not said.",
        "When the impact stopped is not said.",
        "One of the five questions is not answered.",
        "It was not reviewed.",
    ]
    log.decided("UANA", ending.close(log.state, log.by("UANA")))
    assert log.state.status is Status.CLOSED
    assert ending.close(log.state, log.by("UANA")) == ()


def test_nothing_is_missing_when_all_is_said() -> None:
    log = declared()
    for milestone in ("started", "diagnosed", "mitigated", "recovered"):
        log.add("UANA", MilestoneMarked(milestone))
    for question, code in (("noticed", "chance"), ("standby", "none"), ("impact", "none"), ("causes", "APP.logic")):
        log.add("UANA", QuestionAnswered(question, code))
    log.add("UANA", StatusChanged(Status.RESOLVED, Status.REVIEW))
    assert ending.missing(log.state) == ()
    log.state.__dict__["severity_given"] = False
    assert [gap.msgid for gap in ending.missing(log.state)] == ["Nobody has said how bad it was."]


def test_an_unknown_outcome_must_be_answered_before_closing() -> None:
    log = resolved()
    log.add("bot", ActionStarted(1, "2.3", 1, "restart", "a1", 1, True))
    log.add("bot", ActionEnded("a1", "unknown"))
    assert code(lambda: ending.close(log.state, log.by("UANA"))) == "unknown_outcome"


@pytest.mark.parametrize(("why", "status"), list(ending.DECLINED.items()))
def test_declining(why: str, status: Status) -> None:
    log = answered()
    log.decided("UANA", ending.decline(log.state, log.by("UANA"), why, "a test alert"))
    assert log.state.status is status
    assert ending.decline(log.state, log.by("UANA"), why) == ()
    assert code(lambda: ending.close(log.state, log.by("UANA"))) == "over"
    log.decided("UANA", ending.reopen(log.state, log.by("UANA"), "it was one"))
    assert log.state.reopened == ()


def test_what_somebody_else_ended_a_moment_ago_is_not_declined_unasked() -> None:
    log = answered()
    assert ending.only_just(log.state, log.events, log.by("UBEN")) is None, "it is open"
    log.decided("UANA", change.resolve(log.state, log.by("UANA")))
    log.now += 2_000_000
    doubt = ending.only_just(log.state, log.events, log.by("UBEN"))
    assert doubt is not None
    assert render(doubt, PlainShow()) == "UANA ended it 2\u00a0s ago: it is resolved."
    assert ending.only_just(log.state, log.events, log.by("UANA")) is None, "who did it knows"
    log.after(1)
    assert ending.only_just(log.state, log.events, log.by("UBEN")) is None


def test_declining_wants_one_of_three_reasons_and_no_closed_incident() -> None:
    log = resolved()
    with pytest.raises(BadInput):
        ending.decline(log.state, log.by("UANA"), "boring")
    log.decided("UANA", ending.close(log.state, log.by("UANA")))
    assert code(lambda: ending.decline(log.state, log.by("UANA"), "mistake")) == "over"
