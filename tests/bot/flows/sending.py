"""A sender of alerts for tests: short words for alerts, and what became of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.clock import KeptTasks
from bot.domain.alert import Alert, AlertStatus
from bot.domain.organisation import Organisation
from bot.domain.terms import MINUTE, Kind, Micros, Source
from bot.flows.consequences import consequences
from bot.flows.ingest import Ingest
from bot.ports import Cause, Clock, Json
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock

CAUSE = Cause("request", "alert:test", Source.ALERT)


def alert(
    name: str,
    status: str = "firing",
    start: Micros | None = NINE - MINUTE,
    group: str = "",
    severity: str = "critical",
    service: str = "orders",
    truncated: int = 0,
    kind: Kind = Kind.REAL,
) -> Alert:
    """An alert of the source `test`; its group is its own unless named."""
    return Alert(
        source="test",
        fingerprint=name,
        status=AlertStatus(status),
        starts_at=start,
        ends_at=NINE if status == "resolved" else None,
        group_key=group or name,
        severity=severity,
        service=service,
        title=f"{name} is broken",
        labels={"alertname": name},
        kind=kind,
        truncated=truncated,
    )


class Sender:
    """Sends requests to the flow."""

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest

    async def send(self, *alerts: Alert) -> list[tuple[str, int | None]]:
        """One request; for each alert what was decided and the incident."""
        return short(await self.ingest.submit(alerts, "sha", CAUSE))


def short(answers: Sequence[Json]) -> list[tuple[str, int | None]]:
    return [(answer["decision"], answer["incident"]) for answer in answers]


@asynccontextmanager
async def sending(
    store: SqlStore, organisation: Organisation | None = None, clock: Clock | None = None, **bounds: int
) -> AsyncIterator[Sender]:
    tasks = KeptTasks()
    yield Sender(
        Ingest(store, clock or FakeClock(), tasks, lambda: organisation or Organisation(), consequences, **bounds)
    )
    await tasks.stop()
    assert tasks.failures == []
