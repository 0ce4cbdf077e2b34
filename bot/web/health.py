"""`/healthz`: the process answers; `/readyz`: it can do its work; `/metrics`: for Prometheus."""

from aiohttp import web

from bot.errors import StoreAway
from bot.ports import Viewer
from bot.telemetry import gauge, meters
from bot.web.answers import answer
from bot.web.parts import PARTS, Parts

SLACK = "slack"
"""The part without which alerts are taken all the same: a load balancer must not keep them away because Slack is."""
OUTSIDER = Viewer("metrics")
MOST_OPEN = 1000
"""Open incidents that are counted; nobody tells more of them apart."""


async def healthz(request: web.Request) -> web.Response:
    """200 as long as the process can answer."""
    return answer({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 if alerts can be taken, else 503; both say which part works. Who stands back from a newer version says why."""
    back = request.app[PARTS].back()
    if back is not None:
        return answer({"status": "stands back", "why": back}, 503)
    parts = await request.app[PARTS].ready()
    well = all(works for part, works in parts.items() if part != SLACK)
    return answer({"status": "ready" if well else "not ready", "parts": parts}, 200 if well else 503)


async def metrics(request: web.Request) -> web.Response:
    """All counters in Prometheus's text format; counted also while the database is away."""
    gauge("ready", request.app[PARTS].back() is None, part="version")
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
