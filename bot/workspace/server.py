"""The workspace as a server on this machine, and what tests ask of it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from bot.workspace import rooms
from bot.workspace.acts import Acts
from bot.workspace.api import Api
from bot.workspace.caller import Caller
from bot.workspace.control import Control
from bot.workspace.deeds import Deeds
from bot.workspace.deliver import Deliver, Way
from bot.workspace.gate import Fault, Gate, Trouble
from bot.workspace.hooks import Hooks
from bot.workspace.link import Link
from bot.workspace.machine import Background, Clock, Ids
from bot.workspace.manifest import read_manifest
from bot.workspace.mishaps import Mishap
from bot.workspace.page import Hint, Page, guard
from bot.workspace.people import Actor
from bot.workspace.room import Room
from bot.workspace.state import State
from bot.workspace.things import Called, Entry, Group, Person
from bot.workspace.uploads import Uploads

UPLOAD_BYTES = 64 * 1024 * 1024


class Workspace:
    """A local Slack workspace: `async with Workspace(manifest, people, clock, ids) as ws`.

    manifest: the app manifest in its JSON form (it also says whether the app has a socket or is called); people: who has an
    account (ids are theirs to choose); hints: what the page offers after the slash command; control: whether the page may
    switch faults on. Everything is in memory and forgotten at the end. Times go by the clock, so a test can move them while
    real sockets run.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        people: Iterable[Person],
        clock: Clock,
        ids: Ids,
        hints: Iterable[Hint] = (),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control: bool = False,
    ) -> None:
        self._clock, self._host, self._port = clock, host, port
        self.bot_token, self.app_token = f"xoxb-{ids.token()}", f"xapp-{ids.token()}"
        self.signing_secret = ids.token()
        self.state = State(read_manifest(manifest), people, clock, ids)
        self.gate = Gate()
        self._background = Background()
        self.link = Link(self.state, clock, self._background)
        self.caller = Caller(self.state, clock, self._background, self.signing_secret)
        self.deliver = Deliver(self.state, clock, self._background, self._way)
        self.deliver.mishaps.hang_up = self.link.close
        self.acts = Acts(self.state, self.deliver)
        self._hints, self._control = tuple(hints), control
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "Workspace":
        self._closing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.state.tell = self.deliver.tell
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.state.url = self.url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set_result(None)
        await self.link.close()
        await self._background.stop()
        await self.caller.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=UPLOAD_BYTES, middlewares=[guard])
        api = Api(self.state, self.gate, self.bot_token, self.app_token, self._closing)
        uploads = Uploads(self.state, self.bot_token)
        app.router.add_route("*", "/api/{method}", api.handle)
        app.router.add_get("/link", self.link.serve)
        app.router.add_post("/hook/{hook}", Hooks(self.state).handle)
        app.router.add_post("/upload/{ticket}", uploads.take)
        app.router.add_get("/files/{file}/{name}", uploads.give)
        deeds = Deeds(self.state, self.acts)
        page = Page(self.state, deeds, self._closing, self._hints, Path(__file__).parent / "static")
        app.add_routes(page.routes())
        if self._control:
            app.add_routes(Control(self.gate, self.deliver.mishaps, self._clock.now).routes())
        return app

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL has to be."""
        return f"{self.url}/api/"

    @property
    def _way(self) -> Way:
        return self.link if self.state.manifest.socket_mode else self.caller

    def install(self, manifest: Mapping[str, Any]) -> None:
        """The app with another manifest, from now on."""
        self.state.manifest = read_manifest(manifest)
        self.deliver.way = self._way

    # what tests do

    def person(self, name: str) -> Actor:
        """Somebody to act as, by name or id."""
        for each in self.state.people.values():
            if name in (each.name, each.id):
                return Actor(self.state, self.acts, each.id)
        raise KeyError(f"nobody is called {name}; there are {[each.name for each in self.state.people.values()]}")

    def channel(self, name: str) -> Room:
        """A channel, by name or id; `inc-42…` is the one channel that begins so."""
        return Room.find(self.state, name)

    def fault(
        self, method: str, trouble: Trouble, times: int = 1, after: float = 30, code: str = "internal_error"
    ) -> None:
        """Trouble for the next calls of a method (`*`: any); what the troubles are stands at `Fault`."""
        self.gate.faults.append(Fault(trouble, method, times, after, code))

    def plan(self, *faults: Fault | Mishap) -> None:
        """What goes wrong from now on, instead of what was planned before: with calls (Fault) and with deliveries (Mishap)."""
        self.gate.faults = [each for each in faults if isinstance(each, Fault)]
        self.deliver.mishaps.plan = [each for each in faults if isinstance(each, Mishap)]

    def calls(self, method: str) -> list[Called]:
        """Every call of a method so far, also those that were refused or never answered."""
        return [called for called in self.state.calls if called.method == method]

    async def until(self, what: Callable[[], Any], seconds: float = 10) -> None:
        """Wait until `what()` is true: asked again at every change here, and 50 times a second for what changes elsewhere.

        seconds: real ones, since what we wait for is another program's work. Fails with the last ten changes.
        """
        try:
            async with asyncio.timeout(seconds):
                while not what():
                    await asyncio.wait({self.state.change()}, timeout=0.02)
        except TimeoutError:
            last = "\n  ".join(self._described(entry) for entry in self.state.journal[-10:])
            raise AssertionError(f"nothing like that within {seconds} s; the last changes were\n  {last}") from None

    async def quiet(self, seconds: float = 10) -> None:
        """Wait until the app has acked all that was sent, and every call has its answer."""
        await self.until(lambda: not self.deliver.under_way and all(each.status for each in self.state.calls), seconds)

    def _described(self, entry: Entry) -> str:
        message = self.state.messages.get(entry.id, {}).get(entry.ts) if entry.kind == "message" else None
        return f"{entry.kind} {entry.id} {message.text[:80] if message else ''}".rstrip()

    # who is there

    def add_person(self, person: Person) -> None:
        """Somebody new comes (team_join)."""
        self.state.people[person.id] = person
        rooms.person_changed(self.state, person.id, "team_join")

    def change_person(self, name: str, **changes: Any) -> None:
        """New values for fields of a Person (user_change), e.g. deleted=True."""
        person = self.state.people[self.person(name).id]
        for field, value in changes.items():
            setattr(person, field, value)
        rooms.person_changed(self.state, person.id)

    def add_group(self, group: Group) -> None:
        """A user group, new or changed."""
        event = "subteam_updated" if group.id in self.state.groups else "subteam_created"
        self.state.groups[group.id] = group
        rooms.group_changed(self.state, group, event)

    def add_channel(self, name: str, *members: str, private: bool = False) -> Room:
        """A channel that people have made; the first of them by name or id made it."""
        first, *others = [self.person(each).id for each in members]
        channel = rooms.create(self.state, name.removeprefix("#"), "private" if private else "public", first)
        for each in others:
            rooms.join(self.state, channel, each, first)
        return Room(self.state, channel.id)
