"""A call's arguments, in whichever of the four shapes they came: query, form, JSON, or a query on an empty POST."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.workspace.errors import Refused


class Arguments(Mapping[str, Any]):
    """Named values, checked (`check`) before a method reads them. Numbers, flags, lists and JSON may all come as text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str, default: str = "") -> str:
        return str(self._values.get(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        return str(self._values.get(name, default)).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        return int(self._values.get(name, default))

    def names(self, name: str) -> list[str]:
        """Text with commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def json(self, name: str, refusal: str = "invalid_arguments") -> Any:
        """JSON, as it is or as text; None if it is not there. `refusal`: the error if it cannot be read."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(refusal) from None


async def read(request: web.Request, json_too: bool = True) -> tuple[Arguments, str]:
    """The arguments and the token of a request. json_too: whether the method reads a JSON body; else it is passed over.

    The token comes in the header or in a form; one in a JSON body or in the address is not looked at. Of JSON, the types
    are kept as they came: `check` judges them.
    """
    values: dict[str, Any] = dict(request.query)
    values.pop("token", None)
    inside = ""
    if request.content_type == "application/json":
        values |= _object(await request.text()) if json_too else {}
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        inside = form.pop("token", "")
        values |= form
    elif await request.read():
        raise Refused("invalid_post_type" if "Content-Type" in request.headers else "missing_post_type")
    header = request.headers.get("Authorization", "")
    return Arguments(values), header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else inside


def _object(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(found, dict):
        raise Refused("json_not_object")
    found.pop("token", None)
    return found


def takes(spec: str) -> dict[str, "Argument"]:
    """`"channel text? limit?:number"`: what a method takes. `?`: it may be missing; the kind is `text` if none is named."""
    found = {}
    for word in spec.split():
        name, _, kind = word.partition(":")
        found[name.rstrip("?")] = Argument(kind or "text", name.endswith("?"))
    return found


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method. kind: text, flag, number, list (names with commas between them) or json."""

    kind: str
    optional: bool


def check(args: Arguments, known: Mapping[str, Argument]) -> None:
    """Raise `invalid_arguments` for what is missing or of another type.

    An argument that is there and empty passes: what it should have named is looked for and not found. One that nobody knows
    is refused, though Slack would pass it over: it is a slip of whoever wrote the call.
    """
    found = [
        f"missing required field: {name}" for name, each in known.items() if not each.optional and name not in args
    ]
    for name, value in args.items():
        if name == "team_id":  # Slack's own SDK sends it with any call
            continue
        if name not in known:
            found.append(f"unknown argument (Slack would pass it over) [json-pointer:/{name}]")
        elif problem := _KINDS[known[name].kind](value):
            found.append(f"{problem} [json-pointer:/{name}]")
    if found:
        raise Refused("invalid_arguments", messages=[f"[ERROR] {each}" for each in found])


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else "must provide a string"


def _flag(value: Any) -> str:
    good = isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false", "1", "0"))
    return "" if good else "must provide a boolean"


def _number(value: Any) -> str:
    if isinstance(value, str):
        return "" if re.fullmatch(r"\d+", value) else "must provide a number"
    return "" if isinstance(value, int) and not isinstance(value, bool) else "must provide a number"


def _list(value: Any) -> str:
    return "" if isinstance(value, str) else "must provide a string with commas"


def _json(value: Any) -> str:
    return ""


_KINDS: Mapping[str, Callable[[Any], str]] = {
    "text": _text,
    "flag": _flag,
    "number": _number,
    "list": _list,
    "json": _json,
}
