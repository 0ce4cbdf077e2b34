"""Prometheus Alertmanager, webhook version 4.

What it really does: one request mixes firing and resolved alerts, and the status on top lies when alerts were left out
(`truncatedAlerts`), so only each alert's own status is read. A repeat and a retry are byte for byte the same. After 500 and 503
it tries again; after 429 it does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.alert import Alert, AlertStatus
from bot.domain.terms import Kind, Micros
from bot.errors import BadInput
from bot.ports import AlertSource
from bot.text import Code, t
from integrations import payload
from integrations.payload import LONGEST_NOTE, a_text

VERSION = "4"
_STATUS = {status.value: status for status in AlertStatus}


@dataclass(slots=True)
class _Common:
    """What all alerts of a request share. outside: the link to Alertmanager's page, "" if it is none to follow."""

    group_key: str
    truncated: int
    outside: str
    raw_ref: str


class Alertmanager(AlertSource):
    """`POST /alerts/alertmanager`."""

    name = "alertmanager"
    TRIED = "real"
    by_body_alone = True

    def parse(self, body: bytes, headers: Mapping[str, str], received_at: Micros) -> Sequence[Alert]:
        request = payload.an_object(payload.read_json(body), "the body")
        version = a_text(request.get("version"), "version")
        if version != VERSION:
            said = t("version {version}", version=Code(version)) if version else t("without a version")
            raise BadInput(t("Alertmanager's webhook version 4 is read here; this is {said}.", said=said))
        common = _Common(
            payload.key_of(a_text(request.get("groupKey"), "groupKey")),
            payload.a_count(request.get("truncatedAlerts"), "truncatedAlerts"),
            payload.web_link(request.get("externalURL")),
            payload.sha_of(body),
        )
        alerts = payload.a_list(request.get("alerts"), "alerts")
        return [_alert(one, f"alerts[{n}]", common) for n, one in enumerate(alerts)]


def _alert(value: Any, where: str, common: _Common) -> Alert:
    get = payload.an_object(value, where).get
    status = _status(get("status"), where)
    labels = payload.labels_of(get("labels"), f"{where}.labels")
    notes = payload.labels_of(get("annotations"), f"{where}.annotations", LONGEST_NOTE)
    fingerprint = a_text(get("fingerprint"), f"{where}.fingerprint") or _own_fingerprint(labels)
    starts_at = payload.a_moment(get("startsAt"), f"{where}.startsAt")
    ends_at = payload.a_moment(get("endsAt"), f"{where}.endsAt")
    return Alert(  # in the order of its fields, since naming sixteen of them takes three times as long
        Alertmanager.name,
        payload.key_of(fingerprint),
        status,
        starts_at,
        ends_at if status is AlertStatus.RESOLVED else None,
        common.group_key,
        labels.get("severity", ""),
        labels.get("service") or labels.get("job", ""),
        notes.get("summary") or labels.get("alertname") or fingerprint,
        notes.get("description", ""),
        labels,
        payload.and_left_out(notes, get("labels"), get("annotations")),
        _links(get("generatorURL"), common.outside, notes.get("runbook_url")),
        Kind.REAL,
        common.truncated,
        common.raw_ref,
    )


def _links(graph: Any, outside: str, runbook: Any) -> dict[str, str]:
    links = {"graph": payload.web_link(graph), "alertmanager": outside, "runbook": payload.web_link(runbook)}
    return links if all(links.values()) else {name: url for name, url in links.items() if url}


def _status(value: Any, where: str) -> AlertStatus:
    found = _STATUS.get(value) if isinstance(value, str) else None
    if found is None:
        raise BadInput(t("{where}.status must be firing or resolved.", where=where))
    return found


def _own_fingerprint(labels: Mapping[str, str]) -> str:
    """For an Alertmanager so old that it sends none: the labels are the identity."""
    return payload.sha_of(repr(sorted(labels.items())).encode())[:16]


source = Alertmanager()
