"""Faults on demand for somebody who plays with the page. Off unless the workspace was started with control=True."""

from aiohttp import web

from bot.workspace.caller import Caller
from bot.workspace.gate import Fault, Gate, Trouble
from bot.workspace.link import Link
from bot.workspace.things import Json

MANY = 1_000_000
_CALLS: dict[str, tuple[Trouble, str]] = {
    "ratelimited": ("ratelimited", "every call is answered with 429"),
    "server_error": ("500", "every call is answered with 500"),
    "hang": ("hang", "no call is answered"),
    "lost": ("lost", "calls are carried out, then the connection drops"),
}
_DELIVERIES = {"mute": "what is sent to the app gets lost", "drop_acks": "acks are not heard"}


class Control:
    """GET and POST /page/control; the contract stands in page.py."""

    def __init__(self, gate: Gate, *ways: Link | Caller) -> None:
        self._gate, self._ways = gate, ways

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/page/control", self.show), web.post("/page/control", self.change)]

    async def show(self, request: web.Request) -> web.Response:
        descriptions = {**{name: text for name, (_, text) in _CALLS.items()}, **_DELIVERIES}
        faults = [{"name": name, "description": text} for name, text in descriptions.items()]
        active = [name for name in descriptions if self._active(name)]
        return web.json_response({"faults": faults, "active": active, "limits": self._gate.limits})

    async def change(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.Response(status=415)
        asked: Json = await request.json()
        if "limits" in asked:
            self._gate.limits = bool(asked["limits"])
        elif not self._switch(str(asked.get("fault")), bool(asked.get("on"))):
            return web.Response(status=400)
        return await self.show(request)

    def _switch(self, name: str, on: bool) -> bool:
        if name in _DELIVERIES:
            for way in self._ways:
                setattr(way, name, on)
        elif name in _CALLS:
            trouble = _CALLS[name][0]
            self._gate.faults = [fault for fault in self._gate.faults if fault.trouble != trouble]
            self._gate.faults += [Fault(trouble, times=MANY)] if on else []
        else:
            return False
        return True

    def _active(self, name: str) -> bool:
        if name in _DELIVERIES:
            return any(getattr(way, name) for way in self._ways)
        return any(fault.trouble == _CALLS[name][0] for fault in self._gate.faults)
