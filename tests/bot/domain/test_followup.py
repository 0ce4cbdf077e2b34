"""What is to be done afterwards: read, dated, flagged once; and causes."""

import pytest

from bot.domain import followup, telling
from bot.domain.terms import DAY
from bot.errors import BadInput
from tests.bot.domain.test_saying import answered


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("buy a gateway @[UBEN] 14d", ("buy a gateway", "UBEN", "14d")),
        ("buy a gateway @[UBEN] due 2026-12-01", ("buy a gateway", "UBEN", "2026-12-01")),
        ("@[UBEN] buys a gateway within 2 weeks", ("buys a gateway within 2 weeks", "UBEN", "")),
        ("buy gw4d", ("buy gw4d", "", "")),
        ("fix it @[UBEN] friday", ("fix it", "UBEN", "friday")),
        ("@[UBEN] fix it by Tomorrow", ("fix it", "UBEN", "Tomorrow")),
        ("look at the job of every monday", ("look at the job of every monday", "", "")),
        ("buy a gateway 2w", ("buy a gateway", "", "2w")),
    ],
)
def test_read(words: str, read: tuple[str, str, str]) -> None:
    assert followup.read(words) == read


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", ""),
        ("14d", "1970-01-25"),
        ("2W", "1970-01-25"),
        ("1970-01-11",) * 2,
        ("monday", "1970-01-12"),
        ("Sunday", "1970-01-18"),
        ("today", "1970-01-11"),
        ("tomorrow", "1970-01-12"),
    ],
)
def test_day(text: str, day: str) -> None:
    assert followup.day(text, 10 * DAY) == day


@pytest.mark.parametrize("text", ["soon", "1970-01-10", "1970-02-30", "14"])
def test_no_day(text: str) -> None:
    with pytest.raises(BadInput):
        followup.day(text, 10 * DAY)


def test_a_flag_is_one_followup() -> None:
    log = answered()
    log.decided("UANA", followup.flag(log.state, log.by("UANA"), "C1", "1.2", "fix it"))
    assert followup.flag(log.state, log.by("UBEN"), "C1", "1.2", "fix it") == ()
    log.decided("UBEN", followup.unflag(log.state, "C1", "1.2"))
    assert log.state.told.followups == ()
    assert followup.unflag(log.state, "C1", "1.2") == ()


@pytest.mark.parametrize("word", ["CHG.config", "chg.CONFIG", "config", "configuration"])
def test_a_cause_has_several_names(word: str) -> None:
    assert telling.cause_of(word) == "CHG.config"


def test_a_cause_that_is_none() -> None:
    log = answered()
    for word in ("", "ABC.x", "confg"):
        with pytest.raises(BadInput):
            telling.cause_of(word)
    with pytest.raises(BadInput):
        telling.cause(log.state, log.by("UANA"), "x")
