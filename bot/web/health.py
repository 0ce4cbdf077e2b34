"""`/healthz`: the process answers; `/readyz`: it can do its work; `/metrics`: for Prometheus."""

from aiohttp import web

from bot.errors import StoreAway
from bot.ports import Viewer
from bot.telemetry import gauge, meters
from bot.web.answers import answer
from bot.web.parts import PARTS, Parts

OUTSIDER = Viewer("metrics")
MOST_OPEN = 1000
"""Open incidents that are counted; nobody tells more of them apart."""


async def healthz(request: web.Request) -> web.Response:
    """200 as long as the process can answer."""
    return answer({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 if every part works, else 503; both say which. Who stands back from a newer version says why."""
    back = request.app[PARTS].back()
    if back is not None:
        return answer({"status": "stands back", "why": back}, 503)
    parts = await request.app[PARTS].ready()
    well = all(parts.values())
    return answer({"status": "ready" if well else "not ready", "parts": parts}, 200 if well else 503)


async def metrics(request: web.Request) -> web.Response:
    """All counters in Prometheus's text format; counted also while the database is away."""
    try:
        await _look(request.app[PARTS])
    except StoreAway:
        gauge("ready", 0, part="database")
    text, kind = meters().exposition()
    return web.Response(body=text, headers={"Content-Type": kind})


async def _look(parts: Parts) -> None:
    for part, well in (await parts.ready()).items():
        gauge("ready", well, part=part)
    async with parts.store.read() as reads:
        gauge("incidents_open", len(await reads.incidents(OUTSIDER, open_only=True, limit=MOST_OPEN)))
