"""Prometheus Alertmanager, webhook version 4.

What it really does: one request mixes firing and resolved alerts, and the status on top lies when alerts were left out
(`truncatedAlerts`), so only each alert's own status is read. A repeat and a retry are byte for byte the same. After 500 and 503
it tries again; after 429 it does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.alert import Alert, AlertStatus
from bot.domain.terms import Micros
from bot.errors import BadInput
from bot.ports import AlertSource
from bot.text import Code, t
from integrations import payload
from integrations.payload import LONGEST_NOTE, a_text

VERSION = "4"


class Alertmanager(AlertSource):
    """`POST /alerts/alertmanager`."""

    name = "alertmanager"
    TRIED = "real"

    def parse(self, body: bytes, headers: Mapping[str, str], received_at: Micros) -> Sequence[Alert]:
        request = payload.an_object(payload.read_json(body), "the body")
        version = a_text(request.get("version"), "version")
        if version != VERSION:
            raise BadInput(
                t("Alertmanager's webhook version 4 is read here; this is {version}.", version=Code(version))
            )
        common: dict[str, Any] = {
            "group_key": payload.key_of(a_text(request.get("groupKey"), "groupKey")),
            "truncated": payload.a_count(request.get("truncatedAlerts"), "truncatedAlerts"),
            "raw_ref": payload.sha_of(body),
        }
        outside = payload.web_link(request.get("externalURL"))
        alerts = payload.a_list(request.get("alerts"), "alerts")
        return [_alert(one, f"alerts[{n}]", outside, common) for n, one in enumerate(alerts)]


def _alert(value: Any, where: str, outside: str, common: Mapping[str, Any]) -> Alert:
    given = payload.an_object(value, where)
    status = _status(given.get("status"), where)
    labels = payload.labels_of(given.get("labels"), f"{where}.labels")
    notes = payload.labels_of(given.get("annotations"), f"{where}.annotations", LONGEST_NOTE)
    fingerprint = a_text(given.get("fingerprint"), f"{where}.fingerprint") or _own_fingerprint(labels)
    graph, runbook = payload.web_link(given.get("generatorURL")), payload.web_link(notes.get("runbook_url"))
    links = {"graph": graph, "alertmanager": outside, "runbook": runbook}
    ends_at = payload.a_moment(given.get("endsAt"), f"{where}.endsAt")
    return Alert(
        source=Alertmanager.name,
        fingerprint=payload.key_of(fingerprint),
        status=status,
        starts_at=payload.a_moment(given.get("startsAt"), f"{where}.startsAt"),
        ends_at=ends_at if status is AlertStatus.RESOLVED else None,
        severity=labels.get("severity", ""),
        service=labels.get("service") or labels.get("job", ""),
        title=notes.get("summary") or labels.get("alertname") or fingerprint,
        summary=notes.get("description", ""),
        labels=labels,
        annotations=notes | payload.left_out(given.get("labels"), given.get("annotations")),
        links={name: url for name, url in links.items() if url},
        **common,
    )


def _status(value: Any, where: str) -> AlertStatus:
    try:
        return AlertStatus(value)
    except ValueError:
        raise BadInput(t("{where}.status must be firing or resolved.", where=where)) from None


def _own_fingerprint(labels: Mapping[str, str]) -> str:
    """For an Alertmanager so old that it sends none: the labels are the identity."""
    return payload.sha_of(repr(sorted(labels.items())).encode())[:16]


source = Alertmanager()
