"""Answers in JSON, and what each of our errors is in HTTP."""

from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from bot.errors import BadInput, NotFound, Refused, StoreAway, TocsinError
from bot.text import English, Text, render

RETRY_AFTER = "5"
"""Seconds. Overload is always 503: Alertmanager gives an alert up after a 429."""

FORBIDDEN = frozenset({"permission", "stranger", "deleted", "bot", "starter", "not_member"})
"""Codes of refusals that are about the person; the others are about how things stand: 409."""
_STATUS: Mapping[type[TocsinError], int] = {BadInput: 400, Refused: 409, NotFound: 404, StoreAway: 503}


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer. Sentences (`Text`) are rendered as plain text."""
    body = orjson.dumps(data, default=_words, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def failure(error: TocsinError, show: English | None = None) -> web.Response:
    """An error of ours as an answer; what is not the sender's fault is 500. show: for whom, with the names of people."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    if isinstance(error, Refused) and error.code in FORBIDDEN:
        status = 403
    said: dict[str, Any] = {"error": render(error.for_user(), show or English())}
    if isinstance(error, BadInput) and error.example:
        said["example"] = error.example
    return answer(said, status, {"Retry-After": RETRY_AFTER} if status == 503 else None)


def refusal(error: web.HTTPException) -> web.Response:
    """An HTTP error as a JSON answer, with the headers that belong to it."""
    headers = {
        name: error.headers[name] for name in ("Allow", "WWW-Authenticate", "Retry-After") if name in error.headers
    }
    return answer({"error": error.text or error.reason}, error.status, headers)


def _words(value: object) -> str:
    if isinstance(value, Text):
        return render(value, English())
    raise TypeError(f"not JSON: {type(value).__name__}")
