"""The words for codes: statuses, severities, roles, milestones."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain import named
from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros, Severity, Status
from bot.text import Text, Who, t, zone_of

STATUS: dict[Status, Text] = {
    Status.TRIAGE: t("Triage"),
    Status.INVESTIGATING: t("Investigating"),
    Status.IDENTIFIED: t("Identified"),
    Status.MITIGATING: t("Mitigating"),
    Status.MONITORING: t("Monitoring"),
    Status.RESOLVED: t("Resolved"),
    Status.REVIEW: t("In review"),
    Status.CLOSED: t("Closed"),
    Status.DECLINED: t("Not an incident"),
    Status.MERGED: t("Merged"),
    Status.CANCELLED: t("Opened by mistake"),
    Status.FALSE_POSITIVE: t("False alarm"),
}

NEXT: dict[Status, Status] = {
    Status.TRIAGE: Status.INVESTIGATING,
    Status.INVESTIGATING: Status.IDENTIFIED,
    Status.IDENTIFIED: Status.MITIGATING,
    Status.MITIGATING: Status.MONITORING,
}
"""The status that the card offers next; after monitoring it offers to resolve."""

KIND: dict[Kind, Text] = {
    Kind.REAL: t("real"),
    Kind.DRILL: t("a drill"),
    Kind.TEST: t("a test"),
    Kind.BACKFILL: t("entered afterwards"),
}


def severity(value: Severity) -> str:
    """`SEV1`."""
    return value.value.upper()


def title(role: str) -> Text:
    """A role's name that stands by itself."""
    return named.button(role)


def people(ids: Sequence[str], most: int = 5) -> Text:
    """`Ana, Li, Zhou`; `nobody`; `Ana, Li and 12 more`."""
    if not ids:
        return t("nobody")
    shown = {f"p{n}": Who(person) for n, person in enumerate(ids[:most])}
    names = Text(", ".join(f"{{{name}}}" for name in shown), shown)
    return names if len(ids) <= most else t("{names} and {more} more", names=names, more=len(ids) - most)


def mark(incident: Incident) -> Text | None:
    """What every message and line of something that is not real begins with."""
    return {Kind.DRILL: t("DRILL"), Kind.TEST: t("TEST"), Kind.BACKFILL: t("BACKFILL")}.get(incident.kind)


def headline(incident: Incident) -> Text:
    """`SEV1 · Investigating`."""
    return t("{severity} · {status}", severity=severity(incident.severity), status=STATUS[incident.status])


def clock(at: Micros, zone: str) -> str:
    """`2033-01-03 08:59`: as a person may type it in their zone."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M")
