"""Reading what strangers send, for every source: strict about form, bounded in size, and never any error but BadInput."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from bot.domain.terms import Micros
from bot.errors import BadInput
from bot.text import Code, t

LONGEST_LABEL = 1024
LONGEST_NOTE = 4096
LONGEST_LINK = 2000
LONGEST_KEY = 512
MOST_LABELS = 128
LEFT_OUT = "tocsin_left_out"
"""The annotation that says how many labels were too many."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def read_json(body: bytes) -> Any:
    """The value of a JSON body in UTF-8. Refused: NaN, a key twice, NUL, half characters, nesting without end."""
    found = _read_fast(body)
    return _read_slow(body) if found is _DOUBTFUL else found


def _read_fast(body: bytes) -> Any:
    """The same in a quarter of the time, or _DOUBTFUL: busy senders are nearly always plain and right.

    orjson refuses all of that but two: a NUL, and a key twice. Where a key stands twice, the text closes more keys (`":`) than the
    value has.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _DOUBTFUL
    closed = body.translate(None, b" \t\r\n").count(b'":')
    return value if closed == _keys(value) and b"\\u0000" not in body else _DOUBTFUL


def _keys(value: Any) -> int:
    """Keys of all objects in it."""
    count, rest = 0, [value]
    for one in rest:  # it grows while we walk along it
        if type(one) is dict:
            count += len(one)
            rest += one.values()
        elif type(one) is list:
            rest += one
    return count


def _read_slow(body: bytes) -> Any:
    """Say in words what is wrong, or that nothing is. BadInput."""
    try:
        text = body.decode("utf-8-sig")
        value = _DECODER.decode(text)
        if "\\u" in text:
            _check_texts(value)
    except RecursionError:
        raise BadInput(t("The JSON is nested too deeply.")) from None
    except UnicodeError:
        raise BadInput(t("The body is not valid UTF-8, or holds half a character.")) from None
    except json.JSONDecodeError as error:
        raise BadInput(t("The body is not JSON: {why} (character {at}).", why=error.msg, at=error.pos)) from None
    except ValueError as error:
        raise BadInput(t("The body is not JSON: {why}.", why=cut(str(error), 100))) from None
    return value


def _check_texts(value: Any) -> None:
    """JSON can spell what no text may hold: a NUL (ValueError), half a character (UnicodeError)."""
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError("a text holds a NUL character")
    elif isinstance(value, dict):
        _check_texts([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for one in value:
            _check_texts(one)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


_DOUBTFUL = object()
_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def an_object(value: Any, where: str) -> dict[str, Any]:
    """The value, if it is a JSON object. `where` is its name for people."""
    if isinstance(value, dict):
        return value
    raise _wrong(where, "an object", value)


def a_list(value: Any, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise _wrong(where, "a list", value)


def a_text(value: Any, where: str) -> str:
    """The value, if it is text; "" for null."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    raise _wrong(where, "text", value)


def a_count(value: Any, where: str) -> int:
    """The value, if it is a whole number from 0 up; 0 for null."""
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    raise _wrong(where, "a whole number from 0 up", value)


def a_moment(value: Any, where: str) -> Micros | None:
    """A moment in RFC 3339, without a zone in UTC. None for null, "", and before 2000: year 1 is how Go says
    "not set", 1970 how others do."""
    try:
        return _moment(a_text(value, where))
    except ValueError:
        raise _wrong(where, "a moment such as 2026-01-31T09:30:00Z", value) from None


@lru_cache(maxsize=1024)
def _moment(text: str) -> Micros | None:
    """Alerts of one group often began together, and all that fire have the same "not set". ValueError."""
    if not text:
        return None
    read = datetime.fromisoformat(text)
    if read.year < 2000:
        return None
    return ((read if read.tzinfo else read.replace(tzinfo=UTC)) - _EPOCH) // _MICRO


def labels_of(value: Any, where: str, longest: int = LONGEST_LABEL) -> dict[str, str]:
    """Names and texts; every value is cut to `longest` characters, at most MOST_LABELS of them are kept (by name)."""
    if value is None:
        return {}
    given = an_object(value, where)
    if len(given) <= MOST_LABELS and _are_plain(given, longest):
        return given
    names = given if len(given) <= MOST_LABELS else sorted(given)[:MOST_LABELS]
    for name in names:
        if not isinstance(given[name], str):
            raise _wrong(f"{where}.{name}", "text", given[name])
    return {cut(name, LONGEST_KEY): cut(given[name], longest) for name in names}


def _are_plain(given: dict[str, Any], longest: int) -> bool:
    """Nothing is wrong with them and nothing has to be cut, as is soon seen of most: all of them together are short enough."""
    try:
        return len("".join(given)) <= LONGEST_KEY and len("".join(given.values())) <= longest
    except TypeError:
        return False


def and_left_out(notes: dict[str, str], *given: Any) -> dict[str, str]:
    """The annotations, with one more that says how many labels `labels_of` left out of those that were given, if it did."""
    many = 0
    for one in given:
        if one and len(one) > MOST_LABELS:
            many += len(one) - MOST_LABELS
    return {**notes, LEFT_OUT: str(many)} if many else notes


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and a mark that says how long it was."""
    if len(text) <= longest:
        return text
    mark = f"… [cut: {len(text)} characters]"
    return text[: max(0, longest - len(mark))] + mark


def key_of(text: str) -> str:
    """A text as the key of a row: as it is, or its beginning and its sha256 if it is too long."""
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 65]}…{sha_of(text.encode())}"


def sha_of(body: bytes) -> str:
    """sha256 in hex."""
    return hashlib.sha256(body).hexdigest()


def web_link(url: Any) -> str:
    """The link if people can safely follow it, else "": http or https, a host in ASCII without a user, nothing invisible."""
    return _safe_link(url) if isinstance(url, str) and len(url) <= LONGEST_LINK else ""


@lru_cache(maxsize=1024)
def _safe_link(url: str) -> str:
    """Senders say the same few again and again."""
    return url if _WEB.fullmatch(url) else ""


_WEB = re.compile(
    r"https?://[A-Za-z0-9._:\[\]-]+(?:[/?#][^\s<>\"\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*)?"
)


def _wrong(where: str, expected: str, value: Any) -> BadInput:
    where, shown = cut(where, 100), cut(_shown(value), 60)
    return BadInput(t("{where} must be {expected}; it is {shown}.", where=where, expected=expected, shown=Code(shown)))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else json.dumps(value)
