"""Titles that say the same, and those that only look so."""

from dataclasses import replace

import pytest

from bot.domain.alike import alike, duplicates
from tests.bot.domain.log import declared


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Orders cannot be placed", "Orders can not be placed!", True),
        ("Orders DB is down", "orders db down since 02:45", True),
        ("Orders are slow", "Payments are slow", False),
        ("Die Börse öffnet nicht", "Die Borse offnet nicht", True),
        ("订单无法提交", "订单 无法提交 了", True),
        ("订单无法提交", "行情延迟", False),
        ("", "", False),
        ("it is the", "it is the", False),
    ],
)
def test_titles(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same


def test_the_same_service_comes_first_and_three_are_enough() -> None:
    state = declared().state
    one = replace(state, number=1, service="gateway", title="Orders cannot be placed")
    two = replace(state, number=2, service="orders", title="Something else")
    assert duplicates("Orders cannot be placed", "orders", [one, two]) == [two, one]
    assert duplicates("Orders cannot be placed", "", [two]) == []
    assert len(duplicates("x", "orders", [two] * 5)) == 3
