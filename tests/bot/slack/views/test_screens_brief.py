"""The morning brief, in both languages."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import locale
from bot.domain.state import Interval
from bot.domain.terms import DAY, HOUR, Kind, Status
from bot.domain.told import Impact, Told
from bot.domain.workday import last_brief
from bot.slack.views import people
from bot.slack.views.brief import brief
from bot.workspace.blocks import checked_blocks
from tests.bot.slack.samples import INCIDENT, NOW, T0, scene
from tests.bot.slack.screen import screen

Golden = Callable[[str, str], None]
OVER = replace(
    INCIDENT,
    number=41,
    status=Status.CLOSED,
    opened_at=T0 - 5 * HOUR,
    marks={},
    statuses=(
        Interval("investigating", T0 - 5 * HOUR, T0 - 4 * HOUR),
        Interval("resolved", T0 - 4 * HOUR, NOW),
        Interval("closed", NOW),
    ),
    told=Told(impacts=(Impact(6, "trading", 40, None, None),)),
)
SINCE = T0 - 19 * HOUR


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_brief(golden: Golden, language: str) -> None:
    locale.speak(language)
    try:
        made = brief([scene(OVER), scene(INCIDENT)], SINCE)
        assert made is not None
        golden(f"brief{'' if language == 'en' else '.zh-CN'}.txt", screen(made))
        golden(f"late-update{'' if language == 'en' else '.zh-CN'}.txt", screen(people.late_update(scene(), NOW)))
    finally:
        locale.speak("en")


def test_nothing_is_said_of_nothing() -> None:
    old = replace(OVER, statuses=(Interval("resolved", SINCE - 1),))
    drill, opened = replace(INCIDENT, kind=Kind.DRILL), replace(OVER, status=Status.FALSE_POSITIVE)
    assert brief([scene(old), scene(drill), scene(opened)], SINCE) is None


def test_as_much_as_there_may_be_fits() -> None:
    made = brief([scene(replace(INCIDENT, number=n)) for n in range(60)], SINCE)
    assert made is not None
    assert len(checked_blocks([dict(block) for block in made.blocks], "message", total=True)) == len(made.blocks)


@pytest.mark.parametrize(("days", "before"), [(0, 3), (1, 1), (4, 1), (5, 1)])
def test_a_monday_looks_back_to_friday(days: int, before: int) -> None:
    """From Monday 2033-01-03, 08:00."""
    due = T0 + 5 * HOUR + days * DAY
    assert due - last_brief(due, "UTC") == before * DAY
