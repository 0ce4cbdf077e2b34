"""What roles are called."""

from bot.domain import named
from bot.domain.terms import ROLES, Status
from bot.text import PlainShow, render


def test_each_standing_role_has_a_name_of_its_own() -> None:
    assert set(named.IN_A_SENTENCE) == set(named.ON_A_BUTTON) == set(ROLES)
    plain = PlainShow()
    assert [render(named.role(role), plain) for role in (*ROLES, "database")] == [*ROLES, "database"]
    assert [render(named.button(role), plain) for role in (*ROLES, "database")] == [
        role.capitalize() for role in (*ROLES, "database")
    ]
    assert render(named.roles(("commander", "database")), plain) == "commander, database"


def test_each_status_has_a_word() -> None:
    assert set(named.STATUS) == {status.value for status in Status}
