"""What the page in the browser and this server say to each other.

Served files
    GET /                 static/index.html; GET /static/<name>: what lies beside it.
    Every answer carries `Content-Security-Policy: default-src 'self'` (no inline script or style, no foreign picture).
    A request whose Host is not localhost, 127.0.0.1 or [::1] is refused (403).

GET /page/people -> {"people": [person, …]}     who can be played; the page asks first, before it knows who it is.

GET /page/stream?as=U1                          Server-sent events: all that U1 may see, live. 404 if nobody has that id.
    The first event is `snapshot`; then one event for each change, in order. `data` is one line of JSON. There are no
    sequence numbers: a connection that broke begins again with a new snapshot.

    event      data
    snapshot   {"me": "U1", "now": 1764.5, "team": {"id", "name"}, "people": [person],
                "app": {"id", "name", "user", "home": bool (it has a Home tab)},
                "channels": [channel], "messages": [message], "modals": [view], "home": view or null,
                "commands": [{"command": "/tocsin", "description", "usage_hint", "hints": [{"text", "description"}]}],
                "shortcuts": [{"name", "kind": "message"|"global", "callback_id", "description"}]}
    message    message, whole: put it in the place of the one with the same (channel, ts)
    channel    channel, whole, by id; {"id", "deleted": true}: U1 may not see it any more, forget it and its messages.
               A channel that has just become visible is followed by its messages.
    modal      {"modals": [view, …]}    the whole stack of open modals of U1, the last is on top, [] = none
    home       {"home": view}           the app's Home tab as published for U1
    people     {"people": [person]}     all of them, whole

    person     {"id", "name": "ana", "real_name": "Ana Silva", "title", "tz": "Europe/Lisbon", "bot": bool, "deleted": bool,
                "dnd": bool (in do-not-disturb)}
               bot: the app's own user and Slackbot (USLACKBOT, who tells of failed commands); they cannot be played.
    channel    {"id", "name", "kind": "public"|"private"|"dm", "with": "U2"|null (dm: the other one), "topic", "purpose",
                "archived": bool, "member": bool (is U1 in it), "members": ["U1"], "pins": ["<ts>"],
                "bookmarks": [{"id", "title", "link", "emoji"}]}
               U1 sees all public channels, and the private ones and DMs that he is in.
    message    {"channel", "ts", "thread_ts"|null, "user", "subtype"|null, "text": mrkdwn, "blocks": [Slack's blocks],
                "files": [file], "reactions": [{"name": "pushpin", "users": ["U1"], "count"}], "edited": bool, "pinned": bool,
                "broadcast": bool, "reply_count", "reply_users": ["U2"], "latest_reply": "<ts>"|null, "ephemeral": bool}
               or {"channel", "ts", "deleted": true}.
               thread_ts: set on replies only (≠ ts); show a reply in its thread, and in the channel only if broadcast.
               If there are blocks, draw them and not the text. ephemeral: "Only visible to you".
               subtype: channel_join, channel_leave, channel_topic, channel_purpose, channel_archive (of a private one
               group_join …): one grey line ("<@U2> has joined the channel" is the text).
    file       {"id", "name", "title", "mimetype", "size", "url": "/page/file/F1?as=U1"}    the bytes, as the page may show them
    view       {"id", "hash", "type": "modal"|"home", "callback_id", "title": plain_text, "submit": plain_text|null,
                "close": plain_text|null, "blocks": [Slack's blocks], "clear_on_close": bool}
               Same id, other hash: the app has changed it; keep what was typed by block_id + action_id.
               Every block has a block_id and every interactive element an action_id (filled in if the app gave none).

POST /page/do     JSON object {"as": "U1", "what": …, …} (else 415: a foreign page cannot send that without a preflight).
    The answer comes when the app has acked or its 3 s are over: 200 {"ok": true, …} or {"ok": false, "error": "a sentence
    for the person"}; 400 if the request makes no sense. What changes is seen on the stream, never in this answer.

    what       also needs                                     does
    say        channel, text [, thread_ts]                    says it. As typed: `@ana`, `#general`, & < > are encoded here.
                                                              A text that begins with / is a slash command (not in threads).
    command    channel, text: "/tocsin list"                  a slash command
    click      channel, ts, block_id, action_id [, value] [, values]     an element of a message
               view_id, block_id, action_id [, value] [, values]         … or of a modal or Home
    shortcut   callback_id [, channel, ts]                    takes a global shortcut, or one of that message
    submit     view_id, values                                sends a modal; {"ok": false, "errors": {block_id: sentence}}
                                                              if it is not taken: show each under its block
    close      view_id [, all: bool]                          closes a modal (all: the whole stack)
    react      channel, ts, name [, on: bool = true]          adds or removes a reaction
    home                                                      opens the Home tab (tells the app; the view comes by the stream)
    open       user                                           opens the DM with that person; answers {"channel": id}
    create     name [, private: bool]                         makes a channel; answers {"channel": id}
    join | leave | archive   channel
    invite     channel, user
    share      channel, name, content (base64) [, text] [, thread_ts]     shares a file
    edit       channel, ts, text                              changes an own message
    delete     channel, ts                                    deletes an own message
    dnd        [on: bool = true]                              goes into do-not-disturb, or comes out of it

    value      what was chosen: a string (button: leave it out; static_select, radio_buttons, overflow: the option's value;
               users_select: a user id; datepicker "2026-11-21"; timepicker "02:45"; plain_text_input: the text), a list of
               strings (multi_*_select, checkboxes), or null (nothing chosen).
    values     {block_id: {action_id: value}}: everything that is filled in at this moment. What is left out counts as
               its initial value.

GET /page/file/F1?as=U1     the bytes, if U1 may see a message that carries the file.

/page/control     faults on demand, only if the workspace was started with them (bot/workspace/control.py); 404 if not.
    GET  -> {"faults": [{"name", "description"}], "active": ["name"], "limits": bool, "plan": [step]}
    POST {"fault": name, "on": bool} or {"limits": bool} or {"plan": [step]} -> the same as GET
    step {"trouble": ratelimited|500|503|hang|lost|error|slow, "method" (`*`: any)
          [, times] [, skip] [, seconds] [, after] [, code]}
         {"trouble": lost|unheard|twice|late|swapped|disconnect [, kind (`*`: any)] [, times] [, skip] [, after]}
         calls of a method and deliveries to the app: skip so many, then so many times, or for so many seconds
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from aiohttp import web

from bot.workspace import shown
from bot.workspace.deeds import Deeds
from bot.workspace.errors import CannotDo
from bot.workspace.state import State
from bot.workspace.things import Json
from bot.workspace.wire import mimetype

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Hint:
    """What the page offers after the slash command: text to be typed, and what it does."""

    text: str
    description: str


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep foreign pages out: one could point a name of its own at this machine, but not choose the Host."""
    if request.path != "/" and not request.path.startswith(("/static/", "/page/")):
        return await handler(request)
    host = request.headers.get("Host", "")
    name = host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
    if name not in LOOPBACK:
        return web.Response(status=403, text="Only from this machine.")
    return await handler(request)


