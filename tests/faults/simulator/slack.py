"""Slack in the same process: the local workspace's memory and methods, and all that may happen on the way to it and back."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import orjson
from slack_bolt.async_app import AsyncBoltRequest

from bot.errors import ChatError
from bot.ports import Clock
from bot.slack.client import UNSURE, SlackClient
from bot.workspace.acts import answer
from bot.workspace.arguments import Arguments
from bot.workspace.deliver import Ack
from bot.workspace.errors import Refused
from bot.workspace.machine import Background
from bot.workspace.methods import METHODS
from bot.workspace.state import State
from bot.workspace.table import Call
from bot.workspace.things import Called, Json
from tests.faults.simulator.life import Life
from tests.faults.simulator.weather import Weather

TIMEOUT = 20.0
ACK = 3.0
POSTS = ("chat.postMessage", "conversations.create", "files.completeUploadExternal")
NOT_DONE = ("429", "500", "refused", "hang")
DONE = ("500 after it", "connection lost after it", "hang after it")
LIMIT = 30.0


class StormyClient(SlackClient):
    """The client of one life. Each call is carried out once, or not at all, and the answer may get lost."""

    def __init__(self, state: State, life: Life, weather: Weather, clock: Clock) -> None:
        self._state, self._life, self._weather, self._clock = state, life, weather, clock
        self.closed_until: dict[str, float] = {}
        self.answered = Counter()

    async def close(self) -> None:
        pass

    async def call(self, method: str, /, **args: Any) -> Mapping[str, Any]:
        name = method.replace("_", ".", 1)
        given = orjson.loads(orjson.dumps({key: value for key, value in args.items() if value is not None}))
        async with self._way(name, given) as called:
            called.answer = await self._run(name, given)
        self.answered[name] += 1
        if not called.ok:
            code = str(called.answer["error"])
            raise ChatError(code, ambiguous=code in UNSURE, method=name)
        return called.answer

    async def send(self, url: str, data: bytes | Mapping[str, Any]) -> None:
        place, _, id = urlsplit(url).path.strip("/").partition("/")
        async with self._way(place, {}) as called:
            if place == "hook":
                self._hook(id, dict(data) if not isinstance(data, bytes) else {})
            else:
                file = self._state.files[self._state.uploads[id]]
                file.content = data if isinstance(data, bytes) else b""
            called.answer = {"ok": True}

    async def _run(self, name: str, args: Json) -> Json:
        row = METHODS[name]
        try:
            found = {"ok": True, **await row.run(Call(self._state, Arguments(args), row))}
        except Refused as refused:
            return refused.answer()
        copied: Json = orjson.loads(orjson.dumps(found))
        return copied

    def _hook(self, id: str, body: Json) -> None:
        hook = self._state.hooks[id]
        answer(self._state, hook.person, self._state.channels[hook.channel], body, hook.thread_ts)

    @asynccontextmanager
    async def _way(self, name: str, args: Json) -> AsyncIterator[Called]:
        """There and back. Raises ChatError for what happens on it."""
        await self._life.outside("slack", f"{name}, before it")
        called = Called(name, args, self._state.clock.now())
        called.fault = self._trouble(name)
        if called.fault in NOT_DONE:
            self._state.calls.append(called)
            await self._fails(called)
        if called.fault == "slow":
            await self._clock.sleep(self._weather.chance.uniform(0.1, 15.0))
        if self._life.over.is_set():
            called.fault = "late"  # begun before this life was stopped
            self._weather.count("late post" if name == "chat.postMessage" else "late call")
        yield called
        self._state.calls.append(called)
        await self._life.outside("slack", f"{name}, after it")
        if called.fault in DONE:
            await self._fails(called)

    def _trouble(self, name: str) -> str:
        if self._weather.away:
            return self._weather.pick("500", "refused", "hang")
        if self._clock.monotonic() < self.closed_until.get(name, 0.0):
            return "429"
        if not self._weather.strikes(self._weather.slack):
            return ""
        return self._weather.pick(*NOT_DONE, *DONE, "slow")

    async def _fails(self, called: Called) -> None:
        trouble = called.fault
        if trouble.startswith("hang"):
            await self._clock.sleep(TIMEOUT)
            raise ChatError("timeout", ambiguous=True, method=called.method)
        if trouble == "429":
            until = self.closed_until.setdefault(called.method, 0.0)
            until = until if until > self._clock.monotonic() else self._clock.monotonic() + LIMIT
            self.closed_until[called.method] = until
            wait = round(until - self._clock.monotonic(), 3)
            raise ChatError("ratelimited", retry_after=wait, method=called.method)
        if trouble.startswith("500"):
            raise ChatError("http_500", ambiguous=True, method=called.method)
        raise ChatError("connection", ambiguous=trouble in DONE, method=called.method)


class Door:
    """The `Way` by which Slack delivers: to the life that listens at present.

    told: what was typed → the answer that came at once.
    """

    def __init__(self, weather: Weather, clock: Clock, background: Background) -> None:
        self._weather, self._clock, self._background = weather, clock, background
        self.life: Life | None = None
        self.edge: Any = None
        self.told: dict[str, str] = {}

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        """Late, twice, not at all, or unheard: but a command or click only once, as Slack does."""
        trouble = ""
        if self._weather.strikes(self._weather.post):
            events = ("late", "twice", "lost", "unheard")
            trouble = self._weather.pick(*(events if kind == "events_api" else ("late", "twice", "unheard")))
        if trouble == "lost":
            await self._clock.sleep(ACK)
            return Ack("timeout")
        if trouble == "late":
            await self._clock.sleep(self._weather.chance.uniform(0.0, 2.5))
        if trouble == "twice":
            self._background.start(self._again(kind, payload), "once more")
        ack = await self._delivered(kind, payload)
        if trouble == "unheard":
            return Ack("timeout")
        if kind == "slash_commands" and ack.payload:
            self.told[payload["text"]] = str(ack.payload.get("text", ""))
        return ack

    async def _again(self, kind: str, payload: Json) -> None:
        await self._clock.sleep(self._weather.chance.choice((0.0, 0.01, 0.5, 20.0)))
        await self._delivered(kind, payload)

    async def _delivered(self, kind: str, payload: Json) -> Ack:
        life, edge = self.life, self.edge
        if life is None or edge is None or life.dead:
            return Ack("away")
        request = AsyncBoltRequest(body=json.loads(json.dumps(payload)), mode="socket_mode")
        work = life.tasks.start(edge.door(request, _nothing), f"door {kind}")
        if not await self._clock.wait(work, ACK) or work.cancelled() or work.exception() is not None:
            return Ack("timeout")
        response = work.result()
        if response.status != 200:
            await self._clock.sleep(ACK)
            return Ack("timeout")
        return Ack("ok", json.loads(response.body) if response.body else {})


async def _nothing() -> None:
    pass
