"""`/api/v1`: incidents for programs to read. Moments are ISO 8601 in UTC; private incidents are not there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.domain.events import Event
from bot.domain.state import Incident
from bot.domain.terms import Micros, Milestone
from bot.errors import BadInput, NotFound
from bot.ports import Viewer
from bot.slack.names import names_of
from bot.slack.views.lines import line
from bot.text import English, render, t
from bot.web import guard
from bot.web.answers import answer
from bot.web.parts import PARTS, Parts

VIEWER = Viewer("api")
PAGE = 50
LARGEST_PAGE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def incidents(request: web.Request) -> web.Response:
    """Newest first. ?open=true: only those that people respond to; ?limit=50."""
    parts = _admitted(request)
    open_only = request.query.get("open", "false") == "true"
    async with parts.store.read() as reads:
        found = await reads.incidents(VIEWER, open_only, _whole(request, "limit", PAGE, LARGEST_PAGE))
    return answer({"items": [_incident(one) for one in found], "next_cursor": None})


async def incident(request: web.Request) -> web.Response:
    """One incident, with its marks (milestones) and roles."""
    parts = _admitted(request)
    async with parts.store.read() as reads:
        found = await reads.incident(_number(request), VIEWER)
    if found is None:
        raise _nothing(request)
    marks = {name: iso(mark.at) for name, mark in found.marks.items()}
    roles = {role: found.holder(role) for role in found.roles if found.holder(role)}
    return answer({**_incident(found), "marks": marks, "roles": roles})


async def timeline(request: web.Request) -> web.Response:
    """What happened, oldest first. ?cursor: the next_cursor of the page before; ?limit=50."""
    parts = _admitted(request)
    limit = _whole(request, "limit", PAGE, LARGEST_PAGE)
    async with parts.store.read() as reads:
        found = await reads.incident(_number(request), VIEWER)
        if found is None:
            raise _nothing(request)
        events = await reads.timeline(found.number, VIEWER, _whole(request, "cursor", 0, 2**31))
        show = English(await names_of(reads))
    items = [_entry(event, found, show) for event in events[:limit]]
    return answer({"items": items, "next_cursor": items[-1]["seq"] if len(events) > limit else None})


def iso(at: Micros | None) -> str | None:
    """A moment as `2026-01-31T09:30:00.000000Z`."""
    return (
        None
        if at is None
        else f"{(_EPOCH + timedelta(microseconds=at)).replace(tzinfo=None).isoformat('T', 'microseconds')}Z"
    )


def _admitted(request: web.Request) -> Parts:
    parts = request.app[PARTS]
    guard.admit(request, parts.settings, parts.settings.api_token, "TOCSIN_API_TOKEN")
    return parts


def _incident(found: Incident) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": found.title,
        "kind": found.kind,
        "severity": found.severity,
        "status": found.status,
        "service": found.service,
        "channel_id": found.channel or None,
        "opened_at": iso(found.opened_at),
        "resolved_at": iso(found.mark(Milestone.RESOLVED)),
        "groups": found.alerts.groups,
    }


def _entry(event: Event, found: Incident, show: English) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "occurred_at": iso(event.occurred_at),
        "recorded_at": iso(event.recorded_at),
        "actor": event.actor,
        "text": render(line(event, found), show),
    }


def _number(request: web.Request) -> int:
    return int(request.match_info["number"])


def _nothing(request: web.Request) -> NotFound:
    return NotFound(t("There is no incident {number}.", number=_number(request)))


def _whole(request: web.Request, name: str, default: int, largest: int) -> int:
    given = request.query.get(name, "")
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 12):
        raise BadInput(t("{name} must be a whole number.", name=name), f"?{name}={default}")
    return min(int(given), largest)
