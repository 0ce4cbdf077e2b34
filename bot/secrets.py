"""Secrets: references to them (`env:NAME`, `file:/path`), and the masker that keeps their values out of what is stored and shown.

The database and the configuration hold references only. A value is read where it is needed, and registered with the masker
in the same breath.
"""

import base64
import json
import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import escape
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote, quote_plus

from bot.errors import ConfigError

MARK = b"[masked]"
SHORTEST = 6
"""Characters: a shorter value would be found by accident everywhere, so it is not masked."""

_LONGEST = 16_000
"""Bytes of the longest token that a shape finds."""

_PEM = rb"[A-Z0-9 ]{0,40}PRIVATE KEY-----"
_SHAPES = (
    rb"xox[a-z]-[A-Za-z0-9-]{10,4000}",
    rb"xapp-[A-Za-z0-9-]{10,4000}",
    rb"A(?:KI|SI)A[0-9A-Z]{16}",
    rb"gh[pousr]_[A-Za-z0-9]{20,4000}",
    rb"github_pat_[A-Za-z0-9_]{20,4000}",
    rb"glpat-[A-Za-z0-9_-]{20,4000}",
    rb"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,4000}+\.[A-Za-z0-9_-]{10,4000}+\.[A-Za-z0-9_-]{10,4000}",
    rb"(?i:bearer)[ \t]{1,8}[A-Za-z0-9._~+/-]{12,4000}={0,8}",
    rb"-----BEGIN " + _PEM + rb"(?:[A-Za-z0-9+/=\s:,\\]|-(?!----)){0,15000}(?:-----END " + _PEM + rb")?",
    rb"-----END " + _PEM,
)
_BREAK = re.compile(rb"[ \t]*(?:\r?\n[ \t]*)+")
"""Where a long word was broken into lines: encoders do it, and whoever indents them."""
_KEY_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\\\r\n"
_TORN_WORD = re.compile(rb"[A-Za-z0-9._~+/=%\\-]{0,4096}")


def resolve(reference: str) -> str:
    """The value behind `env:NAME` or `file:/path` (without its last line end). ConfigError if there is none."""
    scheme, _, where = reference.partition(":")
    if scheme == "env":
        value = os.environ.get(where, "")
    elif scheme == "file":
        value = _read(reference, where)
    else:
        raise ConfigError("secret", "write it as env:NAME or file:/path, never as the value itself")
    if not value:
        raise ConfigError(reference, "is empty or not set")
    return value


def readable(references: Iterable[str]) -> Iterator[str]:
    """The values of those that can be read now. (`tocsin check` tells of the others, and so does who needs one.)"""
    for reference in references:
        with suppress(ConfigError):
            yield resolve(reference)


def _read(reference: str, where: str) -> str:
    try:
        return Path(where).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(reference, f"cannot be read: {error}") from error


class Masker:
    """Replaces registered values, in the forms they usually take, and tokens of well-known shapes by `[masked]`."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._forms: frozenset[bytes] = frozenset()
        for value in values:
            self.register(value)

    def register(self, value: str) -> str:
        """Mask this value from now on; handed back, so that reading and registering are one step."""
        if len(value) >= SHORTEST:
            self._forms |= _forms(value)
        return value

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self.data(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets."""
        return _masked(data, [*_found(self._forms, data), *_broken(self._forms, data)])

    def torn(self, head: bytes, tail: bytes) -> tuple[bytes, bytes]:
        """Beginning and end of something whose middle was left out, without the halves of secrets at the tear."""
        begun = len(head) - _longest_overlap(self._forms, head)
        word = _TORN_WORD.match(tail)
        over = max(_longest_overlap(self._forms, tail, at_start=True), word.end() if word else 0)
        begins = [(begun, len(head))] if begun < len(head) else []
        ends = [(0, over)] if over else []
        return (
            _masked(head, [*_found(self._forms, head), *begins]),
            _masked(tail, [*_found(self._forms, tail), *ends], marked=bool(over)),
        )


Spans = Iterable[tuple[int, int]]
"""Where secrets stand: from, to."""


def _masked(data: bytes, found: Spans, marked: bool = False) -> bytes:
    """The data without what was found. marked: what stands at its start has been marked already."""
    out: list[bytes] = []
    at = 0
    for start, stop in _merged(found):
        out.append(data[at:start])
        if start or not marked:
            out.append(MARK)
        at = stop
    return b"".join([*out, data[at:]])


