"""The Web API: `/api/<method>`. Log the call, let the gate have its way, check token and scope, run, answer."""

import asyncio
from typing import Any

from aiohttp import web

from bot.workspace.arguments import Arguments, check, read
from bot.workspace.errors import Refused
from bot.workspace.gate import Fault, Gate
from bot.workspace.methods import METHODS
from bot.workspace.state import State
from bot.workspace.table import Call, Method
from bot.workspace.things import Called, Json


class Api:
    """Answers the app. closing: done when the workspace ends (what hangs, hangs until then)."""

    def __init__(
        self, state: State, gate: Gate, bot_token: str, app_token: str, closing: "asyncio.Future[None]"
    ) -> None:
        self._state, self._gate, self._closing = state, gate, closing
        self._tokens = {bot_token: "bot", app_token: "app"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        called = Called(request.match_info["method"], {}, self._state.clock.now())
        self._state.calls.append(called)
        try:
            row = METHODS.get(called.method)
            args, token = await read(request, row is None or row.json)
        except Refused as refused:
            return self._answer(called, refused.answer())
        called.args = dict(args)
        fault = self._gate.fault(called.method, self._state.clock.now())
        called.fault = fault.trouble if fault else ""
        self._state.changed("call", called.method)
        if fault is not None and (answered := await self._trouble(fault, called, request)) is not None:
            return answered
        try:
            answer = await self._run(called.method, args, token)
        except Refused as refused:
            answer = refused.answer()
        if fault is not None and fault.trouble == "lost":
            called.answer, called.status = answer, -1
            return self._drop(request)
        return self._answer(called, answer)

    async def _run(self, name: str, args: Arguments, token: str) -> Json:
        row = METHODS.get(name)
        if row is None:
            raise Refused("unknown_method", req_method=name)
        self._check_token(row, token)
        wait = self._gate.too_many(name, row.tier, args.text("channel"), self._state.clock.now())
        if wait:
            raise Refused("ratelimited", retry_after=wait)
        if row.all_scopes.isdisjoint(self._state.manifest.scopes) and row.scopes:
            have = ",".join(self._state.manifest.scopes)
            raise Refused("missing_scope", needed=",".join(sorted(row.all_scopes)), provided=have)
        check(args, row.takes)
        try:
            return {"ok": True, **await row.run(Call(self._state, args, row))}
        except Refused as refused:
            if not row.may_answer(refused.code):
                raise LookupError(f"{name} answers {refused.code}, which its row does not name") from refused
            raise

    def _check_token(self, row: Method, token: str) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in self._tokens:
            raise Refused("invalid_auth")
        if self._tokens[token] != row.caller:
            raise Refused("not_allowed_token_type")

    async def _trouble(self, fault: Fault, called: Called, request: web.Request) -> web.StreamResponse | None:
        """What is answered instead; None: go on."""
        if fault.trouble == "ratelimited":
            return self._answer(called, Refused("ratelimited", retry_after=round(fault.after)).answer())
        if fault.trouble == "error":
            return self._answer(called, Refused(fault.code).answer())
        if fault.trouble in ("500", "503"):
            called.status = int(fault.trouble)
            return web.Response(status=called.status, text="Oh no! Something went wrong.")
        if fault.trouble == "hang":
            called.status = -1
            await asyncio.wait({self._closing})
            return self._drop(request)
        if fault.trouble == "slow":
            await self._state.clock.sleep(fault.after)
        return None

    def _answer(self, called: Called, answer: Json) -> web.Response:
        headers = {"x-oauth-scopes": ",".join(self._state.manifest.scopes), "Cache-Control": "no-store"}
        row = METHODS.get(called.method)
        if row is not None and row.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(sorted(row.all_scopes))
        wait: Any = answer.pop("retry_after", None)
        called.answer, called.status = answer, 200 if wait is None else 429
        if wait is not None:
            headers["Retry-After"] = str(wait)
        self._state.changed("call", called.method)
        return web.json_response(answer, status=called.status, headers=headers)

    def _drop(self, request: web.Request) -> web.Response:
        """Close the connection without an answer."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
