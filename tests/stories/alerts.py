"""Requests as Alertmanager sends them (version 4)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

BEGAN_BEFORE = 40_000_000
"""µs between the beginning of an alert and the first time it is sent."""


def alert(name: str, status: str, now: int, began: int, labels: Mapping[str, str]) -> dict[str, Any]:
    """One alert. now, began: µs; an empty label is left out."""
    full = {"alertname": name, "severity": "critical", "service": "orders", "env": "production"}
    full |= {"instance": "gw-1", **labels}
    full = {label: value for label, value in full.items() if value}
    fingerprint = sha256(repr(sorted(full.items())).encode()).hexdigest()[:16]
    return {
        "status": status,
        "labels": full,
        "annotations": {"summary": labels.get("summary", f"{name} on {full.get('service', 'something')}")},
        "startsAt": when(began),
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else when(now),
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": fingerprint,
    }


def request(alerts: list[dict[str, Any]], key: str, **more: Any) -> dict[str, Any]:
    return {
        "version": "4",
        "groupKey": key,
        "truncatedAlerts": 0,
        "status": "firing" if any(one["status"] == "firing" for one in alerts) else "resolved",
        "receiver": "tocsin",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example",
        "alerts": alerts,
        **more,
    }


def when(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat().replace("+00:00", "Z")
