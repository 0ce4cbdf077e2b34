"""How numbers are said."""

import pytest

from bot.domain.terms import MINUTE, Milestone
from bot.metrics import words
from bot.metrics.catalogue import DURATIONS
from bot.metrics.measures import Length
from bot.text import t
from tests.bot.metrics.test_incident import say

M14 = 14 * MINUTE


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (Length(M14), "14 min"),
        (Length(M14, bound="at_least"), "at least 14 min"),
        (Length(M14, bound="at_most", edited=True), "at most 14 min, corrected"),
        (Length(M14, net=M14), "14 min"),
        (Length(M14, net=MINUTE), "14 min (1 min net of outages)"),
        (Length(None, "missing", (Milestone.STARTED,)), ""),
    ],
)
def test_a_length(length: Length, said: str) -> None:
    assert say(words.length(length)) == said


def test_every_anchor_has_a_name() -> None:
    for metric in DURATIONS:
        assert say(words.moment(metric.start))
        assert say(words.moment(metric.end))


def test_a_list() -> None:
    assert say(words.together([t("a")])) == "a"
    assert say(words.together([t("a"), t("b"), t("c")])) == "a · b · c"
