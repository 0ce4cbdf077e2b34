"""A request's body, read up to a limit of size and time and no further."""

import asyncio
import zlib
from typing import TypeVar

from aiohttp import web
from aiohttp.client_exceptions import ClientError
from aiohttp.http_exceptions import HttpProcessingError

Read = TypeVar("Read", bytes, bytearray)
LARGEST = 5 * 1024 * 1024
"""Bytes, after unpacking; Alertmanager sends about 900 for an alert."""

_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content-Encoding → wbits of zlib."""
SECONDS = 30.0
"""How long a sender may take for its body."""


async def read(request: web.Request, largest: int = LARGEST, seconds: float = SECONDS) -> bytes:
    """The whole body, unpacked. Raises 413 as soon as it is too large, 408 if it is too slow, 400 if it breaks off or is not
    packed as its header says, 415 if we cannot unpack it."""
    return _unpacked(await whole(request, largest, seconds), request.headers.get("Content-Encoding", ""), largest)


async def whole(request: web.Request, largest: int, seconds: float) -> bytes:
    """The body to the byte as it came. Raises 413 as soon as it is too large, 408 if it is too slow, 400 if it breaks off."""
    if (request.content_length or 0) > largest:
        raise _too_large(largest)
    try:
        if request.content.is_eof():  # it came with its head, as most do: there is nothing to wait for
            return _bounded(request.content.read_nowait(), largest)
        async with asyncio.timeout(seconds):
            return await _up_to(request, largest)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"The body took longer than {seconds:.0f} s.") from None
    except (web.RequestPayloadError, HttpProcessingError, ClientError, ConnectionError):
        raise web.HTTPBadRequest(text="The body broke off.") from None


async def _up_to(request: web.Request, largest: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        _bounded(body, largest)
    return bytes(body)


def _unpacked(packed: bytes, how: str, largest: int) -> bytes:
    """aiohttp would do it, with answers of its own and a traceback for each body that is not what it says."""
    name = how.strip().lower()
    if name in ("", "identity"):
        return packed
    if name not in _PACKED:
        raise web.HTTPUnsupportedMediaType(text="Send the body as it is, or packed with gzip or deflate.")
    unpacker = zlib.decompressobj(_PACKED[name])
    try:
        body = _bounded(unpacker.decompress(packed, largest + 1), largest)
    except zlib.error:
        raise web.HTTPBadRequest(text="The body is not packed as its header says.") from None
    if not unpacker.eof or unpacker.unused_data:
        raise web.HTTPBadRequest(text="The body is not packed as its header says.")
    return body


def _bounded(body: Read, largest: int) -> Read:
    if len(body) > largest:
        raise _too_large(largest)
    return body


def _too_large(largest: int) -> web.HTTPException:
    return web.HTTPRequestEntityTooLarge(
        max_size=largest, actual_size=largest + 1, text=f"A body may have {largest} bytes; send less at a time."
    )
