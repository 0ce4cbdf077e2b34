"""`POST /alerts/{source}`: the answer says what became of each alert, and is given after the commit."""

import hashlib
from collections.abc import Sequence

from aiohttp import web

from bot.domain.alert import Alert
from bot.domain.terms import Source
from bot.errors import AlertsAway, BadInput, StoreAway
from bot.ports import AlertSource, Cause, Json
from bot.telemetry import count, seconds
from bot.web import body, guard
from bot.web.answers import answer
from bot.web.parts import PARTS, Parts

MOST = 4000
"""Alerts in one request."""


async def receive(request: web.Request) -> web.Response:
    """One request of an alert sender."""
    parts, name = request.app[PARTS], request.match_info["source"]
    source = parts.sources.get(name)
    if source is None:
        raise web.HTTPNotFound(text=f"There is no alert source of this name. There are: {', '.join(parts.sources)}.")
    began, became = parts.clock.monotonic(), "failed"
    try:
        items = await _taken(request, parts, source)
        became = "ok"
        return answer({"items": items})
    except web.HTTPException:
        became = "refused"
        raise
    except BadInput:
        became = "bad"
        raise
    except StoreAway as error:
        became = "away"
        count("store_away", what="ingest")
        raise AlertsAway(str(error)) from error
    finally:
        count("alert_requests", source=name, answer=became)
        seconds("alert_request", parts.clock.monotonic() - began)


async def _taken(request: web.Request, parts: Parts, source: AlertSource) -> Sequence[Json]:
    guard.admit(request, parts.settings, parts.settings.alert_token, "TOCSIN_ALERT_TOKEN")
    if not parts.organisation().enabled(source.name):
        raise web.HTTPForbidden(text=f"The source {source.name} is switched off in tocsin.yaml.")
    raw = await body.read(request)
    sha = hashlib.sha256(raw).hexdigest()
    if source.by_body_alone and (found := await parts.ingest.again(source.name, sha)) is not None:
        return found
    alerts = await _read(request, parts, source, raw, sha)
    cause = Cause(f"alert:{parts.ids.new()}", f"alert:{source.name}", Source.ALERT)
    return await parts.ingest.submit(alerts, sha, cause)


async def _read(request: web.Request, parts: Parts, source: AlertSource, raw: bytes, sha: str) -> Sequence[Alert]:
    """The alerts of a body; one that cannot be read is kept for a look."""
    try:
        alerts = source.parse(raw, request.headers, parts.clock.now())
    except BadInput:
        await parts.quarantine.keep(source.name, sha, raw)
        raise
    if len(alerts) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, len(alerts), text=f"A request may have {MOST} alerts; send fewer.")
    return alerts
