"""`declare`: severity and service are the last words only, and a severity is never a title."""

import pytest

from bot.domain.terms import Kind, Severity
from bot.errors import BadInput
from bot.flows.declare import Wanted, service_of
from commands.declare import command
from commands.declaring import Args


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Args("")),
        ("sev1", Args("", Severity.SEV1)),
        ("sev1 orders", Args("", Severity.SEV1, "orders")),
        ("Orders cannot be placed", Args("Orders cannot be placed")),
        ("Orders cannot be placed sev1", Args("Orders cannot be placed", Severity.SEV1)),
        ("Orders cannot be placed sev1 orders", Args("Orders cannot be placed", Severity.SEV1, "orders")),
        ("Orders cannot be placed sev 1", Args("Orders cannot be placed", Severity.SEV1)),
        ("Orders cannot be placed severity 1 orders", Args("Orders cannot be placed", Severity.SEV1, "orders")),
        ("sev 1 orders", Args("", Severity.SEV1, "orders")),
        ("Nobody can see sev 1 alerts any more", Args("Nobody can see sev 1 alerts any more")),
        ("Nobody can see sev1 alerts any more", Args("Nobody can see sev1 alerts any more")),
    ],
)
def test_words(words: str, expected: Args) -> None:
    assert command.parse(words) == expected


@pytest.mark.parametrize("words", ["sev9", "Orders down sev9", "Orders down SEV-0 orders", "Orders down sev 9"])
def test_a_severity_that_there_is_not(words: str) -> None:
    with pytest.raises(BadInput, match="sev1 to sev4"):
        command.parse(words)


@pytest.mark.parametrize("dashes", ["--", "–", "—"])
def test_private_stays_private_on_a_keyboard_that_joins_dashes(dashes: str) -> None:
    assert command.parse(f"Salaries leaked sev2 hr {dashes}private") == Args(
        "Salaries leaked", Severity.SEV2, "hr", True
    )


@pytest.mark.parametrize(
    ("wanted", "service"),
    [
        (Wanted("Checkout is slow", service="Orders"), "orders"),
        (Wanted("Checkout is slow", service="billing"), "billing"),
        (Wanted("Checkout is slow orders"), "orders"),
        (Wanted("Nobody can see their Orders!"), "orders"),
        (Wanted("orders"), "orders"),
        (Wanted("orders are slow"), ""),
        (Wanted(""), ""),
        (Wanted("Who reads our orders", private=True), ""),
        (Wanted("Does Tocsin find orders", kind=Kind.TEST), ""),
    ],
)
def test_a_service_that_is_known_is_read_as_the_last_word(wanted: Wanted, service: str) -> None:
    assert service_of(("orders", "gateway"), wanted) == service


def test_a_severity_alone_asks_for_the_title_and_is_kept() -> None:
    form = command.form(command.parse("sev1"))
    assert form is not None
    assert {field.name: field.value for field in form.fields}["severity"] == "sev1"
