"""What the benchmark sends: webhooks as Alertmanager writes them, and how many of which kind."""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import orjson

TOKEN = "benchmark-token-benchmark-token"
Sent: TypeAlias = Literal["webhook", "api"]
"""webhook: as Alertmanager writes it to a receiver; api: as Prometheus writes it to Alertmanager (v2)."""
_PATHS: dict[Sent, str] = {"webhook": "/alerts/alertmanager", "api": "/api/v2/alerts"}


@dataclass(frozen=True, slots=True)
class Shape:
    """posts: requests; alerts: per request; groups: `own` per request or `one`; repeat: distinct bodies (0 = all)."""

    name: str
    about: str
    posts: int
    alerts: int
    groups: str = "own"
    repeat: int = 0

    @property
    def sent(self) -> int:
        """Alerts in all."""
        return self.posts * self.alerts


SHAPES = (
    Shape("u1", "1 alert per POST, each its own group", 4_000, 1),
    Shape("u100", "100 alerts per POST, each POST its own group", 500, 100),
    Shape("g1", "1 alert per POST, all one group", 4_000, 1, "one"),
    Shape("g100", "100 alerts per POST, all one group", 250, 100, "one"),
    Shape("d1", "1 alert per POST, 10 bodies over and over", 4_000, 1, repeat=10),
    Shape("d100", "100 alerts per POST, 10 bodies over and over", 250, 100, repeat=10),
)
WARM = Shape("warm", "before each measurement", 50, 1, "one")


def smaller(shape: Shape, times: int) -> Shape:
    """The same with fewer requests."""
    return replace(shape, posts=shape.posts // times)


def requests(shape: Shape, sent: Sent = "webhook") -> list[bytes]:
    """The requests of a shape as they go over the wire."""
    body = _webhook if sent == "webhook" else _api
    distinct = [_request(body(shape, n), _PATHS[sent]) for n in range(shape.repeat or shape.posts)]
    return [distinct[n % len(distinct)] for n in range(shape.posts)]


def _request(body: bytes, path: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Alertmanager/0.27.0\r\n"
        f"Content-Type: application/json\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _group(shape: Shape, n: int) -> str:
    return f"{shape.name}-{n if shape.groups == 'own' else 0}"


def _webhook(shape: Shape, n: int) -> bytes:
    """The n-th body of a shape."""
    group = _group(shape, n)
    said = {
        "receiver": "tocsin",
        "status": "firing",
        "alerts": [_alert(f"{shape.name}-{n}-{i}", group) for i in range(shape.alerts)],
        "groupLabels": {"alertname": "LatencyHigh", "queue": group},
        "commonLabels": {"alertname": "LatencyHigh", "cluster": "east-1", "job": "orders", "severity": "warning"},
        "commonAnnotations": {"runbook_url": "https://wiki.example/latency"},
        "externalURL": "http://alertmanager.example:9093",
        "version": "4",
        "groupKey": f'{{}}:{{alertname="LatencyHigh", queue="{group}"}}',
        "truncatedAlerts": 0,
    }
    return _as_go_does(said)


def _api(shape: Shape, n: int) -> bytes:
    """The same alerts on their way to Alertmanager; one without an end fires for five minutes."""
    whole = [_alert(f"{shape.name}-{n}-{i}", _group(shape, n)) for i in range(shape.alerts)]
    return _as_go_does(
        [{name: a[name] for name in ("labels", "annotations", "startsAt", "generatorURL")} for a in whole]
    )


def _as_go_does(said: object) -> bytes:
    """With its escapes and its line end."""
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE).replace(b"&", b"\\u0026")


def _alert(name: str, group: str) -> dict[str, object]:
    return {
        "status": "firing",
        "labels": {
            "alertname": "LatencyHigh",
            "cluster": "east-1",
            "instance": name,
            "job": "orders",
            "queue": group,
            "replica": "a",
            "severity": "warning",
            "team": "checkout",
        },
        "annotations": {
            "description": "The slowest hundredth of all orders took 2.4 s for five minutes; two seconds are allowed.",
            "runbook_url": "https://wiki.example/latency",
            "summary": f"Latency of {name} is above two seconds",
        },
        "startsAt": "2026-11-22T00:00:00.418Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example:9090/graph?g0.expr=order_latency+%3E+2&g0.tab=1",
        "fingerprint": hashlib.sha256(name.encode()).hexdigest()[:16],
    }
