"""Faults on demand, for somebody who plays with the page and for programs. Off unless the workspace was started with them."""

from collections.abc import Callable
from typing import Any, get_args

from aiohttp import web

from bot.workspace.gate import Fault, Gate, Trouble
from bot.workspace.mishaps import MISCHIEF, Mishap, Mishaps
from bot.workspace.things import Json

MANY = 1_000_000
_CALLS: dict[str, tuple[Trouble, str]] = {
    "ratelimited": ("ratelimited", "every call is answered with 429"),
    "server_error": ("500", "every call is answered with 500"),
    "hang": ("hang", "no call is answered"),
    "dropped": ("lost", "calls are carried out, then the connection drops"),
}


class Control:
    """GET and POST /page/control; the contract stands in page.py. now: µs."""

    def __init__(self, gate: Gate, mishaps: Mishaps, now: Callable[[], int]) -> None:
        self._gate, self._mishaps, self._now = gate, mishaps, now

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/page/control", self.show), web.post("/page/control", self.change)]

    async def show(self, request: web.Request) -> web.Response:
        descriptions: dict[str, str] = {name: text for name, (_, text) in _CALLS.items()}
        descriptions |= {str(name): text for name, text in MISCHIEF.items()}
        faults = [{"name": name, "description": text} for name, text in descriptions.items()]
        active = [name for name in descriptions if self._active(name)]
        return web.json_response(
            {"faults": faults, "active": active, "limits": self._gate.limits, "plan": self._plan()}
        )

    async def change(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            asked: Json = dict(await request.json())
            if "limits" in asked:
                self._gate.limits = bool(asked["limits"])
            elif "plan" in asked:
                self._gate.faults, self._mishaps.plan = self._read(asked["plan"])
            else:
                self._switch(str(asked.get("fault")), bool(asked.get("on")))
        except (KeyError, TypeError, ValueError) as error:
            return web.Response(status=400, text=f"bad request: {error}")
        return await self.show(request)

    def _read(self, plan: Any) -> tuple[list[Fault], list[Mishap]]:
        faults: list[Fault] = []
        mishaps: list[Mishap] = []
        for each in plan:
            step = dict(each)
            if step["trouble"] in MISCHIEF and "method" not in step:
                mishaps.append(Mishap(step.pop("trouble"), **step))
                continue
            if step["trouble"] not in get_args(Trouble):
                raise ValueError(f"no trouble is called {step['trouble']}")
            seconds = step.pop("seconds", None)
            until = None if seconds is None else self._now() + round(seconds * 1_000_000)
            faults.append(Fault(**{"times": 1 if until is None else MANY, **step, "until": until}))
        return faults, mishaps

    def _plan(self) -> list[Json]:
        calls = [
            {"trouble": f.trouble, "method": f.method, "times": f.times, "skip": f.skip} for f in self._gate.faults
        ]
        ways = [{"trouble": m.mischief, "kind": m.kind, "times": m.times, "skip": m.skip} for m in self._mishaps.plan]
        return calls + ways

    def _switch(self, name: str, on: bool) -> None:
        if name in _CALLS:
            trouble = _CALLS[name][0]
            self._gate.faults = [fault for fault in self._gate.faults if fault.trouble != trouble]
            self._gate.faults += [Fault(trouble, times=MANY)] if on else []
        elif found := [each for each in MISCHIEF if each == name]:
            self._mishaps.plan = [each for each in self._mishaps.plan if each.mischief != name]
            self._mishaps.plan += (
                [Mishap(found[0], "*" if name in ("lost", "unheard") else "events_api", MANY)] if on else []
            )
        else:
            raise ValueError(f"no fault is called {name}")

    def _active(self, name: str) -> bool:
        if name in _CALLS:
            return any(fault.trouble == _CALLS[name][0] for fault in self._gate.faults)
        return any(each.mischief == name for each in self._mishaps.plan)
