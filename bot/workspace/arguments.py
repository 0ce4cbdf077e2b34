"""A call's arguments, in whichever of the four shapes they came: query, form, JSON, or a query on an empty POST."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.workspace.errors import Refused


class Arguments(Mapping[str, Any]):
    """Named values. Numbers, flags, lists and JSON may all come as text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        return value if isinstance(value, str) else str(value)

    def need(self, name: str) -> str:
        """Text that must be there."""
        if not (value := self.text(name)):
            raise Refused("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        return str(self._values.get(name, default)).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError):
            raise Refused(
                "invalid_arguments", messages=[f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None

    def names(self, name: str) -> list[str]:
        """A list, or text with commas."""
        value = self._values.get(name, "")
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def json(self, name: str, refusal: str = "invalid_arguments") -> Any:
        """JSON, as it is or as text; None if it is not there. `refusal`: the error if it cannot be read."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(refusal) from None


async def read(request: web.Request) -> tuple[Arguments, str]:
    """The arguments and the token of a request (from its header or among the arguments)."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        values |= _object(body)
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    inside = values.pop("token", "")
    header = request.headers.get("Authorization", "")
    return Arguments(values), header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else str(inside)


def _object(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("invalid_json")
    return found
