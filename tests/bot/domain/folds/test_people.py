"""Roles, signs of life, offers and pages in the fold."""

import pytest

from bot.domain.events import (
    Acknowledged,
    Noted,
    PageAnswered,
    PageSent,
    Payload,
    ResponderJoined,
    RoleLeft,
    RoleOffered,
    RolePassed,
    RoleTaken,
)
from bot.domain.state import Interval
from bot.domain.terms import Milestone, Source
from tests.bot.domain.log import Log, alerted, minute

SEV1 = ("commander", "operations", "communications")


def joined(*people: str, required: tuple[str, ...] = ("commander", "operations")) -> Log:
    log = alerted(required=required)
    for person in people:
        log.add(person, ResponderJoined(person, "button"))
    return log


def test_first_acknowledgement_first_responder_first_commander() -> None:
    log = alerted()
    for person in ("UANA", "UBEN"):
        log.after(1).add(person, ResponderJoined(person, "button"))
        log.add(person, Acknowledged())
        log.add(person, RoleTaken("commander", person))
    for milestone in (Milestone.FIRST_RESPONDER, Milestone.ACKNOWLEDGED, Milestone.COMMANDER):
        assert log.mark(milestone) == minute(1)
    assert log.state.people == {"UANA": minute(1), "UBEN": minute(2)}
    assert log.state.roles["commander"] == (
        Interval("UANA", minute(1), minute(2), "UANA", "asked"),
        Interval("UBEN", minute(2), None, "UBEN", "asked"),
    )


HELD = [
    ("nobody", (), False),
    ("one of two", (("commander", "UANA", "asked"),), False),
    ("two people", (("commander", "UANA", "asked"), ("operations", "UBEN", "asked")), True),
    ("one for both", (("commander", "UANA", "asked"), ("operations", "UANA", "asked")), False),
    ("one alone", (("commander", "UANA", "alone"), ("operations", "UANA", "alone")), False),
    (
        "relieved of one",
        (("commander", "UANA", "alone"), ("operations", "UANA", "alone"), ("operations", "UBEN", "asked")),
        True,
    ),
    ("not here", (("commander", "UANA", "asked"), ("operations", "UZOE", "asked")), False),
]


@pytest.mark.parametrize(("name", "held", "reached"), HELD)
def test_when_all_are_together(name: str, held: tuple[tuple[str, str, str], ...], reached: bool) -> None:
    log = joined("UANA", "UBEN")
    for role, person, why in held:
        log.add(person, RoleTaken(role, person, why=why))
    assert (log.mark(Milestone.QUORUM) is not None) == reached


def test_who_fills_two_roles_of_three_only_for_want_of_others_is_no_quorum() -> None:
    log = joined("UANA", "UBEN", required=SEV1)
    for role in SEV1:
        log.add("UANA", RoleTaken(role, "UANA", why="alone"))
    log.add("UBEN", RoleTaken("operations", "UBEN", "UANA"))
    assert log.mark(Milestone.QUORUM) is None
    log.add("UANA", RoleTaken("communications", "UANA", "UANA"))
    log.add("UANA", RoleTaken("commander", "UANA", "UANA"))
    assert log.mark(Milestone.QUORUM) is not None


def test_who_is_assigned_counts_from_the_first_sign_of_life() -> None:
    log = joined("UANA")
    log.add("UANA", RoleTaken("commander", "UANA"))
    log.add("UANA", RoleTaken("operations", "UBEN"))
    log.after(6).add("UBEN", ResponderJoined("UBEN", "message"))
    assert log.mark(Milestone.QUORUM) == minute(6)


def test_no_required_roles_no_quorum() -> None:
    log = joined("UANA", required=())
    log.add("UANA", RoleTaken("commander", "UANA"))
    assert log.mark(Milestone.QUORUM) is None


def test_offers_end_when_they_are_answered() -> None:
    log = alerted()
    log.add("bot", RoleOffered("commander", "UANA", "opened"))
    log.add("bot", RoleOffered("commander", "UBEN", "opened"))
    log.add("bot", RoleOffered("commander", "UANA", "opened", minute(9)))
    assert [(o.person, o.due_at) for o in log.state.offers] == [("UBEN", None), ("UANA", minute(9))]
    log.add("UANA", RolePassed("commander", "UANA"))
    assert [o.person for o in log.state.offers] == ["UBEN"]
    log.add("UZOE", RoleTaken("commander", "UZOE", why="alone"))
    assert [o.person for o in log.state.offers] == ["UBEN"]
    log.add("UZOE", RoleTaken("commander", "UZOE"))
    assert log.state.offers == ()


def test_leaving() -> None:
    log = joined("UANA")
    log.add("UANA", RoleTaken("commander", "UANA"))
    log.add("UANA", RoleTaken("operations", "UANA"))
    log.add("UBEN", RoleLeft("commander", "UBEN"))
    assert log.state.commander == "UANA"
    assert log.add("UANA", RoleLeft("commander", "UANA")).commander == ""
    assert "UANA" in log.state.answered
    assert log.add("UANA", RoleLeft("operations", "UANA")).answered == ()


ACTS: list[tuple[Payload, Source, bool]] = [
    (Acknowledged(), Source.BUTTON, True),
    (Acknowledged(), Source.BOT_COMMAND, True),
    (Noted(), Source.SLACK_EVENT, False),
    (RolePassed("commander", "UANA"), Source.BUTTON, False),
    (PageAnswered("p", "UANA", "pass"), Source.BUTTON, False),
    (PageAnswered("p", "UANA", "take"), Source.BUTTON, True),
]


@pytest.mark.parametrize(("payload", "source", "acts"), ACTS)
def test_who_acts_here(payload: Payload, source: Source, acts: bool) -> None:
    log = alerted()
    log.add("UANA", payload, source=source)
    log.add("bot", payload, source=source)
    log.add("api:ci", payload, source=source)
    assert log.state.answered == (("UANA",) if acts else ())


def test_a_page_has_one_answer() -> None:
    log = alerted()
    log.add("bot", PageSent("p1", "UANA", "incident"))
    log.after(1).add("UANA", PageAnswered("p1", "UANA", "take"))
    log.after(1).add("UANA", PageAnswered("p1", "UANA", "pass"))
    assert [(p.answer, p.answered_at) for p in log.state.pages] == [("take", minute(1))]
