"""What people call a role: by its name on the screen in any language, in short, with words around it; and what is none."""

from collections.abc import Mapping

import pytest

from bot import locale
from bot.domain import named, role_names
from bot.errors import BadInput
from bot.text import PlainShow, Text, render
from tests.bot.domain.log import alerted


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("IC", "commander"),
        ("incident  Commander", "commander"),
        ("comms", "communications"),
        ("Ops", "operations"),
        ("指挥", "commander"),
        ("沟通联络", "communications"),
        ("技术处置", "operations"),
    ],
)
def test_what_people_call_a_role(typed: str, role: str) -> None:
    """A role that the plan calls so is that one."""
    assert role_names.meant(alerted().state, typed) == role
    assert role_names.meant(alerted().state, typed, (typed.lower(),)) == (typed.lower() if " " not in typed else role)


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize("titles", [named.IN_A_SENTENCE, named.ON_A_BUTTON])
def test_what_the_screen_calls_a_role_is_that_role_in_every_language(language: str, titles: Mapping[str, Text]) -> None:
    for role, title in titles.items():
        seen = locale.catalogue(language).get(title.msgid, title.msgid)
        assert role_names.meant(alerted().state, seen) == role


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("to", ""),
        ("command to", "command"),
        ("give scribe", "scribe"),
        ("the database lead role", "database lead"),
        ("给 沟通联络", "沟通联络"),
        ("eyes to the vendor", "eyes to the vendor"),
        ('"Network lead"', "network lead"),
    ],
)
def test_words_around_a_role_are_none_of_it(typed: str, role: str) -> None:
    assert role_names.bare(typed) == role


def test_the_roles_that_there_are_stand_in_the_language_of_who_reads() -> None:
    with pytest.raises(BadInput) as wrong:
        role_names.refuse_unknown(alerted().state, "nothing alike", verb="handoff")
    assert wrong.value.example == "handoff communications"
    locale.speak("zh-CN")
    try:
        assert "指挥、副指挥、记录员" in render(wrong.value.sentence, PlainShow())
    finally:
        locale.speak("en")


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("commander ben okafor", "role commander @ben"),
        ("ic ben", "role commander @ben"),
        ("comms li", "role communications @li"),
        ("指挥 ben", "role commander @ben"),
        ("comander", "role commander"),
        ("database lead ben", "role database lead @ben"),
        ("deputy inc-2", "INC-2 role deputy @…"),
    ],
)
def test_a_role_with_somebody_behind_it_is_no_role(typed: str, example: str) -> None:
    with pytest.raises(BadInput) as wrong:
        role_names.refuse_misspelt(alerted().state, typed, ("database lead",))
    assert wrong.value.example == example


def test_a_name_alone_is_no_role() -> None:
    with pytest.raises(BadInput) as wrong:
        role_names.refuse_person(alerted().state, "ben okafor", ("U0BEN",))
    assert wrong.value.example == "role commander @ben"
    role_names.refuse_person(alerted().state, "vendor liaison", ("U0BEN",))
    role_names.refuse_person(alerted().state, "driver", ())
    role_names.refuse_misspelt(alerted().state, "driver")
    role_names.refuse_misspelt(alerted().state, "commander of the fleet", ("commander of the fleet",))
