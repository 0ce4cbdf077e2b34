"""A bracket counts, or it is told that it does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.terms import MINUTE
from tests.runbooks.pages import found, read, step

LOST = [".", "!", "。", " Then wait.", " ✅", " <!-- reviewed -->", ")", "*", "_", " (see wiki)", "`x`", " *now*", "~~"]
FORMS = ["*({})*", "_({})_", "*（{}）*", "({})", "（{}）", "**({})**", "(*{}*)", "*({}"]
RULES = "confirmed by Operations, within 5 min, marks fix started"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["", "IC, ", "(IC), ", "（IC）, ", "[IC](#x), "]),
    st.sampled_from(FORMS),
    st.lists(st.sampled_from(LOST), max_size=2),
)
def test_a_bracket_counts_or_is_told(role: str, form: str, after: list[str]) -> None:
    """Whatever stands in it, around it or after it: who must confirm a step is never lost in silence."""
    parsed = read(step("Switch it. " + form.format(role + RULES) + "".join(after)))
    if "P211" not in found(parsed):
        assert parsed.plan is not None
        [only] = parsed.plan.phases[0].steps
        assert (only.confirmed_by, only.within, only.marks) == ("operations", 5 * MINUTE, "fix_started")


@pytest.mark.parametrize(
    "words",
    [
        "x (within the hour) and wait",
        "x `f(always)` y",
        "x (not optional, see wiki) y",
        "count(*) of (a)",
        "x *(the spare)*",
    ],
)
def test_what_is_no_bracket(words: str) -> None:
    assert "P211" not in found(read(step(words)))
