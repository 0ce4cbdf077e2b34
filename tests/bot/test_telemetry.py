"""Counters that stay bounded, and a log that hides secrets."""

import errno
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.telemetry import MOST_VALUES, Meters, configure, log


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_counting() -> None:
    meters = Meters()
    meters.count("alerts", source="alertmanager", decision="open")
    meters.count("alerts", 2, source="alertmanager", decision="open")
    assert meters.read("alerts", source="alertmanager", decision="open") == 3
    assert meters.read("alerts", source="alertmanager", decision="worse") == 0


def test_a_name_or_label_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Meters().count("aliens")
    with pytest.raises(ValueError):
        Meters().count("alerts", source="x", colour="red")


def test_label_values_are_bounded() -> None:
    meters = Meters()
    for n in range(MOST_VALUES + 10):
        meters.count("failures", where=f"place {n}")
    assert meters.read("failures", where="other") == 10


def test_exposition() -> None:
    meters = Meters()
    meters.gauge("incidents_open", 3)
    meters.seconds("alert_request", 0.02)
    meters.gauge("ready", 1, part="slack")
    text, kind = meters.exposition()
    assert b'tocsin_ready{part="slack"} 1.0' in text
    assert b"tocsin_incidents_open 3.0" in text
    assert b'tocsin_alert_request_seconds_bucket{le="0.025"} 1.0' in text
    assert kind.startswith("text/plain")


def test_a_line_of_the_log_is_json_without_secrets() -> None:
    out = io.StringIO()
    configure("json", mask=lambda line: line.replace("hunter2", "[masked]"), stream=out)
    log("opened", incident=42, said={"token": "hunter2"})
    try:
        raise ValueError("hunter2")
    except ValueError as error:
        log("failed", level="error", error=error)
    logging.getLogger("aiohttp").warning("%s is slow", "it")
    opened, failed, library = map(json.loads, out.getvalue().splitlines())
    assert (opened["event"], opened["level"], opened["incident"]) == ("opened", "info", 42)
    assert "ValueError: [masked]" in failed["exception"]
    assert (library["logger"], library["message"]) == ("aiohttp", "it is slow")
    assert "hunter2" not in out.getvalue()


def test_the_console_shows_tracebacks_too() -> None:
    out = io.StringIO()
    configure("console", stream=out)
    log("failed", level="error", error=ValueError("why"))
    assert "failed" in out.getvalue()
    assert "ValueError: why" in out.getvalue()


def test_less_important_lines_are_left_out() -> None:
    out = io.StringIO()
    configure(least="warning", stream=out)
    log("quiet")
    log("loud", level="warning")
    assert "quiet" not in out.getvalue()
    assert "loud" in out.getvalue()


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_ends_nobodys_work() -> None:
    configure(stream=Full())
    log("something happened")