def _merged(found: Spans) -> Iterator[tuple[int, int]]:
    """Those that touch or overlap are one; in order."""
    start = stop = 0
    for begin, end in sorted(found):
        if begin >= stop and stop:
            yield start, stop
            start = begin
        start, stop = (start, max(stop, end)) if stop else (begin, end)
    if stop:
        yield start, stop


def _found(forms: Iterable[bytes], data: bytes) -> Iterator[tuple[int, int]]:
    for form in forms:
        at = data.find(form)
        while at >= 0:
            yield at, at + len(form)
            at = data.find(form, at + 1)
    for shape in _SHAPES:
        for match in re.finditer(shape, data):
            yield match.start() - _key_before(match), match.end()


def _broken(forms: Iterable[bytes], data: bytes) -> Iterator[tuple[int, int]]:
    """What stands over several lines, wherever they are broken, and however each begins."""
    breaks = [match.span() for match in _BREAK.finditer(data)]
    if not breaks:
        return
    parts = list(zip((0, *(stop for _, stop in breaks)), (*(start for start, _ in breaks), len(data)), strict=True))
    flat = b"".join(data[start:stop] for start, stop in parts)
    before = [0, *accumulate(stop - start for start, stop in parts)]

    def place(at: int) -> int:
        n = bisect_right(before, at) - 1
        return parts[n][0] + at - before[n]

    for form in {_BREAK.sub(b"", form) for form in forms}:
        at = flat.find(form) if len(form) >= SHORTEST else -1
        while at >= 0:
            yield place(at), place(at + len(form) - 1) + 1
            at = flat.find(form, at + 1)


def _key_before(match: re.Match[bytes]) -> int:
    """The lines of a private key before its end, if its beginning was cut off."""
    if not match[0].startswith(b"-----END "):
        return 0
    before = match.string[max(0, match.start() - _LONGEST // 2) : match.start()]
    return len(before) - len(before.rstrip(_KEY_BYTES))


def _forms(value: str) -> frozenset[bytes]:
    """A value as it may stand in output: raw, written for something else, in base64 at each of the three alignments."""
    raw = value.encode("utf-8", "surrogatepass")
    texts = (*_in_urls(raw), *_in_json(value), *_in_pages(value), *_in_shells(value))
    forms = {raw, *(text.encode("utf-8", "surrogatepass") for text in texts)}
    for shift in range(3):
        forms |= _base64_inside(raw, shift)
    return frozenset(form for form in forms if len(form) >= SHORTEST)


def _in_urls(raw: bytes) -> Iterator[str]:
    for url in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield url
        yield re.sub("%..", lambda m: m[0].lower(), url)


def _in_json(value: str) -> Iterator[str]:
    """As encoders differ: letters as they are or by number (in either case), made fit for a page or not, / with a backslash."""
    for text in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        for fit in (text, re.sub("[<>&']", lambda m: f"\\u{ord(m[0]):04x}", text)):
            for same in (fit, re.sub(r"\\u(....)", lambda m: f"\\u{m[1].upper()}", fit)):
                yield same
                yield same.replace("/", "\\/")


def _in_pages(value: str) -> Iterator[str]:
    yield escape(value, quote=False)
    yield escape(value)
    yield escape(value).replace("&#x27;", "&#39;")


def _in_shells(value: str) -> Iterator[str]:
    """Within single quotes, and word for word (`printf %q`)."""
    yield value.replace("'", "'\\''")
    yield value.replace("'", "'\"'\"'")
    yield re.sub(r"([^\w@%+=:,./-])", r"\\\1", value, flags=re.ASCII)


def _base64_inside(raw: bytes, shift: int) -> set[bytes]:
    """The characters that a value alone decides when it is encoded after `shift` other bytes (mod 3), in both alphabets."""
    encoded = base64.b64encode(b"\0" * shift + raw)
    first = (0, 2, 3)[shift]
    last = (shift + len(raw)) * 8 // 6
    whole = encoded[first:last]
    return {whole, whole.translate(bytes.maketrans(b"+/", b"-_"))}


def _longest_overlap(forms: Iterable[bytes], data: bytes, at_start: bool = False) -> int:
    """How many bytes at the end of `data` begin a form, or (at_start) at its start end one."""
    most = 0
    for form in forms:
        for size in range(min(len(form) - 1, len(data)), most, -1):
            if data.startswith(form[-size:]) if at_start else data.endswith(form[:size]):
                most = size
                break
    return most
