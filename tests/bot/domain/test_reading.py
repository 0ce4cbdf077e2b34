"""What people type at 3 a.m. is understood, or refused with an example that works."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import phrase, reading
from bot.domain.terms import HOUR, MINUTE, Severity
from bot.errors import BadInput

NOW = round(datetime(2026, 11, 22, 3, 10, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("note INC-42 it fails  again", ("note", "it fails  again", 42)),
        ("merge INC 7", ("merge", "INC 7", None)),
        ("drill stop INC-7 enough", ("drill", "stop enough", 7)),
        ("drill INC-7 stop", ("drill", "stop", 7)),
        ("drill stop enough", ("drill", "stop enough", None)),
        ("merge INC-2 INC-7", ("merge", "INC-7", 2)),
        ("note INC42 it fails", ("note", "it fails", 42)),
        ("note inc-42: it fails", ("note", "it fails", 42)),
        ("note inc 42, it fails", ("note", "it fails", 42)),
        ("INC #42 note it fails", ("note", "it fails", 42)),
        ("INC–42： note it fails", ("note", "it fails", 42)),
        ("note INC-0 it fails", ("note", "it fails", 0)),
        ("note INC-99999999999999999999 x", ("note", "x", 999_999_999)),
        ("note incoming 42", ("note", "incoming 42", None)),
        ("note inc-42nd", ("note", "inc-42nd", None)),
        ("INC-42 note it fails", ("note", "it fails", 42)),
        ("inc-7", ("help", "", 7)),
        ("INC-42 INC-43", ("inc-43", "", 42)),
        ("Note\nline one\nline two", ("note", "line one\nline two", None)),
        ("INC-x note", ("inc-x", "note", None)),
        ("  ", ("help", "", None)),
    ],
)
def test_a_line_is_a_verb_an_incident_and_words(text: str, expected: tuple[str, str, int | None]) -> None:
    found = phrase.line(text)
    assert (found.verb, found.words, found.incident) == expected


def at(day: int, hour: int, minute: int) -> int:
    return round(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("03:02", "UTC", at(22, 3, 2)),
        ("3:02", "UTC", at(22, 3, 2)),
        ("14:02", "UTC", at(21, 14, 2)),  # not in the future: yesterday's
        ("11:02", "Asia/Shanghai", at(22, 3, 2)),
        ("yesterday 23:50", "UTC", at(21, 23, 50)),
        ("-5m", "UTC", NOW - 5 * MINUTE),
        ("-2h", "UTC", NOW - 2 * HOUR),
        ("now", "UTC", NOW),
    ],
)
def test_moments(text: str, zone: str, expected: int) -> None:
    assert reading.moment(text, zone, NOW) == expected


@pytest.mark.parametrize("text", ["25:00", "03:75", "soon", "+5m", "tomorrow 10:00", "-5x"])
def test_what_is_no_moment_is_told_with_an_example(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        reading.moment(text, "UTC", NOW)
    assert "Say " in refused.value.sentence.msgid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", phrase.Line("help")),
        ("ACK", phrase.Line("ack")),
        ("done 2.3 see graph", phrase.Line("done", "2.3 see graph")),
        ("sev inc-42 1 all down", phrase.Line("sev", "1 all down", 42)),
    ],
)
def test_lines(text: str, expected: phrase.Line) -> None:
    assert phrase.line(text) == expected


@pytest.mark.parametrize("dashes", ["--", "–", "—"])
def test_options_are_taken_out_of_the_words(dashes: str) -> None:
    """Macs and phones make one dash of two."""
    assert reading.option(f"we fail over {dashes}next 20m", "next") == ("we fail over", "20m")
    assert reading.option(f"{dashes}NEXT 20m", "next") == ("", "20m")
    assert reading.option(f"we fail over {dashes}next", "next") == ("we fail over", "")
    assert reading.option(f"the primary {dashes}which died {dashes} is back", "next")[1] is None
    assert reading.flag(f"Salaries leaked sev2 hr {dashes}private", "private") == ("Salaries leaked sev2 hr", True)
    assert reading.flag(f"Salaries {dashes}privately leaked", "private") == (
        f"Salaries {dashes}privately leaked",
        False,
    )
    for when in ("14:02", "yesterday 23:50", "2033-12-31 10:00", "tomorrow 10:00", "-5m"):
        assert reading.dated(f"mitigated {dashes}at {when}") == ("mitigated", when)


@given(st.text())
def test_any_text_is_a_line(text: str) -> None:
    assert phrase.line(text).verb


@given(st.text())
def test_any_moment_is_a_moment_of_the_past_or_bad_input(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert reading.moment(text, "America/New_York", NOW) <= NOW


def test_people_and_severities() -> None:
    assert reading.people("commander @[U1] and @[U2]") == (["U1", "U2"], "commander and")
    assert reading.severity("SEV-2") is Severity.SEV2
    assert reading.severity("5") is None


@pytest.mark.parametrize("text", ["0m", "00 min", "m", "-5m", "5 weeks"])
def test_no_length_of_time(text: str) -> None:
    with pytest.raises(BadInput):
        reading.length(text)


def test_a_time_of_day_alone_is_none_after_the_latest() -> None:
    """Who says 03:52 on the next morning means the night; what carries a day, or counts from now, stays as it is."""
    now, latest = NOW + 31 * HOUR, NOW + HOUR
    assert reading.moment("03:52", "UTC", now) == NOW + 24 * HOUR + 42 * MINUTE
    assert reading.moment("03:52", "UTC", now, latest=latest) == NOW + 42 * MINUTE
    assert reading.moment("2026-11-23 03:52", "UTC", now, latest=latest) == NOW + 24 * HOUR + 42 * MINUTE
    assert reading.moment("-5m", "UTC", now, latest=latest) == now - 5 * MINUTE
