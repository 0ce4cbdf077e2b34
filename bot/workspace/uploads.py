"""The bytes of files: sent to an upload address, fetched with the app's token."""

from aiohttp import web

from bot.workspace.state import State
from bot.workspace.wire import mimetype


class Uploads:
    def __init__(self, state: State, bot_token: str) -> None:
        self._state, self._bot_token = state, bot_token

    async def take(self, request: web.Request) -> web.Response:
        """POST /upload/<ticket>: raw bytes, or a form with the bytes in `file`."""
        file = self._state.files.get(self._state.uploads.get(request.match_info["ticket"], ""))
        if file is None or file.done:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != file.size:
            return web.Response(status=400, text="the length is not what was announced")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.Response:
        """GET /files/<id>/<name> with the bot token. Without files:read Slack answers 200 with a page to sign in at."""
        file = self._state.files.get(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {self._bot_token}":
            return web.Response(status=403)
        if "files:read" not in self._state.manifest.scopes:
            return web.Response(text="<!doctype html><title>Sign in</title>", content_type="text/html")
        if file is None or file.content is None or file.deleted:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=mimetype(file.name))


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = (await request.post()).get("file", "")
    return part.file.read() if isinstance(part, web.FileField) else str(part).encode()
