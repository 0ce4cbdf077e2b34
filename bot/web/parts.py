"""What the web server is given by the composition root."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.domain.alert import Alert
from bot.domain.organisation import Organisation
from bot.ports import AlertSource, Cause, Clock, Ids, Json, Store, Tasks
from bot.settings import Settings
from bot.text import Text
from bot.web.quarantine import Quarantine


class Ingest(Protocol):
    """The flow that stores alerts and decides what becomes of them, one commit for a request."""

    async def submit(self, alerts: Sequence[Alert], raw_sha: str, cause: Cause) -> Sequence[Json]:
        """After the commit, for each alert in order: {fingerprint, status, decision, incident, why}. Raises StoreAway."""
        ...

    async def again(self, source: str, raw_sha: str) -> Sequence[Json] | None:
        """The same for a body of which nothing but its sha256 need be known, because it said nothing new when it came before."""
        ...


Ready = Callable[[], Awaitable[Mapping[str, bool]]]
"""Part of the program → whether it works now: for /readyz."""
Back = Callable[[], Text | None]
"""Why this process stands back from a newer version; None while it works."""


def _works() -> Text | None:
    return None


@dataclass(frozen=True)
class Parts:
    """Everything the pages of `bot.web` need. organisation: the present one (its files may be read anew)."""

    settings: Settings
    store: Store
    ingest: Ingest
    sources: Mapping[str, AlertSource]
    organisation: Callable[[], Organisation]
    clock: Clock
    ids: Ids
    tasks: Tasks
    quarantine: Quarantine
    ready: Ready
    back: Back = _works


PARTS: web.AppKey[Parts] = web.AppKey("parts")
