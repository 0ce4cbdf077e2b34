"""Words for milestones, and which times can be true."""

import pytest

from bot.domain.change import set_status
from bot.domain.events import Event
from bot.domain.incident import fold
from bot.domain.moments import WORDS, checked, doubts, mark, milestone
from bot.domain.people import acknowledge
from bot.domain.state import Incident
from bot.domain.terms import DAY, Milestone, Status
from bot.errors import BadInput, Refused
from bot.text import t
from tests.bot.domain.log import Log, alerted, minute


@pytest.mark.parametrize(
    ("word", "found"),
    [
        *WORDS.items(),
        *((m.value, m) for m in Milestone),
        ("fix started", Milestone.FIX_STARTED),
        ("Fix-Started", Milestone.FIX_STARTED),
        ("BACK", Milestone.RECOVERED),
        ("Back to normal", Milestone.RECOVERED),
        ("恢复正常", Milestone.RECOVERED),
        ("已止损", Milestone.MITIGATED),
        ("止损", Milestone.MITIGATED),
        ("人员到齐", Milestone.QUORUM),
    ],
)
def test_words_and_ids(word: str, found: Milestone) -> None:
    assert milestone(word) is found


@pytest.mark.parametrize(("word", "hint"), [("mitigatd", "mitigated"), ("recoverd", "recovered"), ("began!", "began")])
def test_did_you_mean(word: str, hint: str) -> None:
    with pytest.raises(BadInput) as bad:
        milestone(word)
    assert getattr(bad.value.sentence.params["near"], "text", "") == hint
    assert bad.value.example


def test_no_idea_what_is_meant() -> None:
    with pytest.raises(BadInput) as bad:
        milestone("lunch")
    assert bad.value.sentence.params["known"] == "began, found, together, known, mitigated, back"


def test_times_that_cannot_be_true() -> None:
    incident = alerted().state
    assert checked(incident, minute(5), None) is None
    assert checked(incident, minute(5), minute(6)) == minute(6)
    assert checked(incident, minute(5), minute(0) - 30 * DAY) == minute(0) - 30 * DAY
    for at in (minute(6) + 1, minute(0) - 30 * DAY - 1):
        with pytest.raises(BadInput):
            checked(incident, minute(5), at)


def test_a_person_says_when() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    log.after(9).decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(7), "graph"))
    assert log.mark(Milestone.MITIGATED) == minute(7)
    assert mark(log.state, log.by("UBEN"), "mitigated", minute(7)) == ()
    assert mark(log.state, log.by("UBEN"), "mitigated") == ()
    log.decided("UBEN", mark(log.state, log.by("UBEN"), "mitigated", minute(8)))
    assert (log.mark(Milestone.MITIGATED), log.state.marks["mitigated"].revision) == (minute(8), 1)


def test_now_is_meant_without_a_time() -> None:
    log = alerted().after(5)
    log.decided("UANA", mark(log.state, log.by("UANA"), "known"))
    assert log.mark(Milestone.DIAGNOSED) == minute(5)


@pytest.mark.parametrize("word", ["resolved", "closed"])
def test_an_end_is_not_marked_but_said(word: str) -> None:
    log = alerted()
    with pytest.raises(Refused):
        mark(log.state, log.by("UANA"), word, minute(0))


def test_a_change_that_lies_before_the_one_it_follows_is_asked_about() -> None:
    """Only if somebody named its moment, and never refused."""
    log = alerted().after(10)
    log.decided("UANA", set_status(log.state, log.by("UANA"), Status.IDENTIFIED))
    before = log.after(10).state
    for at, asked in ((minute(8), True), (minute(12), False), (None, False)):
        after = fold_with(log, before, at)
        assert bool(doubts(before, after, at)) is asked, at
    assert doubts(before, before, minute(8)) == (), "nothing was changed"


def test_moments_that_cannot_follow_each_other_are_asked_about() -> None:
    log = alerted().after(10)
    log.decided("UANA", mark(log.state, log.by("UANA"), "back", minute(5)))
    after = log.decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(8)))
    [said] = doubts(alerted().state, after, minute(8))
    assert said.params == {"later": t("Back to normal"), "earlier": t("Mitigated")}


def fold_with(log: Log, before: Incident, at: int | None) -> Incident:
    """The incident with a status that was said to be of that moment."""
    [change] = set_status(before, log.by("UANA"), Status.MITIGATING)
    seq = before.seq + 1
    event = Event("inc:42", seq, at or log.now, log.now, "UANA", log.source, f"in-{seq}", change.payload)
    return fold(before, event)
