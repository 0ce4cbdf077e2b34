"""Signs of life, acknowledging, and one person alone."""

import pytest

from bot.domain.events import Acknowledged, Draft, ResponderJoined, RoleTaken, StatusChanged
from bot.domain.people import By, acknowledge, alone, arrive, carried_alone, join, over, refuse_if_over, to_take, watch
from bot.domain.terms import Milestone, Source, Status
from bot.errors import Refused
from tests.bot.domain.log import alerted, minute


def payloads(drafts: tuple[Draft, ...]) -> list[object]:
    return [draft.payload for draft in drafts]


def test_the_first_who_answers_carries_everything() -> None:
    log = alerted()
    assert payloads(acknowledge(log.state, log.by("UANA", "button"))) == [
        Acknowledged(),
        ResponderJoined("UANA", "button"),
        RoleTaken("commander", "UANA", why="alone"),
        RoleTaken("operations", "UANA", why="alone"),
    ]
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    assert alone(log.state) == "UANA"
    assert log.mark(Milestone.QUORUM) is None
    assert acknowledge(log.state, log.by("UANA")) == ()


def test_the_second_only_joins() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    log.after(1).decided("UBEN", acknowledge(log.state, log.by("UBEN")))
    assert log.state.commander == "UANA"
    assert alone(log.state) == ""
    assert log.mark(Milestone.ACKNOWLEDGED) == minute(0)


def test_who_only_writes_is_here_and_carries_nothing() -> None:
    log = alerted()
    assert payloads(arrive(log.state, log.by("UMAX", "message"))) == [ResponderJoined("UMAX", "message")]
    log.source = Source.SLACK_EVENT
    log.decided("UMAX", arrive(log.state, log.by("UMAX", "reaction")))
    assert carried_alone(log.state, log.by("UMAX", "message")) == ()
    assert carried_alone(log.state, log.by("UANA")) == ("commander", "operations")
    assert join(log.state, log.by("UMAX", "message")) == ()


def test_who_wrote_and_then_acts_alone_carries_it() -> None:
    log = alerted()
    log.source = Source.SLACK_EVENT
    log.decided("UMAX", join(log.state, log.by("UMAX", "message")))
    assert [type(p) for p in payloads(join(log.state, log.by("UMAX")))] == [RoleTaken, RoleTaken]


@pytest.mark.parametrize("actor", ["bot", "alert:alertmanager", "api:ci", ""])
def test_machines_do_not_join(actor: str) -> None:
    log = alerted()
    assert arrive(log.state, log.by(actor)) == ()


def test_a_role_that_somebody_was_given_is_not_carried() -> None:
    log = alerted()
    log.add("UANA", RoleTaken("commander", "UZOE"))
    log.state.__dict__["answered"] = ()
    assert carried_alone(log.state, By("UBEN", 0)) == ("operations",)


def test_after_the_end_nobody_joins_and_the_sentence_says_what_to_do() -> None:
    log = alerted()
    log.after(4).add("UANA", StatusChanged(Status.INVESTIGATING, Status.RESOLVED))
    assert arrive(log.state, log.by("UBEN")) == ()
    for decision in (acknowledge, join):
        with pytest.raises(Refused) as refused:
            decision(log.state, log.by("UBEN"))
        assert refused.value.sentence == over(log.state)
        assert "reopen" in refused.value.sentence.msgid
    with pytest.raises(Refused):
        refuse_if_over(log.state)


def test_who_joins_one_who_is_alone_may_take_what_is_carried_alone() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    assert to_take(log.state, "UBEN", ("database lead",)) == ("operations", "database lead", "scribe")
    log.add("UANA", RoleTaken("operations", "UANA", "UANA", "asked"))
    assert to_take(log.state, "UBEN") == ("scribe",)
    assert to_take(log.state, "UANA") == (), "nobody else is here"
    log.decided("UBEN", acknowledge(log.state, log.by("UBEN")))
    assert to_take(log.state, "UZOE") == (), "nobody is alone any more"


def test_who_watches_has_not_answered_until_they_take_something() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    log.decided("UBEN", watch(log.state, log.by("UBEN", "button")))
    assert (log.state.answered, log.state.watching) == (("UANA",), ("UBEN",))
    assert watch(log.state, log.by("UBEN")) == ()
    assert watch(log.state, log.by("UANA")) == (), "who has a role watches only after leaving"
    log.add("UBEN", RoleTaken("scribe", "UBEN"))
    assert (log.state.answered, log.state.watching) == (("UANA", "UBEN"), ())
