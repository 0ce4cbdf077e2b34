"""A channel's name is one that Slack takes, whatever the title."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.naming import channel_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Orders DB down!", "inc-42-orders-db-down"),
        ("Prüfung: Zürich, Größe", "inc-42-prufung-zurich-grosse"),
        ("订单无法提交", "inc-42"),
        ("订单 API 失败", "inc-42-api"),
        ("@[U0BEN] broke #[C0X]: orders", "inc-42-broke-orders"),
        ("", "inc-42"),
        ("Orders cannot be placed since the new release", "inc-42-orders-cannot-be-placed-since-the"),
        ("x" * 200, "inc-42-" + "x" * 73),
    ],
)
def test_names(title: str, name: str) -> None:
    assert channel_name(42, title) == name


@given(st.integers(1, 10**9), st.text())
def test_any_title_gives_a_name_that_slack_takes(number: int, title: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,78}[a-z0-9]", channel_name(number, title))
