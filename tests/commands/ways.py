"""All real verbs behind the real edge and the real API, with handlers that only remember: no Slack, no database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from slack_bolt.async_app import AsyncBoltRequest

from bot.clock import KeptTasks
from bot.domain.organisation import Organisation
from bot.errors import BadInput
from bot.flows import tokens
from bot.flows.desk import Desk
from bot.ports import Form, Group, Json, Message, Person, Reply, Store, TokenRow
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.edge import Edge
from bot.slack.replies import Replies
from bot.text import t
from bot.workspace.blocks import texts
from commands import Ask, Command, Verb, registry
from runbooks.catalogue import Catalogue
from tests.bot.slack.edge.flows import Flows
from tests.bot.slack.stage import OneIncident
from tests.fakes import FakeClock, FakeIds

VERBS = registry.load()


def _form(verb: Command[Any]) -> Form | None:
    """What a verb asks for that is said without words."""
    try:
        return verb.form(verb.parse(""))
    except BadInput:
        return None


FORMS = {name: form for name, verb in VERBS.items() if (form := _form(verb))}
ROOM, HOOK = "C42", "https://hooks.slack.example/1"


class Directory(OneIncident):
    """One incident, its people, and the token of one of them."""

    now = 0

    def __init__(self) -> None:
        super().__init__()
        self.incident_now = replace(self.incident_now, channel=ROOM, people={"U0ANA": 0})
        self.directory = {id: Person(id, id[2:].capitalize(), "Europe/Lisbon") for id in ("U0ANA", "U0BEN", "U0LI")}
        self.tokens: dict[str, TokenRow] = {}

    async def save(self, rows: list[TokenRow]) -> None:
        self.tokens |= {row.id: row for row in rows}

    async def token(self, id: str) -> TokenRow | None:
        return self.tokens.get(id)

    async def groups(self) -> list[Group]:
        return []


@dataclass
class Allowing(Desk):
    """A desk on which everything is allowed but `denied`."""

    denied: str = ""

    async def may(self, person: str, permission: str, incident: int | None = None) -> bool:
        return permission != self.denied


class Whispers(Replies):
    """What one person is told, and the forms that are opened."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.views: list[Json] = []

    async def ephemeral(self, channel: str, person: str, message: Message, thread: str = "") -> None:
        self.told.append(message)

    async def direct(self, person: str, message: Message) -> None:
        self.told.append(message)

    async def respond(self, url: str, message: Message) -> None:
        self.told.append(message)

    async def form(self, trigger: str, view: Json) -> str:
        self.views.append(view)
        return "V1"

    async def change(self, view_id: str, view: Json) -> None:
        self.views.append(view)


@dataclass
class World:
    """reached: (verb, ask, args) of each handler that was called."""

    store: Directory = field(default_factory=Directory)
    clock: FakeClock = field(default_factory=FakeClock)
    tasks: KeptTasks = field(default_factory=KeptTasks)
    whispers: Whispers = field(default_factory=Whispers)
    reached: list[tuple[str, Ask, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        store = cast(Store, self.store)
        self.verbs = {name: self._remembering(verb) for name, verb in VERBS.items()}
        self.desk = Allowing(store, self.clock, FakeIds(), Organisation(), Catalogue(), {}, "here")
        client = SlackClient("xoxb-none", "http://127.0.0.1:9/api/", self.clock.monotonic)
        chat = SlackChat(client, self.clock, "T1")
        chat.echo.us = "U0BOT"
        self.edge = Edge(self.desk, self.verbs, Flows(), chat, self.whispers, self.tasks)
        self._count = 0

    def _remembering(self, verb: Command[Any]) -> Command[Any]:
        async def run(desk: Any, ask: Ask, args: Any) -> Reply:
            self.reached.append((verb.name, ask, args))
            return Reply((t("Reached."),))

        return cast(Command[Any], replace(cast(Verb[Any], verb), run=run))

    @property
    def last(self) -> tuple[str, int | None, str, Any]:
        """The last handler that was reached: verb, incident, the words that reached it, arguments."""
        name, ask, args = self.reached[-1]
        return name, ask.incident, ask.words, args

    def _id(self) -> str:
        self._count += 1
        return f"1.{self._count}"

    async def _send(self, body: Json) -> str:
        """Hand it in as Bolt does; the body of the acknowledgement, when all that came of it is done."""

        async def nothing() -> None:
            """Bolt's next middleware."""

        said = await self.edge.door(AsyncBoltRequest(body=dict(body), mode="socket_mode"), nothing)
        await self.clock.rest()
        assert said.status == 200
        return str(said.body)

    async def answer(self, line: str, channel: str = ROOM) -> str:
        """`/tocsin line`; the acknowledgement, "" if a form opens."""
        body = {"command": "/tocsin", "text": line, "trigger_id": self._id(), "user_id": "U0ANA", "channel_id": channel}
        return await self._send({**body, "response_url": HOOK, "channel_name": "inc-42"})

    async def command(self, line: str, channel: str = ROOM) -> str:
        """`/tocsin line`; what the person reads at once."""
        answer = await self.answer(line, channel)
        told = json.loads(answer) if answer else {"blocks": []}
        return "\n".join(text for block in told["blocks"] for text in texts(block))

    async def message(self, text: str, kind: str = "app_mention", **more: str) -> None:
        event = {"type": kind, "user": "U0ANA", "channel": ROOM, "ts": self._id(), "text": text, **more}
        await self._send({"type": "event_callback", "event_id": f"Ev{self._count}", "event": event})

    async def click(self, button: Json) -> None:
        """Use a button of a message; the form that it opens is the last of `whispers.views`."""
        body = {"type": "block_actions", "trigger_id": self._id(), "user": {"id": "U0ANA"}}
        body |= {"channel": {"id": ROOM, "name": "inc-42"}}
        await self._send({**body, "actions": [button], "response_url": HOOK})

    async def fill(self, view: Json, answers: Mapping[str, str]) -> str:
        """Send a form; the acknowledgement, "" if it is taken."""
        values = {name: {name: {"value": value}} for name, value in answers.items()}
        metadata = json.dumps({**json.loads(view["private_metadata"]), "i": 42, "c": ROOM})
        sent = {**view, "id": "V1", "private_metadata": metadata, "state": {"values": values}}
        return await self._send(
            {"type": "view_submission", "user": {"id": "U0ANA"}, "trigger_id": self._id(), "view": sent}
        )

    async def shortcut(self, callback: str, text: str) -> None:
        said = {"user": "U0BEN", "ts": self._id(), "text": text}
        body = {"type": "message_action", "callback_id": callback, "trigger_id": self._id(), "user": {"id": "U0ANA"}}
        await self._send({**body, "channel": {"id": ROOM}, "message": said, "response_url": HOOK})

    async def end(self) -> None:
        await self.tasks.stop()
        assert self.tasks.failures == []

    async def token(self) -> str:
        made, _ = await tokens.make(cast(Store, self.store), FakeIds(), Organisation().oncall, "U0ANA")
        return made
