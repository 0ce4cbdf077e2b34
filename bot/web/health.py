"""`/healthz`: the process answers; `/readyz`: it can do its work; `/metrics`: for Prometheus."""

from aiohttp import web

from bot.telemetry import meters
from bot.web.answers import answer
from bot.web.parts import PARTS


async def healthz(request: web.Request) -> web.Response:
    """200 as long as the process can answer."""
    return answer({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200 if every part works, else 503; both say which."""
    parts = await request.app[PARTS].ready()
    well = all(parts.values())
    return answer({"status": "ready" if well else "not ready", "parts": parts}, 200 if well else 503)


async def metrics(request: web.Request) -> web.Response:
    """All counters in Prometheus's text format."""
    text, kind = meters().exposition()
    return web.Response(body=text, headers={"Content-Type": kind})
