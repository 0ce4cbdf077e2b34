"""The web server on a free port, with an ingest and a store that a test can see into."""

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import KeptTasks, SystemClock
from bot.domain.alert import Alert
from bot.domain.events import Event
from bot.domain.organisation import Organisation
from bot.domain.state import Incident
from bot.errors import StoreAway
from bot.ports import Cause, Group, Json, Person, Store, Viewer
from bot.settings import Settings
from bot.text import Text
from bot.web.parts import Parts
from bot.web.quarantine import Quarantine
from bot.web.server import build_web, serve
from integrations import alert_sources
from tests.fakes import FakeIds


@dataclass
class FakeIngest:
    """Remembers what it was given; raises or waits if told to."""

    seen: list[Alert] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    error: Exception | None = None
    known: dict[tuple[str, str], Sequence[Json]] = field(default_factory=dict)

    async def again(self, source: str, raw_sha: str) -> Sequence[Json] | None:
        return self.known.get((source, raw_sha))

    async def submit(self, alerts: Sequence[Alert], raw_sha: str, cause: Cause) -> Sequence[Json]:
        if self.error:
            raise self.error
        self.seen += alerts
        self.causes.append(cause)
        return [
            {"fingerprint": a.fingerprint, "status": a.status, "decision": "open", "incident": 1, "why": "new"}
            for a in alerts
        ]


@dataclass
class FakeReads:
    """Incidents and events as given."""

    found: Mapping[int, Incident] = field(default_factory=dict)
    events: Sequence[Event] = ()
    away: bool = False

    async def incidents(self, viewer: Viewer, open_only: bool = True, limit: int = 50) -> list[Incident]:
        if self.away:
            raise StoreAway
        assert not viewer.all
        return [one for one in self.found.values() if one.status.open or not open_only][:limit]

    async def incident(self, number: int, viewer: Viewer) -> Incident | None:
        assert not viewer.all
        return self.found.get(number)

    async def timeline(self, number: int, viewer: Viewer, after: int = 0) -> list[Event]:
        return [event for event in self.events if event.seq > after]

    async def people(self) -> dict[str, Person]:
        return {"U1": Person("U1", "Ana")}

    async def groups(self) -> list[Group]:
        return []


class FakeStore:
    """A store that can only be read."""

    def __init__(self, reads: FakeReads) -> None:
        self.reads = reads

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        yield self.reads


@dataclass
class World:
    """A running server."""

    url: str
    http: aiohttp.ClientSession
    ingest: FakeIngest
    quarantine: Path

    async def post(self, body: bytes, source: str = "alertmanager", **headers: str) -> tuple[int, dict[str, Any]]:
        """Send alerts; status and answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.post(f"{self.url}/alerts/{source}", data=io.BytesIO(body), headers=named) as response:
            return response.status, await response.json()

    @property
    def kept(self) -> list[bytes]:
        """What is in the quarantine."""
        return [file.read_bytes() for file in self.quarantine.iterdir()]

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(f"{self.url}{path}", headers=named) as response:
            return response.status, await response.json()


@asynccontextmanager
async def running(
    folder: Path,
    *,
    organisation: Organisation | None = None,
    reads: FakeReads | None = None,
    well: bool = True,
    slack: bool = True,
    back: Text | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """A server with these settings, listening on 127.0.0.1."""
    ingest = FakeIngest()
    given = organisation or Organisation()
    store: Any = FakeStore(reads or FakeReads())
    tasks = KeptTasks()

    async def ready() -> Mapping[str, bool]:
        return {"store": well, "slack": slack}

    parts = Parts(
        settings=Settings(**settings),
        store=_as_store(store),
        ingest=ingest,
        sources=alert_sources(),
        organisation=lambda: given,
        clock=SystemClock(),
        ids=FakeIds(),
        tasks=tasks,
        quarantine=Quarantine(folder, most=3, longest=1000),
        ready=ready,
        back=lambda: back,
    )
    async with serve(build_web(parts), "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield World(f"http://127.0.0.1:{port}", http, ingest, folder)
    await tasks.stop()


def _as_store(store: Any) -> Store:
    return store  # type: ignore[no-any-return]
