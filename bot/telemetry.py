"""Counters and the structured log: the only file that knows prometheus_client and structlog.

`count("alerts", source="alertmanager", decision="open")` adds one to a counter of the table below; a name or label that is
not in the table is a mistake and raises. Label values come from us (sources, verbs, kinds), never from an alert or a person;
should one grow all the same, what comes after the first 64 values is counted as `other`.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "alerts": ("Alerts stored, by what became of them.", ("source", "decision")),
    "alert_requests": ("Requests of alert senders, by answer: ok, bad, refused, away, failed.", ("source", "answer")),
    "quarantined": ("Bodies of alert senders that could not be parsed.", ("source",)),
    "unauthorised": ("Requests without the right token, signature or address.", ("where",)),
    "store_away": ("Times the database did not answer in time.", ("what",)),
    "effects": ("Effects tried, by outcome.", ("kind", "outcome")),
    "effects_late": ("Effects whose result came after somebody else had taken over.", ("kind",)),
    "slack_calls": ("Calls of Slack's Web API, by answer: ok, limited, error.", ("method", "answer")),
    "failures": ("Unexpected errors, by the place that caught them.", ("where",)),
    "log_lines": ("Lines of the log, by level.", ("level",)),
}
"""Counter (exposed as `tocsin_<name>_total`) → what it counts, its labels."""

GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ready": ("1 while this part of the program works, as /readyz says.", ("part",)),
    "incidents_open": ("Incidents that people are responding to; private ones are not counted.", ()),
}
"""Gauge (exposed as `tocsin_<name>`) → what it shows, its labels."""

SECONDS: Mapping[str, str] = {
    "alert_request": "An alert request, from its first byte to our answer.",
}
"""Histogram of seconds (exposed as `tocsin_<name>_seconds`) → what it measures."""

MOST_VALUES = 64
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Meters:
    """The counters, gauges and histograms of one registry."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counters = {
            name: Counter(f"tocsin_{name}", about, labels, registry=self._registry)
            for name, (about, labels) in COUNTERS.items()
        }
        self._gauges = {
            name: Gauge(f"tocsin_{name}", about, labels, registry=self._registry)
            for name, (about, labels) in GAUGES.items()
        }
        self._seconds = {
            name: Histogram(f"tocsin_{name}_seconds", about, buckets=_BUCKETS, registry=self._registry)
            for name, about in SECONDS.items()
        }
        self._values: dict[tuple[str, str], set[str]] = {}
        self._counted: dict[tuple[str | tuple[str, str], ...], Counter] = {}

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Add to a counter. KeyError, ValueError: no such counter or label."""
        known = self._counted.get((name, *labels.items()))
        (self._counter(name, labels) if known is None else known).inc(by)

    def _counter(self, name: str, labels: Mapping[str, str]) -> Counter:
        """The counter of these labels, remembered: finding it among the others takes longer than to count."""
        bounded = {label: self._bounded(name, label, value) for label, value in labels.items()}
        counter = self._counters[name].labels(**bounded)
        if bounded == labels:
            self._counted[name, *labels.items()] = counter
        return counter

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge. KeyError, ValueError: no such gauge or label."""
        gauge = self._gauges[name]
        (gauge.labels(**labels) if labels else gauge).set(value)

    def seconds(self, name: str, value: float) -> None:
        self._seconds[name].observe(value)

    def read(self, name: str, **labels: str) -> float:
        """The present value of a counter (0 if it never counted)."""
        return self._registry.get_sample_value(f"tocsin_{name}_total", labels) or 0.0

    def exposition(self) -> tuple[bytes, str]:
        """All of it as (text for Prometheus, content type)."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def _bounded(self, name: str, label: str, value: str) -> str:
        seen = self._values.setdefault((name, label), set())
        if value not in seen and len(seen) >= MOST_VALUES:
            return "other"
        seen.add(value)
        return value


@cache
def meters() -> Meters:
    """The counters of this process."""
    return Meters()


def count(name: str, by: float = 1, **labels: str) -> None:
    """Add to a counter of this process."""
    meters().count(name, by, **labels)


def gauge(name: str, value: float, **labels: str) -> None:
    """Set a gauge of this process."""
    meters().gauge(name, value, **labels)


def seconds(name: str, value: float) -> None:
    """Put a length of time (seconds) into a histogram of this process."""
    meters().seconds(name, value)


def log(event: str, *, level: str = "info", error: BaseException | None = None, **fields: object) -> None:
    """One line of the log: what happened (few fixed words) and its fields. `error` adds the traceback.

    A log that cannot be written (its disk is full) ends nobody's work.
    """
    count("log_lines", level=level)
    logger: Any = structlog.get_logger()
    if error is not None:
        fields["exc_info"] = error
    with suppress(OSError):
        logger.log(_LEVELS[level], event, **fields)


class Seldom:
    """Of what may come by the hundred, one in `every` seconds. clock: seconds, such as a Clock's `monotonic`."""

    def __init__(self, every: float, clock: Callable[[], float]) -> None:
        self._every, self._clock = every, clock
        self._next = float("-inf")
        self._times = 0

    def times(self) -> int:
        """Count this one: how many there were since one was said, this one included; 0 if none is to be said yet."""
        self._times += 1
        now = self._clock()
        if now < self._next:
            return 0
        self._next = now + self._every
        times, self._times = self._times, 0
        return times


def configure(
    style: str = "json", least: str = "info", mask: Callable[[str], str] = str, stream: TextIO | None = None
) -> None:
    """Say how the log looks: `json` or `console`, from level `least` up, every line through `mask`, to stderr."""
    out = stream or sys.stderr
    plain = structlog.dev.plain_traceback
    render: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=plain)
        if style == "console"
        else structlog.processors.JSONRenderer(default=str)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            render,
            lambda logger, name, line: mask(str(line)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[least]),
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),  # where stderr is by then
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Forward()], force=True)


class _Forward(logging.Handler):
    """What libraries log goes into our log."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        level = record.levelname.lower()
        known = level if level in _LEVELS else "error"
        log("library", level=known, error=error, logger=record.name, message=record.getMessage())
