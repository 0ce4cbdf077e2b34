"""Rate limits: never more in a minute than Slack allows, and room kept for what is urgent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.terms import MINUTE, SECOND
from bot.work.effects import KINDS
from bot.work.rate import FIFTY, HUNDRED, LIMITS, PER_CHANNEL, TWENTY, Limit, limit_of
from tests.fakes import NINE


def let_out(limit: Limit, asked: list[int], urgent: bool) -> list[int]:
    """The moments at which calls go out that are asked for at these moments, each as early as it may."""
    tat, out, now = 0, [], 0
    for moment in asked:
        now = max(now, moment, limit.free_at(tat, 0, urgent))
        out.append(now)
        tat = limit.taken(tat, now)
    return out


@pytest.mark.parametrize(("limit", "most"), [(TWENTY, 20), (FIFTY, 50), (HUNDRED, 100), (PER_CHANNEL, 61)])
@given(gaps=st.lists(st.integers(0, 5 * SECOND), max_size=150))
def test_no_window_of_a_minute_holds_more_than_the_limit(limit: Limit, most: int, gaps: list[int]) -> None:
    asked = [NINE + sum(gaps[: n + 1]) for n in range(len(gaps))]
    out = let_out(limit, asked, urgent=True)
    for first in out:
        assert sum(first <= moment < first + MINUTE for moment in out) <= most


def test_the_reserve_is_left_to_the_urgent() -> None:
    at_once = [NINE] * 10
    assert sum(moment == NINE for moment in let_out(TWENTY, at_once, urgent=True)) == 5
    assert sum(moment == NINE for moment in let_out(TWENTY, at_once, urgent=False)) == 3
    tat = NINE
    for _ in range(3):
        tat = TWENTY.taken(tat, NINE)
    assert TWENTY.free_at(tat, 0, urgent=False) > NINE
    assert TWENTY.free_at(tat, 0, urgent=True) <= NINE


def test_a_tenth_or_more_of_each_shared_limit_is_reserved() -> None:
    assert all(limit.reserve >= limit.burst / 10 for limit in (TWENTY, FIFTY, HUNDRED))


def test_a_block_holds_for_all() -> None:
    assert TWENTY.free_at(0, NINE + 30 * SECOND, urgent=True) == NINE + 30 * SECOND


def test_keys_name_a_method_and_perhaps_a_channel() -> None:
    assert limit_of("chat.postMessage:inc:42") is PER_CHANNEL
    assert limit_of("chat.update") is FIFTY
    assert limit_of("something.new") is TWENTY


def test_every_kind_takes_from_limits_that_are_known() -> None:
    from bot.ports import Effect

    for kind, policy in KINDS.items():
        for rates in (policy.rates, policy.there):
            for key in rates(Effect("k", kind, "l", "inc:1", {"room": "inc:1"})) if rates else ():
                assert key.partition(":")[0] in LIMITS, kind
