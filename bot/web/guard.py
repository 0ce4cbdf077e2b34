"""Who may come in: a bearer token or, where none is set, only what certainly comes from this machine."""

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import SecretStr

from bot.settings import Settings, tokens
from bot.telemetry import count

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


def admit(request: web.Request, settings: Settings, secret: SecretStr, setting: str) -> None:
    """Let the request pass or raise 401 (wrong token) or 403 (no token set, and not certainly local; names the setting)."""
    known = _digests(secret)
    if known:
        if not _holds(request.headers.get("Authorization", ""), known):
            count("unauthorised", where=setting)
            raise web.HTTPUnauthorized(
                reason="Unauthorized",
                text=f"Send a token of {setting} as `Authorization: Bearer …`.",
                headers={"WWW-Authenticate": "Bearer"},
            )
    elif not (settings.loopback and is_local(request)):
        count("unauthorised", where=setting)
        raise web.HTTPForbidden(text=f"Only this machine may do that without a token: set {setting}.")


@lru_cache(maxsize=16)
def _digests(secret: SecretStr) -> tuple[bytes, ...]:
    """sha256 of each token of a setting."""
    return tuple(hashlib.sha256(token).digest() for token in tokens(secret))


def _holds(header: str, known: tuple[bytes, ...]) -> bool:
    """Compare hashes (known: of the tokens), so that neither time nor length tells anything; every token is compared."""
    scheme, _, given = header.partition(" ")
    digest = hashlib.sha256(given.strip().encode("utf-8", "surrogateescape")).digest()
    equal = [hmac.compare_digest(digest, token) for token in known]
    return scheme.lower() == "bearer" and any(equal)


def is_local(request: web.Request) -> bool:
    """It was sent to this machine by its own name, not passed on by a proxy, and not by another site's page in a browser."""
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or _without_port(hosts[0]) not in LOCAL:
        return False
    if any(name in request.headers for name in FORWARDED):
        return False
    return not _from_elsewhere(request.headers, hosts[0])


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _from_elsewhere(headers: Mapping[str, str], host: str) -> bool:
    origin = headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != host
