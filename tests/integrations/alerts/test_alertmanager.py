"""Alertmanager's webhook: what its fixtures do not show."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.alert import Alert, AlertStatus
from bot.errors import BadInput
from bot.text import PlainShow, render
from integrations.alerts.alertmanager import source
from integrations.payload import LEFT_OUT, LONGEST_KEY, LONGEST_LABEL, MOST_LABELS

FIXTURES = Path(__file__).parent / "alertmanager"


def request(alert: dict[str, Any], **top: Any) -> bytes:
    return json.dumps({"version": "4", "alerts": [{"status": "firing", "fingerprint": "f1", **alert}], **top}).encode()


def parsed(alert: dict[str, Any], **top: Any) -> Alert:
    return source.parse(request(alert, **top), {}, 0)[0]


def refused(body: bytes) -> str:
    with pytest.raises(BadInput) as raised:
        source.parse(body, {}, 0)
    return render(raised.value.sentence, PlainShow())


def test_the_status_on_top_is_not_believed() -> None:
    told = json.loads((FIXTURES / "truncated_max_alerts_2_of_5_firing.json").read_bytes())
    told["status"] = "resolved"
    alerts = source.parse(json.dumps(told).encode(), {}, 0)
    assert {alert.status for alert in alerts} == {AlertStatus.FIRING}
    assert {alert.truncated for alert in alerts} == {3}


def test_firing_and_resolved_stand_in_one_request() -> None:
    told = {"version": "4", "alerts": [{"status": "firing"}, {"status": "resolved", "endsAt": "2026-01-01T00:00:01Z"}]}
    assert [a.status.value for a in source.parse(json.dumps(told).encode(), {}, 0)] == ["firing", "resolved"]


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000_000),
        ("2026-01-01T00:00:00.123456789Z", 1_767_225_600_123_456),
        ("2026-01-01T01:00:00+01:00", 1_767_225_600_000_000),
        ("2026-01-01T00:00:00", 1_767_225_600_000_000),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(written: str | None, micros: int | None) -> None:
    assert parsed({"startsAt": written}).starts_at == micros


def test_a_firing_alert_has_no_end() -> None:
    assert parsed({"endsAt": "2026-01-01T00:00:00Z"}).ends_at is None
    assert parsed({"status": "resolved", "endsAt": "2026-01-01T00:00:00Z"}).ends_at is not None


@pytest.mark.parametrize(
    ("labels", "annotations", "title", "service"),
    [
        ({"alertname": "Down", "job": "node"}, {"summary": "It is down"}, "It is down", "node"),
        ({"alertname": "Down", "job": "node", "service": "orders"}, {}, "Down", "orders"),
        ({}, {}, "f1", ""),
    ],
)
def test_title_and_service(labels: dict[str, str], annotations: dict[str, str], title: str, service: str) -> None:
    alert = parsed({"labels": labels, "annotations": annotations})
    assert (alert.title, alert.service) == (title, service)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user@evil.example/",
        "https:///nothing",
        "https://a.example/ with space",
        "https://a.example/\u202egnp",
        "https://a.example/<b|Approve>",
        "ftp://a.example/",
        "https://a.example/" + "x" * 3000,
        7,
    ],
)
def test_a_link_that_is_not_safe_is_left_out(url: object) -> None:
    assert parsed({"generatorURL": url, "annotations": {"runbook_url": str(url)}}, externalURL=url).links == {}


def test_safe_links_are_kept() -> None:
    alert = parsed(
        {"generatorURL": "http://p:9090/graph?g0.expr=up", "annotations": {"runbook_url": "https://r.example/x#y"}},
        externalURL="http://[::1]:9093",
    )
    assert alert.links == {
        "graph": "http://p:9090/graph?g0.expr=up",
        "runbook": "https://r.example/x#y",
        "alertmanager": "http://[::1]:9093",
    }


def test_a_long_value_is_cut_with_a_mark() -> None:
    alert = parsed({"labels": {"big": "x" * 1_000_000}})
    assert len(alert.labels["big"]) == LONGEST_LABEL
    assert alert.labels["big"].endswith("… [cut: 1000000 characters]")


def test_too_many_labels_are_left_out_with_a_note() -> None:
    alert = parsed({"labels": {f"l{n:05}": "v" for n in range(100_000)}})
    assert len(alert.labels) == MOST_LABELS
    assert alert.annotations[LEFT_OUT] == str(100_000 - MOST_LABELS)


def test_long_keys_stay_different() -> None:
    one, two = (parsed({}, groupKey="g" * 9000 + end).group_key for end in "ab")
    assert one != two
    assert len(one) == len(two) == LONGEST_KEY


def test_without_a_fingerprint_the_labels_are_the_identity() -> None:
    one, same, other = (parsed({"fingerprint": "", "labels": {"a": v}}).fingerprint for v in "xxy")
    assert one == same != other


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b'{"version": "4"', "not JSON"),
        (b"[" * 10_000, "nested too deeply"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\x00"}', "not JSON"),
        (b"\xff", "not valid UTF-8"),
        (b"[]", "the body must be an object; it is a list"),
        (b'{"version": 4}', "version must be text; it is 4"),
        (b'{"version": "3"}', "version 4"),
        (b'{"version": "4", "alerts": {}}', "alerts must be a list"),
        (b'{"version": "4", "alerts": [7]}', "alerts[0] must be an object; it is 7"),
        (request({"status": "burning"}), "alerts[0].status must be firing or resolved"),
        (request({"status": []}), "firing or resolved"),
        (request({"labels": {"a": 1}}), "alerts[0].labels.a must be text; it is 1"),
        (request({"startsAt": "yesterday"}), "alerts[0].startsAt must be a moment"),
        (request({"startsAt": "9999-12-31T23:59:59-23:59"}), ""),
        (request({}, truncatedAlerts=-1), "whole number"),
        (request({}, truncatedAlerts=True), "whole number"),
        (request({}, truncatedAlerts=1.5), "whole number"),
    ],
)
def test_what_is_wrong_is_said(body: bytes, reason: str) -> None:
    if reason:
        assert reason in refused(body)
    else:
        source.parse(body, {}, 0)


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert parsed({"labels": {"path": "C:\\u0000"}}).labels["path"] == "C:\\u0000"
