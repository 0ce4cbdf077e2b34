"""Rows that follow from events: written with them, and whenever wanted again from them."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.domain.facts import facts_of
from bot.domain.state import Incident
from bot.domain.terms import Milestone
from storage import tables
from storage.chain import canonical
from storage.session import Session
from storage.sql import insert, upsert

_INCIDENT = TypeAdapter(Incident)
STATES = upsert(tables.incident_state)
FACTS = upsert(tables.incident_facts)
INSIDERS = insert(tables.insider, ignore=True)


def read_state(text: str) -> Incident:
    return _INCIDENT.validate_json(text)


def write_state(incident: Incident) -> str:
    return _INCIDENT.dump_json(incident).decode()


def state_row(incident: Incident) -> dict[str, Any]:
    """The row of incident_state."""
    return {
        "number": incident.number,
        "seq": incident.seq,
        "opened_at": incident.opened_at,
        "resolved_at": incident.mark(Milestone.RESOLVED),
        "kind": incident.kind.value,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "service": incident.service,
        "channel": incident.channel,
        "is_open": int(incident.status.open),
        "private": int(incident.private),
        "state": write_state(incident),
    }


def facts_row(incident: Incident) -> dict[str, Any]:
    """The row of incident_facts."""
    return {
        "number": incident.number,
        "opened_at": incident.opened_at,
        "private": int(incident.private),
        "kind": incident.kind.value,
        "service": incident.service,
        "facts": canonical(facts_of(incident)),
    }


def insiders(incident: Incident) -> list[dict[str, Any]]:
    """Who may see a private incident."""
    if not incident.private:
        return []
    return [{"number": incident.number, "person": person} for person in sorted(incident.insiders)]


async def write(session: Session, incidents: Sequence[Incident]) -> None:
    """Bring the derived rows of these incidents up to date."""
    await session.many(STATES, [state_row(incident) for incident in incidents])
    await session.many(FACTS, [facts_row(incident) for incident in incidents])
    await session.many(INSIDERS, [row for incident in incidents for row in insiders(incident)])
