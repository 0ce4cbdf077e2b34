"""The catalogue: ids with both anchors, words for each, and how single incidents are judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.facts import Facts
from bot.metrics import Period, over
from bot.metrics.catalogue import DURATIONS, SHARES, found_by_monitoring, reopened
from bot.text import Text
from tests.bot.domain.log import minute
from tests.bot.metrics.made import made, whole


def test_every_id_is_there_once_and_names_its_anchors() -> None:
    ids = [metric.id for metric in DURATIONS]
    assert ids == [
        "t.started__detected",
        "t.first_signal__detected",
        "t.detected__acknowledged",
        "t.declared__quorum",
        "t.detected__diagnosed",
        "t.started__mitigated",
        "t.started__recovered",
        "t.detected__recovered",
    ]
    assert [share.id for share in SHARES] == [
        "p.detected_by_monitoring",
        "p.takeover_success",
        "p.self_heal_success",
        "p.reopened",
    ]


def test_every_metric_has_its_words_and_a_version() -> None:
    for metric in (*DURATIONS, *SHARES):
        assert metric.version >= 1
        for said in (metric.title, metric.definition, metric.lever):
            assert isinstance(said, Text)
            assert said.msgid


@pytest.mark.parametrize(
    ("found", "case"),
    [
        ("monitoring", True),
        ("people_despite_signal", False),
        ("people_before_monitoring", False),
        ("people_no_monitoring", False),
        ("unknown", None),
    ],
)
def test_who_found_it(found: str, case: bool | None) -> None:
    assert list(found_by_monitoring(replace(made(), found=found))) == [case]


@pytest.mark.parametrize(
    ("facts", "cases"),
    [
        (whole(), [False]),
        (replace(whole(), reopened=(minute(50), minute(70), minute(90))), [True]),
        (replace(made(), reopened=(minute(50),)), [True]),
        (made(), []),
    ],
)
def test_a_reopening_counts_once(facts: Facts, cases: list[bool]) -> None:
    assert list(reopened(facts)) == cases


def test_every_number_is_explained_in_the_documentation() -> None:
    told = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text()
    for summary in over([], Period(0, 1)):
        assert f"`{summary.metric}`" in told
        assert summary.title.msgid in told
