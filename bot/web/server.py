"""The web server: its routes, the one place that catches what nobody expected, and how it is started."""

import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import StandsBack, StartError, StoreAway, TocsinError
from bot.flows.waking import Links
from bot.telemetry import Seldom, count, log
from bot.web import acting, alerts, api, body, have, health
from bot.web.answers import answer, failure, refusal
from bot.web.parts import PARTS, Parts

HEALTH = ("/healthz", "/readyz", "/metrics")
"""What a process answers that stands back."""
SAID_EVERY = 10.0
"""Seconds: senders that are told to come again come again, by the hundred."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ROUTES = (
    web.post("/alerts/{source}", alerts.receive),
    web.get("/healthz", health.healthz),
    web.get("/readyz", health.readyz),
    web.get("/metrics", health.metrics),
    web.get("/api/v1/incidents", api.incidents),
    web.get(r"/api/v1/incidents/{number:\d{1,9}}", api.incident),
    web.get(r"/api/v1/incidents/{number:\d{1,9}}/timeline", api.timeline),
)


AWAY = web.AppKey("away", Seldom)


def build_web(
    parts: Parts,
    more: Iterable[web.RouteDef] = (),
    links: Links | None = None,
    acts: acting.Acting | None = None,
) -> web.Application:
    """The application. more: routes of others, such as Slack's in HTTP mode; links, acts: by which people answer and act
    without Slack."""
    app = web.Application(middlewares=[said_in_words], client_max_size=body.LARGEST)
    app[PARTS] = parts
    app[AWAY] = Seldom(SAID_EVERY, parts.clock.monotonic)
    app.add_routes([*ROUTES, *more])
    if links is not None:
        app[have.LINKS] = links
        app.add_routes(have.ROUTES)
    if acts is not None:
        app[acting.ACTING] = acts
        app.add_routes(acting.ROUTES)
    return app


@web.middleware
async def said_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes an answer in JSON; whoever stands back sends all senders to another one."""
    back = request.app[PARTS].back()
    try:
        if back is not None and request.path not in HEALTH:
            raise StandsBack(back)
        return await handler(request)
    except web.HTTPException as error:
        return refusal(error)
    except TocsinError as error:
        response = failure(error)
        if response.status >= 500:
            tell(request.app[AWAY], request.path, error)
        return response
    except Exception as error:  # noqa: BLE001  # broad except "web": a request must not end without an answer
        count("failures", where="web")
        log("request failed", level="error", error=error, path=request.path)
        return answer({"error": "Something went wrong in Tocsin; its log says what."}, 500)


def tell(away: Seldom, path: str, error: TocsinError) -> None:
    """The log's line about a request that failed: while the database is away one at a time, with how many there were since."""
    times = away.times() if isinstance(error, StoreAway) else 1
    if times:
        log("request failed", level="warning", path=path, reason=error.for_log(), times=times)


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen as long as the block runs; the port (0 asks for a free one). StartError if it is taken."""
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=75, lingering_time=1.0, shutdown_timeout=5.0, auto_decompress=False
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, reuse_address=True)
        try:
            await site.start()
        except OSError as error:
            raise StartError(_why_not(error, host, port)) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program: stop it, or set TOCSIN_HTTP_PORT."
    return (
        f"Cannot listen on {host}, port {port}: {error.strerror or error}. See TOCSIN_HTTP_HOST and TOCSIN_HTTP_PORT."
    )
