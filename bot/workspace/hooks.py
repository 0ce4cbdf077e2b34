"""response_url: the app answers a command or a click, up to five times within 30 minutes."""

import json
from typing import Any

from aiohttp import web

from bot.workspace import rooms
from bot.workspace.acts import answer
from bot.workspace.blocks import checked_blocks
from bot.workspace.errors import Refused
from bot.workspace.state import State
from bot.workspace.things import Hook, Json


class Hooks:
    def __init__(self, state: State) -> None:
        self._state = state

    async def handle(self, request: web.Request) -> web.Response:
        """POST /hook/<id>: 200 `ok`, 404 if it is used up or too old, 400 if the message cannot be."""
        hook = self._state.hooks.get(request.match_info["hook"])
        if hook is None or hook.left == 0 or self._state.clock.now() > hook.until:
            code = "used_url" if hook is not None and hook.left == 0 else "expired_url"
            return web.json_response({"ok": False, "error": code}, status=404)
        try:
            self._use(hook, await _body(request))
        except Refused as refused:
            return web.json_response(refused.answer(), status=400)
        hook.left -= 1
        return web.Response(text="ok")

    def _use(self, hook: Hook, body: Json) -> None:
        origin = self._state.message(hook.channel, hook.ts) if hook.ts else None
        if origin is not None and body.get("delete_original"):
            rooms.delete(self._state, origin)
        elif origin is not None and body.get("replace_original"):
            text, blocks = body.get("text", ""), checked_blocks(body.get("blocks"), "message")
            rooms.edit(self._state, origin, self._state.bot_user, text, blocks)
        else:
            thread = body.get("thread_ts") or hook.thread_ts
            answer(self._state, hook.person, self._state.channels[hook.channel], body, thread)


async def _body(request: web.Request) -> Json:
    try:
        body: Any = json.loads(await request.text())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body