class Page:
    """Serves the page. closing: done when the workspace ends."""

    def __init__(
        self, state: State, deeds: Deeds, closing: "asyncio.Future[None]", hints: Iterable[Hint], static: Path
    ) -> None:
        self._state, self._deeds, self._closing, self._static = state, deeds, closing, static
        self._hints = [asdict(hint) for hint in hints]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.file),
            web.get("/static/{name:[a-z0-9_.-]+}", self.file),
            web.get("/page/people", self.people),
            web.get("/page/stream", self.stream),
            web.get("/page/file/{file}", self.upload),
            web.post("/page/do", self.do),
        ]

    async def file(self, request: web.Request) -> web.StreamResponse:
        path = self._static / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound(headers=HEADERS)
        return web.FileResponse(path, headers=HEADERS)

    async def people(self, request: web.Request) -> web.Response:
        return web.json_response({"people": shown.people(self._state)}, headers=HEADERS)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        viewer = self._viewer(request)
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        watch = shown.Watch(self._state, viewer)
        with suppress(ConnectionResetError):  # the tab was closed
            await _send(response, "snapshot", watch.snapshot() | {"commands": self._commands()})
            while not self._closing.done():
                for name, data in watch.next():
                    await _send(response, name, data)
                if not watch.behind():
                    await asyncio.wait({self._state.change(), self._closing}, return_when=asyncio.FIRST_COMPLETED)
        return response

    async def upload(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request)
        file = self._state.files.get(request.match_info["file"])
        if file is None or file.content is None or not any(self._state.sees(viewer, each) for each in file.channels):
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=mimetype(file.name), headers=HEADERS)

    async def do(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.Response(status=415, headers=HEADERS)
        try:
            asked: Json = json.loads(await request.text())
            answer = {"ok": True, **await self._deeds.do(asked)}
        except CannotDo as refusal:
            errors = {"errors": refusal.errors} if refusal.errors else {}
            answer = {"ok": False, "error": refusal.sentence, **errors}
        except (ValueError, KeyError, TypeError) as error:
            return web.json_response({"ok": False, "error": f"bad request: {error}"}, status=400, headers=HEADERS)
        return web.json_response(answer, headers=HEADERS)

    def _viewer(self, request: web.Request) -> str:
        viewer = request.query.get("as", "")
        if viewer not in self._state.people:
            raise web.HTTPNotFound(headers=HEADERS)
        return viewer

    def _commands(self) -> list[Json]:
        return [
            {
                "command": each.name,
                "description": each.description,
                "usage_hint": each.usage_hint,
                "hints": self._hints,
            }
            for each in self._state.manifest.commands.values()
        ]


async def _send(response: web.StreamResponse, name: str, data: Json) -> None:
    await response.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
