"""Roles change hands."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain import roles
from bot.domain.events import Acknowledged, Draft, PageAnswered, PageSent, RoleLeft, RoleOffered, RolePassed, RoleTaken
from bot.domain.people import acknowledge
from bot.errors import BadInput, Refused
from tests.bot.domain.log import Log, alerted, minute


def here(*people: str) -> Log:
    """People who have answered, the first of them first: she carries command and operations alone."""
    log = alerted()
    for person in people:
        log.decided(person, acknowledge(log.state, log.by(person)))
    return log


def payloads(drafts: tuple[Draft, ...]) -> list[object]:
    return [draft.payload for draft in drafts]


def refused(decision: Callable[..., object], *args: Any) -> str:
    with pytest.raises(Refused) as caught:
        decision(*args)
    return caught.value.code


def test_an_offer_is_made_once() -> None:
    log = alerted()
    drafts = roles.offer(log.state, "commander", "UANA", "opened")
    assert payloads(drafts) == [RoleOffered("commander", "UANA", "opened")]
    log.decided("bot", drafts)
    assert roles.offer(log.state, "commander", "UANA", "opened") == ()
    log.decided("UANA", roles.take(log.state, log.by("UANA")))
    assert roles.offer(log.state, "commander", "UANA", "opened") == ()


def test_what_is_offered_is_taken_and_the_rest_is_carried() -> None:
    log = alerted()
    log.decided("bot", roles.offer(log.state, "operations", "UBEN", "opened"))
    log.decided("UBEN", roles.take(log.state, log.by("UBEN")))
    assert (log.state.holder("operations"), log.state.commander) == ("UBEN", "UBEN")
    assert [log.state.roles[r][-1].why for r in ("operations", "commander")] == ["offered", "alone"]
    assert len(log.state.roles["operations"]) == 1


def test_without_a_name_command_is_taken_if_nobody_commands() -> None:
    log = alerted()
    log.decided("UANA", roles.take(log.state, log.by("UANA")))
    assert log.state.commander == "UANA"
    assert roles.take(log.state, log.by("UANA")) == ()
    log.add("UANA", RoleTaken("commander", "UANA", "UANA"))
    assert refused(roles.take, log.state, log.by("UBEN")) == "not_offered"


def test_what_somebody_carries_alone_may_be_taken_and_what_they_took_may_not() -> None:
    log = here("UANA", "UBEN")
    log.decided("UBEN", roles.take(log.state, log.by("UBEN"), "operations"))
    assert log.state.holder("operations") == "UBEN"
    assert refused(roles.take, log.state, log.by("UZOE"), "operations") == "held"
    log.decided("bot", roles.offer(log.state, "operations", "UZOE", "opened"))
    assert refused(roles.take, log.state, log.by("UZOE"), "operations") == "held"
    log.decided("bot", [Draft(RoleOffered("operations", "UZOE", "standby"))])
    log.decided("UZOE", roles.take(log.state, log.by("UZOE"), "operations"))
    assert log.state.roles["operations"][-1].why == "standby"


def test_a_page_taken_is_an_acknowledgement_and_brings_its_role() -> None:
    log = alerted()
    log.add("bot", PageSent("p1", "UBEN", "role", role="operations"))
    log.decided("UBEN", roles.take(log.state, log.by("UBEN", "button")))
    assert log.state.pages[0].answer == "take"
    assert log.state.holder("operations") == "UBEN"
    assert "acknowledged" in log.state.marks
    assert log.state.people


@pytest.mark.parametrize("role", ["", "operations"])
def test_a_button_that_names_the_role_answers_the_page_as_well(role: str) -> None:
    log = alerted()
    log.add("bot", PageSent("p1", "UBEN", "role", role="operations"))
    log.add("bot", PageSent("p2", "UZOE", "role", role="operations"))
    log.decided("UBEN", roles.take(log.state, log.by("UBEN", "button"), role))
    log.decided("UZOE", roles.pass_(log.state, log.by("UZOE", "button"), role))
    assert [page.answer for page in log.state.pages] == ["take", "pass"]
    assert "acknowledged" in log.state.marks


def test_a_page_for_a_role_that_somebody_was_quicker_to_take() -> None:
    log = here("UANA", "UBEN")
    log.decided("UBEN", roles.take(log.state, log.by("UBEN"), "operations"))
    log.add("bot", PageSent("p1", "UZOE", "role", role="operations"))
    drafts = roles.take(log.state, log.by("UZOE"), page="p1")
    assert isinstance(drafts[0].payload, PageAnswered)
    assert not [d for d in drafts if isinstance(d.payload, RoleTaken)]
    log.decided("UZOE", drafts)
    assert (log.state.holder("operations"), "UZOE" in log.state.people) == ("UBEN", True)


def test_a_page_about_the_incident_is_only_acknowledged() -> None:
    log = here("UANA")
    log.add("bot", PageSent("p1", "UBEN", "incident"))
    drafts = roles.take(log.state, log.by("UBEN"))
    assert [type(d.payload) for d in drafts][:2] == [PageAnswered, Acknowledged]


def test_passing() -> None:
    log = alerted()
    assert refused(roles.pass_, log.state, log.by("UBEN")) == "not_offered"
    log.decided("bot", roles.offer(log.state, "operations", "UBEN", "opened"))
    log.add("bot", PageSent("p1", "UBEN", "incident"))
    log.decided("UBEN", roles.pass_(log.state, log.by("UBEN", "button")))
    assert log.state.pages[0].answer == "pass"
    assert payloads(roles.pass_(log.state, log.by("UBEN"), "operations")) == [RolePassed("operations", "UBEN")]
    assert refused(roles.pass_, log.state, log.by("UBEN"), "commander") == "not_offered"


def test_giving_a_role() -> None:
    log = here("UANA", "UBEN")
    log.decided("UANA", roles.assign(log.state, log.by("UANA"), " Scribe ", "UBEN"))
    assert log.state.holder("scribe") == "UBEN"
    assert roles.assign(log.state, log.by("UANA"), "scribe", "UBEN") == ()
    assert payloads(roles.assign(log.state, log.by("UANA"), "scribe", "UZOE")) == [
        RoleOffered("scribe", "UZOE", "asked")
    ]
    with pytest.raises(BadInput):
        roles.assign(log.state, log.by("UANA"), "  ", "UBEN")


def test_command_is_given_only_to_who_accepts() -> None:
    log = here("UANA", "UBEN")
    drafts = roles.assign(log.state, log.by("UANA"), "commander", "UBEN")
    assert payloads(drafts) == [RoleOffered("commander", "UBEN", "handoff", minute(3))]
    log.decided("UBEN", roles.assign(log.state, log.by("UBEN"), "commander", "UBEN"))
    assert log.state.commander == "UBEN"


def test_handing_over() -> None:
    log = here("UANA", "UBEN")
    drafts = roles.hand_over(log.state, log.by("UANA"), "UBEN")
    log.decided("UANA", drafts)
    assert log.state.commander == "UANA"
    assert roles.hand_over(log.state, log.by("UANA"), "UBEN") == ()
    assert refused(roles.hand_over, log.state, log.by("UBEN"), "UANA") == "not_held"
    with pytest.raises(BadInput):
        roles.hand_over(log.state, log.by("UANA"), "UANA")
    log.after(1).decided("UBEN", roles.take(log.state, log.by("UBEN", "button")))
    assert log.state.commander == "UBEN"
    assert log.state.offers == ()


def test_a_hand_over_that_nobody_accepts_goes_back() -> None:
    log = here("UANA", "UBEN")
    log.decided("UANA", roles.hand_over(log.state, log.by("UANA"), "UBEN"))
    assert roles.hand_over_lapsed(log.state, minute(2)) == ()
    log.after(3).decided("bot", roles.hand_over_lapsed(log.state, log.now))
    assert (log.state.commander, log.state.offers) == ("UANA", ())


def test_leaving() -> None:
    log = here("UANA", "UBEN")
    drafts = roles.leave(log.state, log.by("UANA"))
    assert payloads(drafts) == [
        RoleLeft("commander", "UANA"),
        RoleLeft("operations", "UANA"),
        RoleTaken("commander", "UBEN", "", "alone"),
        RoleTaken("operations", "UBEN", "", "alone"),
    ]
    log.decided("UANA", drafts)
    assert log.state.commander == "UBEN"
    assert log.state.answered == ("UBEN",)
    assert refused(roles.leave, log.state, log.by("UANA")) == "not_held"


def test_leaving_one_role_of_two_keeps_the_other() -> None:
    log = here("UANA", "UBEN")
    assert payloads(roles.leave(log.state, log.by("UANA"), "Operations")) == [RoleLeft("operations", "UANA")]


def test_nothing_changes_hands_after_the_end() -> None:
    log = here("UANA", "UBEN")
    log.state.__dict__["status"] = log.state.status.RESOLVED
    for decision, args in ((roles.take, ()), (roles.assign, ("scribe", "UBEN")), (roles.hand_over, ("UBEN",))):
        assert refused(decision, log.state, log.by("UANA"), *args) == "over"
