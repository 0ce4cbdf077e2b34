"""A bot that starts on a full database, with everything for Slack still to be done: when does it acknowledge its first alert?"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks import servers
from benchmarks.client import Pool
from benchmarks.engines import machinery, new_file
from benchmarks.postgres import Postgres
from benchmarks.shapes import Shape, requests
from bot.clock import SystemClock
from bot.domain.organisation import Organisation, Storm
from bot.domain.terms import HOUR, Source
from bot.flows.consequences import consequences
from bot.flows.ingest import Ingest
from bot.ports import Cause
from integrations.alerts.alertmanager import source

ALERTS = 100
"""Of each incident."""
AT_A_TIME = 8
"""Requests that are under way while the database is filled."""
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Restart:
    """first: ms from the start of the process to its first acknowledgement.

    alerts, incidents: stored and open ones in the database.
    """

    first: float
    alerts: int
    incidents: int


async def measured(folder: Path, server: Postgres | None, incidents: int) -> Mapping[str, Restart]:
    """Database → how long it took."""
    urls = {"sqlite": new_file(folder)} | ({"postgresql": server.fresh()} if server else {})
    found = {}
    for name, url in urls.items():
        await fill(url, incidents)
        found[name] = Restart(await _first(folder / name, url), incidents * ALERTS, incidents)
    return found


async def fill(url: str, incidents: int, alerts: int = ALERTS) -> None:
    """Each request opens an incident with so many alerts, in the way of the bot; nobody works on what follows."""
    organisation = Organisation(storm=Storm(channels=incidents, per=HOUR))
    bodies = [request.partition(b"\r\n\r\n")[2] for request in requests(Shape("full", "", incidents, alerts))]
    async with machinery(url, {}) as machine:
        ingest = Ingest(machine.store, machine.clock, machine.tasks, lambda: organisation, consequences)

        async def send(n: int) -> None:
            cause = Cause(f"alert:{n}", "alert:alertmanager", Source.ALERT)
            answers = await ingest.submit(source.parse(bodies[n], {}, 0), f"{n}", cause)
            assert answers[0]["decision"] == "open"

        for start in range(0, incidents, AT_A_TIME):
            await asyncio.gather(*(send(n) for n in range(start, min(incidents, start + AT_A_TIME))))


async def _first(folder: Path, url: str) -> float:
    """Start a bot and knock until it answers."""
    (alert,) = requests(Shape("first", "", 1, 1))
    begun = perf_counter()
    with servers.nobody() as slack:
        async with servers.bot(folder, slack, url) as (_, port):
            while perf_counter() - begun < LONGEST:
                pool = Pool(port)
                await pool.open(1)
                pool.send(alert)
                await pool.answered()
                pool.close()
                if pool.answers[200]:
                    return (perf_counter() - begun) * 1000
                await SystemClock().sleep(0.01)
    raise RuntimeError(f"nothing was acknowledged within {LONGEST:g} s of the start")
